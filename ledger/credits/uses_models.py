"""Benefits that serials have brought already; public, so that a buyer can see what is spent.

Only what tells of nobody what was not public before: who made units and who retired them is known,
who holds them is not, so that the room above keeps the use of a holding behind the leaf.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, String, Table

from ledger.writer.kinds import Kind
from ledger.writer.tables import metadata


class Benefit(StrEnum):
    """What a benefit is given for: each of the three once a unit."""

    GENERATION = "generation"
    HOLDING = "holding"
    RETIREMENT = "retirement"


PUBLIC = frozenset({Benefit.GENERATION, Benefit.RETIREMENT})
"""Whose use is noted here."""


class UseState(StrEnum):
    """Whether a use is taken, or was given back because the benefit was."""

    TAKEN = "taken"
    RELEASED = "released"


use_table = Table(
    "serial_use",
    metadata,
    Column("batch", String(80), primary_key=True),
    Column("benefit", String(12), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("state", String(10), nullable=False),
    CheckConstraint("first >= 1 AND last >= first", name="use_ordered"),
    CheckConstraint("benefit <> 'holding'", name="use_tells_no_holder"),
)

SERIAL_USE = Kind("serial_use", use_table, groups={"taken": ("batch", "benefit", "state")})
"""``index`` is the entry that took the use.  Who held the units then is not told."""
