"""Who may sign: keys at their index, roles, suspension, four eyes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from ledger.parties.four_eyes import check_four_eyes
from ledger.parties.models import KEY, LEDGER, PARTY
from ledger.parties.people_models import PartyState
from ledger.parties.staff import refuse_staff
from ledger.statements.envelope import Payload
from ledger.statements.types import StatementType
from ledger.writer.context import Context, Signer
from ledger.writer.errors import NotAuthenticated, Refusal
from ledger.writer.state import State

GENESIS = "ledger.genesis"
SUSPENDED_MAY = frozenset({"credit.retire", "duty.discharge", "consent.withdraw"})
"""A suspended party may still retire (RELIABILITY.md §2.3: surrender stayed open in 2011), replace
what it owes, and stop others from reading."""


def authority(
    state: State, payload: Payload, declared: StatementType, at: int, index: int
) -> tuple[Signer, ...]:
    """The signers of a statement as the key register knows them at ``index``.

    Raises NotAuthenticated where a key is unknown, another party's, or revoked.
    """
    if declared.name == GENESIS and index == 0 and payload.party == "operator":
        return tuple(Signer(key, "operator", "operator") for key in payload.keys)
    if state.get(LEDGER, payload.ledger) is None:
        raise NotAuthenticated("ledger-other", ledger=payload.ledger)
    signers = []
    for key in payload.keys:
        row = state.get(KEY, key)
        if row is None or row["party"] != payload.party:
            raise NotAuthenticated("key-unknown", key=key)
        if row["until"] is not None and row["until"] <= index:
            raise NotAuthenticated("key-revoked", key=key, index=row["until"])
        signers.append(Signer(key, row["operator"], row["person"]))
    return tuple(signers)


def admission(context: Context, declared: StatementType, body: Mapping[str, Any]) -> None:
    """Refuse an authenticated statement that its author may not make.

    A rehearsal goes on where the author is the right one and something else is in the way; to
    anybody else no further rule is told, since what it says could be another's secret.
    """
    if declared.name == GENESIS:
        return
    party = context.need(PARTY, context.party)
    if party["status"] == PartyState.CLOSED:
        raise Refusal("party-closed", party=context.party)
    if party["status"] != PartyState.ACTIVE and declared.name not in SUSPENDED_MAY:
        context.fault("party-suspended", party=context.party)
    if not set(declared.signers) & set(party["roles"]):
        raise Refusal("role-not-allowed", roles=party["roles"], needed=list(declared.signers))
    check_four_eyes(context, declared, body)
    if declared.trades:
        refuse_staff(context)


def engine_version(state: State, ledger: str) -> int:
    """The engine version of a ledger, which before genesis is the first."""
    row = state.get(LEDGER, ledger)
    return 1 if row is None else int(row["engine"])


def public_key(state: State, key: str) -> bytes | None:
    """The raw public key of a key id, whether or not it is still valid."""
    row = state.get(KEY, key)
    return None if row is None else bytes.fromhex(row["public"])


def stored_public_keys(connection: Connection) -> dict[str, bytes]:
    """Every registered key by id, as raw public key; for checking signatures before a replay."""
    rows = connection.execute(select(KEY.table.c.key, KEY.table.c.public))
    return {row.key: bytes.fromhex(row.public) for row in rows}
