"""What other registries say of their own units: projects, batches, spans of serials, accounts.

Every row is public and read-only: no row here is a balance of this register.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table, Text

from ledger.writer.kinds import Key, Kind
from ledger.writer.tables import CanonicalJSON, metadata

CONTRA = "@"
"""Opening balances, issues and the ends of units stand on accounts of this mark."""

registry_table = Table(
    "mirror_registry",
    metadata,
    Column("registry", String(40), primary_key=True),
    Column("index", BigInteger, nullable=False),
)

project_table = Table(
    "mirror_project",
    metadata,
    Column("registry", String(40), primary_key=True),
    Column("project", String(80), primary_key=True),
    Column("origin", String(8), nullable=False),
    Column("name", Text, nullable=False),
    Column("proponent", Text),
    Column("country", Text),
    Column("kinds", CanonicalJSON, nullable=False),
    Column("methodologies", CanonicalJSON, nullable=False),
    Column("status", Text),
    Column("programme", String(80)),
    Column("annual_estimate", BigInteger),
    Column("registered_on", String(10)),
    Column("period_from", String(10)),
    Column("period_to", String(10)),
    Column("index", BigInteger, nullable=False),
)

batch_table = Table(
    "mirror_batch",
    metadata,
    Column("registry", String(40), primary_key=True),
    Column("batch", String(200), primary_key=True),
    Column("project", String(80), nullable=False),
    Column("origin", String(8), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("vintage_from", String(10), nullable=False),
    Column("vintage_to", String(10), nullable=False),
    Column("period_from", String(10)),
    Column("period_to", String(10)),
    Column("issued_at", String(40), nullable=False),
    Column("quantity", BigInteger),
    Column("listed", BigInteger, nullable=False),
    Column("retired", BigInteger, nullable=False),
    Column("cancelled", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("retired + cancelled <= listed", name="ended_within_listed"),
    CheckConstraint("quantity IS NULL OR listed <= quantity", name="listed_within_issued"),
)
Index("ix_mirror_batch_project", batch_table.c.registry, batch_table.c.project)

span_table = Table(
    "mirror_span",
    metadata,
    Column("registry", String(40), primary_key=True),
    Column("scope", String(160), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("cell", BigInteger, nullable=False),
    Column("batch", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("act", String(80), nullable=False),
    CheckConstraint("last >= first", name="span_ordered"),
)
Index("ix_mirror_span_cell", span_table.c.scope, span_table.c.cell)
Index("ix_mirror_span_batch", span_table.c.registry, span_table.c.batch)

end_table = Table(
    "mirror_end",
    metadata,
    Column("act", String(80), primary_key=True),
    Column("registry", String(40), nullable=False),
    Column("batch", String(200), nullable=False),
    Column("fate", String(16), nullable=False),
    Column("serial", String(200), nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("ended_at", String(40)),
    Column("reason", Text),
    Column("index", BigInteger, nullable=False),
)
Index("ix_mirror_end_batch", end_table.c.registry, end_table.c.batch)

holding_table = Table(
    "mirror_holding",
    metadata,
    Column("asset", String(80), primary_key=True),
    Column("account", String(80), primary_key=True),
    Column("quantity", BigInteger, nullable=False),
)

transaction_table = Table(
    "mirror_transaction",
    metadata,
    Column("registry", String(40), primary_key=True),
    Column("transaction", String(80), primary_key=True),
    Column("stated_at", String(40), nullable=False),
    Column("type", String(20), nullable=False),
    Column("operation", String(40), nullable=False),
    Column("legs", Integer, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
)


def asset_of(registry: str, unit: str) -> str:
    """The name under which a unit type of a registry is counted."""
    return f"{registry}/{unit}"


def _contra(key: Key) -> bool:
    return str(key[1]).startswith(CONTRA)


REGISTRY = Kind("mirror_registry", registry_table, groups={"all": ()})
PROJECT = Kind("mirror_project", project_table)
BATCH = Kind("mirror_batch", batch_table)
SPAN = Kind(
    "mirror_span",
    span_table,
    groups={"cell": ("scope", "cell"), "batch": ("registry", "batch")},
)
END = Kind("mirror_end", end_table)
HOLDING = Kind(
    "mirror_holding",
    holding_table,
    deltas=("quantity",),
    conserved="asset",
    floor_free=_contra,
)
TRANSACTION = Kind("mirror_transaction", transaction_table)
KINDS = (REGISTRY, PROJECT, BATCH, SPAN, END, HOLDING, TRANSACTION)
