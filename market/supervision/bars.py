"""The kill switch of a party: barred from trading on a day, and let in again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.parties.parameters import business_date, midnight
from ledger.parties.standing import need_open
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State
from ledger.writer.versions import BARS_ONCE
from market.stops.models import BAR, BAR_MOVES, OVER, RUNS, BarState
from market.supervision.authority import supervises

Body = Mapping[str, Any]


def bar(context: Context, body: Body) -> None:
    """Bar a party; what it has in the books ends when the bar begins.

    Raises Refusal ``bar-period`` for days that are past or in the wrong order, ``bar-no-trader``
    for a party that does not trade, and ``bar-stated`` where the author's same document has barred
    it for the same days: to lift one of two would let nobody in.
    """
    roles = need_open(context, body["party"])["roles"]
    if "enterprise" not in roles:
        raise Refusal("bar-no-trader", field="party", roles=roles)
    today = business_date(context.at)
    since, until = body.get("since", today), body.get("until")
    if since < today or (until is not None and until < since):
        raise Refusal("bar-period", field="since" if since < today else "until", today=today)
    _check_new(context, body, since, until)
    row = {
        "bar": context.id,
        "party": body["party"],
        "author": context.party,
        "since": since,
        "until": until,
        "state": BarState.WAITING,
        "clock": RUNS,
        "turns_at": midnight(since),
        "reason": body["reason"],
        "document": body["document"],
        "index": context.index,
    }
    if since == today:
        context.create(BAR, _begun(row))
        context.emit("party-barred", party=row["party"])
    else:
        context.create(BAR, row)


def _check_new(context: Context, body: Body, since: str, until: str | None) -> None:
    if context.engine_version < BARS_ONCE:
        return
    asked = (context.party, body["document"], since, until)
    for row in context.members(BAR, "party", body["party"], RUNS):
        if (row["author"], row["document"], row["since"], row["until"]) == asked:
            told = {"bar": row["bar"], "index": row["index"]}
            raise Refusal("bar-stated", field="document", **told)


def unbar(context: Context, body: Body) -> None:
    """Lift a bar: whoever stated it, or the regulator.  Raises Refusal ``bar-over``."""
    row = context.need(BAR, body["bar"])
    if not supervises(context, row["author"]):
        raise Refusal("trading-bar-unknown", key=body["bar"])
    _end(context, row, BarState.LIFTED)


def turn(context: Context, body: Body) -> None:
    """The scheduler begins a bar on its first day and ends it after its last."""
    row = context.need(BAR, body["bar"])
    if row["clock"] != RUNS or row["turns_at"] is None or context.at < row["turns_at"]:
        raise Refusal("not-due", bar=row["bar"])
    if row["state"] == BarState.WAITING:
        context.put(BAR, _begun(row))
        context.emit("party-barred", party=row["party"])
    else:
        _end(context, row, BarState.LAPSED)


def due(state: State, at: int) -> Iterator[Due]:
    """Bars that begin or end; only a holder of all sees them."""
    for row in state.overdue(BAR, at):
        item = f"{row['bar']}/{row['state']}"
        yield Due(row["turns_at"], item, "trading.bar-turn", {"bar": row["bar"]})


def _begun(row: Row) -> Row:
    until = row["until"]
    turns_at = None if until is None else midnight(until, 1)
    return {**row, "state": BarState.STANDING, "turns_at": turns_at}


def _end(context: Context, row: Row, state: BarState) -> None:
    if state not in BAR_MOVES[row["state"]]:
        raise Refusal("bar-over", field="bar", state=row["state"])
    context.put(BAR, {**row, "state": state, "clock": OVER, "turns_at": None})
