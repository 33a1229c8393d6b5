"""Tables of the facts room: what may be observed, and observations public and confidential.

A fact's value is ``value`` / 10 ** ``scale`` in ``unit``.  ``index`` is the entry that stated it
and ``until`` the entry that corrected it, so the facts known at a log size N are those with
``index`` < N whose ``until`` is absent or >= N.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, String, Table, Text

from ledger.writer.kinds import Kind, Row
from ledger.writer.tables import CanonicalJSON, metadata

PARTY, REGION, INSTRUMENT = "party", "region", "instrument"

indicator_table = Table(
    "indicator",
    metadata,
    Column("indicator", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("unit", String(60), nullable=False),
    Column("period", String(8), nullable=False),
    Column("subject", String(12), nullable=False),
    Column("circle", String(8), nullable=False),
    Column("publishers", CanonicalJSON, nullable=False),
    Column("dimensions", CanonicalJSON, nullable=False),
    Column("source", Text, nullable=False),
    Column("confidence", String(16), nullable=False),
    Column("index", BigInteger, nullable=False),
)


def _columns() -> list[Any]:
    return [
        Column("fact", String(60), primary_key=True),
        Column("index", BigInteger, nullable=False, index=True),
        Column("place", Integer, nullable=False),
        Column("indicator", String(40), nullable=False),
        Column("subject_kind", String(12), nullable=False),
        Column("subject", String(63), nullable=False, index=True),
        Column("start", String(10), nullable=False),
        Column("end", String(10), nullable=False),
        Column("dimensions", CanonicalJSON, nullable=False),
        Column("value", BigInteger, nullable=False),
        Column("scale", Integer, nullable=False),
        Column("unit", String(60), nullable=False),
        Column("source", Text, nullable=False),
        Column("confidence", String(16), nullable=False),
        Column("party", String(63), nullable=False),
        Column("role", String(16), nullable=False),
        Column("series", String(64), nullable=False, index=True),
        Column("first", String(60), nullable=False),  # the fact that began this line of corrections
        Column("corrects", String(60)),
        Column("until", BigInteger),
        CheckConstraint("scale >= 0", name="scale_natural"),
    ]


fact_table = Table("fact", metadata, *_columns())
private_fact_table = Table("private_fact", metadata, *_columns())


def _concerned(row: Row) -> tuple[str, ...]:
    """Who said it, and the party about which it was said."""
    about = (row["subject"],) if row["subject_kind"] == PARTY else ()
    return tuple(sorted({row["party"], *about}))


INDICATOR = Kind("indicator", indicator_table)
GROUPS = {"series": ("series",), "asked": ("subject", "indicator", "start", "end")}
FACT = Kind("fact", fact_table, groups=GROUPS)
PRIVATE_FACT = Kind("private_fact", private_fact_table, parties=_concerned, groups=GROUPS)
