"""Where a party stands: active, suspended, closed; and leaving for ever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.acts import note
from ledger.parties.models import KEY, PARTY
from ledger.parties.people_models import PARTY_MOVES, PartyState
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.versions import STANDING_OF_OTHERS

Body = Mapping[str, Any]
MAY_CLOSE = frozenset({"enterprise", "verifier"})
"""The authorities of a ledger are named in its genesis and stay."""


def need_open(context: Context, party: str) -> Row:
    """A party that has not left; raises Refusal ``party-unknown`` or ``party-closed``."""
    row = context.need(PARTY, party)
    if row["status"] == PartyState.CLOSED:
        raise Refusal("party-closed", party=party)
    return row


def suspend(context: Context, body: Body) -> None:
    """Stop a party's acts other than retirement.

    Raises Refusal ``standing-own`` and ``party-standing``.
    """
    if body["party"] == context.party and context.engine_version >= STANDING_OF_OTHERS:
        raise Refusal("standing-own", field="party", party=context.party)
    _stand(context, body, PartyState.SUSPENDED)
    context.emit("party-suspended", party=body["party"])


def reinstate(context: Context, body: Body) -> None:
    """Let a suspended party act again."""
    _stand(context, body, PartyState.ACTIVE)


def close(context: Context, body: Body) -> None:
    """账户注销: a party leaves for ever, and its keys stop.

    What it still has is asked of every room by the event ``party-closing``; a room that finds
    something refuses.  The statement is confidential, so that they may read private rows.
    Raises Refusal ``party-not-closable`` for an authority, ``party-standing``, and what the
    rooms raise.
    """
    row = context.need(PARTY, body["party"])
    if not set(row["roles"]) <= MAY_CLOSE:
        raise Refusal("party-not-closable", field="party", roles=row["roles"])
    _stand(context, body, PartyState.CLOSED)
    context.emit("party-closing", party=body["party"])
    for key in context.children(KEY, "party", body["party"]):
        signing = context.need(KEY, *key)
        if signing["until"] is None:
            context.put(KEY, {**signing, "until": context.index})


def _stand(context: Context, body: Body, after: PartyState) -> None:
    row = context.need(PARTY, body["party"])
    if after not in PARTY_MOVES[PartyState(row["status"])]:
        raise Refusal("party-standing", party=body["party"], status=row["status"])
    context.put(PARTY, {**row, "status": after})
    note(context, body["party"], body["document"])
