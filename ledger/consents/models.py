"""Consents; each concerns who gave it and who may read."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Column, Index, String, Table

from ledger.writer.kinds import Falls, Kind, Row
from ledger.writer.tables import CanonicalJSON, metadata


class ConsentState(StrEnum):
    """A consent ends once: by its giver, or by its last day."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


CONSENT_MOVES: dict[ConsentState, frozenset[ConsentState]] = {
    ConsentState.GIVEN: frozenset({ConsentState.WITHDRAWN, ConsentState.LAPSED}),
    ConsentState.WITHDRAWN: frozenset(),
    ConsentState.LAPSED: frozenset(),
}

consent_table = Table(
    "consent",
    metadata,
    Column("consent", String(80), primary_key=True),
    Column("giver", String(63), nullable=False, index=True),
    Column("reader", String(63), nullable=False, index=True),
    Column("purpose", String(40), nullable=False),
    Column("scope", CanonicalJSON, nullable=False),
    Column("until", String(10), nullable=False),
    Column("until_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("salt", String(32), nullable=False),
    Column("index", BigInteger, nullable=False),
)
Index("ix_consent_state_until_at", consent_table.c.state, consent_table.c.until_at)


def _both(row: Row) -> tuple[str, ...]:
    return (row["giver"], row["reader"])


CONSENT = Kind(
    "consent",
    consent_table,
    parties=_both,
    groups={"giver": ("giver", "state")},
    falls=Falls("until_at", "state", ConsentState.GIVEN.value),
)
