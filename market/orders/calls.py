"""The call auction (集合竞价): orders gather unmatched, then trade at one price.

A window begins with its first order, which puts the auction on record.  When its hours are over
the scheduler clears it before anything else is decided: at first the price is found over all open
orders of the instrument, those that rest from before among them, then so many fills are settled a
statement.  What is left waits in the continuous book, which the price leaves uncrossed, or for
the next call where the venue has no book.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.parties.parameters import business_date
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State
from ledger.writer.versions import CALLS_ON_TICK
from market import rules
from market.auctions.call import Bid, Candidates, Cleared, clear, fill
from market.calendar import instant_of, minute_of_day
from market.instruments.models import INSTRUMENT, InstrumentState
from market.matching.kinds import SelfTrade
from market.orders.entering import open_call
from market.orders.freezes import BUY, Returns, end_all, ended
from market.orders.live import books, turn
from market.orders.models import CALL, ORDER, CallState, OrderState
from market.orders.owners import linked
from market.orders.trading import Changes, Ground
from market.readers import CALL as BY_CALL
from market.sessions.models import OPEN, SESSION
from market.stops.standing import halted
from market.terms import Terms

Body = Mapping[str, Any]
FILLS_A_STEP = 500
"""Fills that one statement settles, so that no statement is longer than the writer can bear."""


@dataclass
class Plan:
    """What is left to settle of an auction, for its next step; follows from the rows alone."""

    ends_at: int
    step: int
    fills: list[tuple[str, str, int]]


def enter(context: Context, ground: Ground, row: Row, rule: SelfTrade) -> None:
    """Let an order that is frozen for wait for the call; own orders never face each other."""
    code = ground.instrument["instrument"]
    call = open_call(context, code) or _begun(context, ground)
    row = {**row, "call_at": call["ends_at"], "revision": row["revision"] + 1}
    facing = _facing(context, row)
    if facing and rule is not SelfTrade.NEWEST:
        end_all(context, facing, OrderState.PREVENTED)
    if facing and rule is not SelfTrade.OLDEST:
        returns = Returns(context)
        row = ended(row, OrderState.PREVENTED, returns)
        returns.post()
    if row["revision"] > 1:
        context.put(ORDER, row)
    else:
        context.insert(ORDER, row)


def _begun(context: Context, ground: Ground) -> Row:
    venue, day = ground.session["venue"], ground.session["date"]
    now = minute_of_day(context.at)
    periods = rules.hours(context, venue, BY_CALL)
    end = next(end for start, end in periods if start <= now < end)
    row = {
        "instrument": ground.instrument["instrument"],
        "ends_at": instant_of(day, end),
        "venue": venue,
        "date": day,
        "state": CallState.OPEN,
        "price_fen": None,
        **dict.fromkeys(("step", "volume", "surplus", "filled"), 0),
    }
    context.put(CALL, row)
    return row


def _facing(context: Context, row: Row) -> list[Row]:
    """Open orders of one owner that could trade with an order."""
    found = []
    for party in sorted(linked(context, row["party"])):
        for key in context.children(ORDER, "party", party, OrderState.OPEN):
            other = context.need(ORDER, *key)
            if other["instrument"] == row["instrument"] and other["side"] != row["side"]:
                bid, ask = (row, other) if row["side"] == BUY else (other, row)
                if bid["price_fen"] >= ask["price_fen"]:
                    found.append(other)
    return found


def due(state: State, at: int) -> Iterator[Due]:
    """The next step of each auction whose hours are over."""
    for row in state.overdue(CALL, at):
        body = {name: row[name] for name in ("instrument", "ends_at", "step")}
        item = f"{row['instrument']}/{row['ends_at']}/{row['step']}"
        yield Due(row["ends_at"], item, "call.clear", body)


def clear_step(context: Context, body: Body) -> None:
    """One step: find the price, if it is the first, and settle the next fills at it."""
    row = context.get(CALL, body["instrument"], body["ends_at"])
    if row is None or row["state"] != CallState.OPEN or row["step"] != body["step"]:
        raise Refusal("call-not-open", instrument=body["instrument"])
    if context.at < row["ends_at"]:
        raise Refusal("not-due", instrument=body["instrument"])
    instrument = context.need(INSTRUMENT, row["instrument"])
    session = context.get(SESSION, row["venue"], row["date"])
    listed = instrument["state"] == InstrumentState.LISTED
    today = row["date"] == business_date(context.at)
    stopped = not listed or halted(context, row["venue"])
    if session is None or session["state"] != OPEN or stopped or not today:
        void(context, row)
        return
    ground = Ground(instrument, session, rules.terms(context, instrument, BY_CALL))
    cleared, plan = _planned(context, ground, row)
    if cleared is not None:
        found = {"volume": cleared.volume, "surplus": cleared.surplus}
        row = {**row, "price_fen": cleared.price, **found}
    now, plan.fills = plan.fills[:FILLS_A_STEP], plan.fills[FILLS_A_STEP:]
    changes = Changes(context, ground)
    for buyer, seller, quantity in now:
        changes.fill(buyer, seller, row["price_fen"], quantity)
    changes.write({})
    plan.step += 1
    filled = row["filled"] + sum(quantity for _, _, quantity in now)
    state = CallState.OPEN if plan.fills else CallState.CLEARED
    context.put(CALL, {**row, "filled": filled, "step": plan.step, "state": state})


def _planned(context: Context, ground: Ground, row: Row) -> tuple[Cleared | None, Plan]:
    """The fills that are left, with the result where this is the first step.

    A plan that is lost, or that a rollback has outrun, is made anew: fills stand in the order
    of priority, so what is left of the orders gives what is left of the fills.
    """
    plans: dict[str, Plan] = books(context).plans
    plan = plans.get(row["instrument"])
    if plan is not None and (plan.ends_at, plan.step) == (row["ends_at"], row["step"]):
        return None, plan
    rows = sorted(context.gather(ORDER, "book", row["instrument"], OrderState.OPEN), key=turn)
    bids = [Bid(r["order"], r["side"] == BUY, r["price_fen"], r["remaining"]) for r in rows]
    cleared = None
    if row["step"]:
        fills = fill(bids, row["price_fen"])
    else:
        cleared = priced(context, ground.instrument, ground.terms, bids)
        fills = cleared.fills
    plan = plans[row["instrument"]] = Plan(row["ends_at"], row["step"], fills)
    return cleared, plan


def priced(context: Context, instrument: Row, terms: Terms, bids: Sequence[Bid]) -> Cleared:
    """What an auction of these orders gives, by the instrument's rules and reference price."""
    off_tick = context.engine_version < CALLS_ON_TICK
    rule = Candidates(terms.candidates)
    return clear(bids, instrument["reference_fen"], terms.tick_fen, rule, off_tick)


def void(context: Context, row: Row) -> None:
    """End an auction that will not be cleared, with the orders that it has gathered.

    They may cross, so none of them may rest.
    """
    gathered = context.gather(ORDER, "book", row["instrument"], OrderState.OPEN)
    own = sorted((r for r in gathered if r["call_at"] == row["ends_at"]), key=turn)
    end_all(context, own, OrderState.EXPIRED)
    context.put(CALL, {**row, "state": CallState.VOID})
