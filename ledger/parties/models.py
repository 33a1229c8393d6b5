"""Tables and kinds of the parties room: the ledger itself, parties, keys, dated parameters."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, String, Table, Text

from ledger.writer.kinds import Kind
from ledger.writer.tables import CanonicalJSON, metadata

ledger_table = Table(
    "ledger",
    metadata,
    Column("origin", String(200), primary_key=True),
    Column("log_key", String(200), nullable=False),
    Column("scheduler_key", String(32), nullable=False),
    Column("engine", Integer, nullable=False),
)

party_table = Table(
    "party",
    metadata,
    Column("party", String(63), primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("uscc", String(18)),
    Column("region", String(6)),
    Column("roles", CanonicalJSON, nullable=False),
    Column("status", String(16), nullable=False),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("status IN ('active', 'suspended', 'closed')", name="status_known"),
)

uscc_table = Table(
    "uscc_holder",
    metadata,
    Column("uscc", String(18), primary_key=True),
    Column("party", String(63), nullable=False),
)

key_table = Table(
    "signing_key",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("party", String(63), nullable=False, index=True),
    Column("operator", String(63), nullable=False),
    Column("person", String(63), nullable=False, index=True),
    Column("public", String(64), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),
)

person_table = Table(
    "person",
    metadata,
    Column("person", String(63), primary_key=True),
    Column("staff_of", String(63)),
)

parameter_table = Table(
    "parameter",
    metadata,
    Column("code", String(63), primary_key=True),
    Column("valid_from", String(10), primary_key=True),
    Column("value", Text, nullable=False),
    Column("unit", String(63), nullable=False),
    Column("source", Text, nullable=False),
    Column("confidence", String(16), nullable=False),
    Column("index", BigInteger, nullable=False),
)

region_table = Table(
    "region",
    metadata,
    Column("code", String(6), primary_key=True),
    Column("valid_from", String(10), primary_key=True),
    Column("valid_to", String(10)),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("source", Text, nullable=False),
    Column("confidence", String(16), nullable=False),
    Column("index", BigInteger, nullable=False),
)

LEDGER = Kind("ledger", ledger_table)
PARTY = Kind("party", party_table)
USCC = Kind("uscc_holder", uscc_table)
KEY = Kind("signing_key", key_table, groups={"party": ("party",), "person": ("person",)})
PERSON = Kind("person", person_table)
PARAMETER = Kind("parameter", parameter_table, groups={"code": ("code",)})
REGION = Kind("region", region_table, groups={"code": ("code",)})
