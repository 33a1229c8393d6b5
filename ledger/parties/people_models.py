"""Tables and kinds of admission and people: agreements, approvals, operators, what happened."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from ledger.writer.kinds import Kind
from ledger.writer.tables import CanonicalJSON, metadata


class PartyState(StrEnum):
    """Where a party stands; a closed one is closed for ever."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


PARTY_MOVES: dict[PartyState, frozenset[PartyState]] = {
    PartyState.ACTIVE: frozenset({PartyState.SUSPENDED, PartyState.CLOSED}),
    PartyState.SUSPENDED: frozenset({PartyState.ACTIVE}),
    PartyState.CLOSED: frozenset(),
}
"""A suspended party is not closed: it would slip out of what it was suspended for."""

agreement_table = Table(
    "party_agreement",
    metadata,
    Column("party", String(63), primary_key=True),
    Column("document", String(120), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("covers", CanonicalJSON, nullable=False),
    Column("signed_on", String(10), nullable=False),
    Column("index", BigInteger, nullable=False),
)

approval_table = Table(
    "verifier_approval",
    metadata,
    Column("party", String(63), primary_key=True),
    Column("document", String(120), primary_key=True),
    Column("domains", CanonicalJSON, nullable=False),
    Column("methodologies", CanonicalJSON, nullable=False),
    Column("valid_from", String(10), nullable=False),
    Column("valid_to", String(10), nullable=False),
    Column("ended_by", String(120)),  # the document that ended it early
    Column("ended", BigInteger),  # the entry that did
    Column("index", BigInteger, nullable=False),
)

operator_table = Table(
    "party_operator",
    metadata,
    Column("party", String(63), primary_key=True),
    Column("operator", String(63), primary_key=True),
    Column("person", String(63), nullable=False),
    Column("role", String(8)),
    Column("index", BigInteger, nullable=False),
)

authorised_table = Table(
    "party_authorised",
    metadata,
    Column("party", String(63), primary_key=True),
    Column("person", String(63), nullable=False),
    Column("document", String(120), nullable=False),
    Column("since", String(10), nullable=False),
    Column("index", BigInteger, nullable=False),
)

act_table = Table(
    "party_act",
    metadata,
    Column("party", String(63), primary_key=True),
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("type", String(63), nullable=False),
    Column("document", Text),
    Column("detail", CanonicalJSON, nullable=False),
    Column("at", BigInteger, nullable=False),
)

AGREEMENT = Kind("party_agreement", agreement_table, groups={"party": ("party",)})
APPROVAL = Kind("verifier_approval", approval_table, groups={"party": ("party",)})
OPERATOR = Kind("party_operator", operator_table, groups={"party": ("party",)})
AUTHORISED = Kind("party_authorised", authorised_table)
ACT = Kind("party_act", act_table, groups={"type": ("party", "type")})

KINDS = (AGREEMENT, APPROVAL, OPERATOR, AUTHORISED, ACT)
