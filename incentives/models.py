"""The rules on the record, each text with the day from which it holds; all public."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table, Text

from ledger.writer.kinds import Kind
from ledger.writer.tables import metadata

rule_table = Table(
    "incentive_rule",
    metadata,
    Column("rule", String(63), primary_key=True),
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("valid_from", String(10), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("title", Text, nullable=False),
    Column("title_en", Text),
    Column("region", String(6), nullable=False),
    Column("grantor", Text, nullable=False),
    Column("review", String(12), nullable=False),
    Column("document", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("golden", Text, nullable=False),
    Column("party", String(63), nullable=False),
    Column("approved", BigInteger),
    Column("approved_by", String(63)),
    Column("approval", Text),
)

RULE = Kind("incentive_rule", rule_table, groups={"rule": ("rule",), "all": ()})
"""``approved`` is the entry from which a text holds: its own, or the one of the finance bureau.
``approval`` is the document of that bureau."""
