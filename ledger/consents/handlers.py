"""Giving consent, taking it back, and its end by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.consents.models import CONSENT, CONSENT_MOVES, ConsentState
from ledger.parties.models import PARTY
from ledger.parties.parameters import midnight
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State
from ledger.writer.versions import CONSENTS_END

Body = Mapping[str, Any]
READERS = frozenset({"bank", "verifier"})
"""Who may be let in (DESIGN.md §3): the regulator supervises, and enterprises are rivals."""
LAPSE = "consent.lapse"


def give(context: Context, body: Body) -> None:
    """Let a party read from now on; raises Refusal ``consent-reader`` or ``consent-until-past``."""
    reader = context.need(PARTY, body["reader"])
    if not READERS & set(reader["roles"]) or reader["status"] != "active":
        raise Refusal("consent-reader", field="reader", party=body["reader"])
    until_at = midnight(body["until"], 1)
    if until_at <= context.at:
        raise Refusal("consent-until-past", field="until")
    context.create(
        CONSENT,
        {
            "consent": context.id,
            "giver": context.party,
            "reader": body["reader"],
            "purpose": body["purpose"],
            "scope": sorted(set(body["scope"])),
            "until": body["until"],
            "until_at": until_at,
            "state": ConsentState.GIVEN,
            "salt": context.salt,
            "index": context.index,
        },
    )


def withdraw(context: Context, body: Body) -> None:
    """The giver takes a consent back; raises Refusal ``consent-unknown``, ``consent-closed``."""
    row = context.need(CONSENT, body["consent"])
    if row["giver"] != context.party:
        raise Refusal("consent-unknown", key=body["consent"])
    _move(context, row, ConsentState.WITHDRAWN)


def lapse(context: Context, body: Body) -> None:
    """The last day is over; raises Refusal ``not-due`` before that."""
    row = context.need(CONSENT, body["consent"])
    if context.at < row["until_at"]:
        raise Refusal("not-due", consent=body["consent"])
    _move(context, row, ConsentState.LAPSED)


def giver_left(context: Context, event: Body) -> None:
    """Who leaves can withdraw nothing any more: what it had given ends with it."""
    if context.engine_version >= CONSENTS_END:
        for row in context.members(CONSENT, "giver", event["party"], ConsentState.GIVEN):
            _move(context, row, ConsentState.WITHDRAWN)


def due(state: State, at: int) -> Iterator[Due]:
    """The consents whose last day is over."""
    for row in state.overdue(CONSENT, at):
        yield Due(row["until_at"], row["consent"], LAPSE, {"consent": row["consent"]})


def _move(context: Context, row: Row, after: ConsentState) -> None:
    before = ConsentState(row["state"])
    if after not in CONSENT_MOVES[before]:
        raise Refusal("consent-closed", consent=row["consent"], state=before)
    # The reader's part is salted from what its giver said: nobody else can guess it.
    context.concern(row["giver"], row["salt"])
    context.put(CONSENT, {**row, "state": after})
