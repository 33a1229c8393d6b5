"""Who has taken a project's place of owner from whom, and by which document."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from ledger.writer.kinds import Kind
from ledger.writer.tables import metadata

succession_table = Table(
    "succession",
    metadata,
    Column("succession", String(80), primary_key=True),
    Column("project", String(40), nullable=False),
    Column("predecessor", String(63), nullable=False),
    Column("successor", String(63), nullable=False),
    Column("ground", String(16), nullable=False),
    Column("document", Text, nullable=False),
    Column("index", BigInteger, nullable=False),
)
Index("ix_succession_project", succession_table.c.project)

SUCCESSION = Kind("succession", succession_table, groups={"project": ("project",)})
