"""What every trade method asks of an order: may this party, by this method, here and now?

Each check refuses; in a rehearsal it notes the rule and lets the next one judge.
"""

from __future__ import annotations

from collections.abc import Iterable

from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.versions import HOURS_TOLD
from market.calendar import clock, minute_of_day, spelled
from market.instruments.models import INSTRUMENT, VENUE, InstrumentState
from market.rules import check_method, hours
from market.sessions.models import SESSION
from market.stops.standing import check_barred, check_halted
from market.terms import Fault, Terms


def tradable(context: Context, code: str, method: str) -> tuple[Row, Row]:
    """The instrument and today's open session.

    Raises Refusal ``instrument-unknown``, ``instrument-state``, ``method-not-open``,
    ``legal-basis-missing``, ``venue-halted``, ``session-closed`` or ``outside-hours``.
    """
    instrument = context.need(INSTRUMENT, code)
    if instrument["state"] != InstrumentState.LISTED:
        context.fault("instrument-state", instrument=code, state=instrument["state"])
    try:
        check_method(context, instrument["venue"], method)
    except Refusal as refusal:
        context.fault(refusal.code, **refusal.params)
    check_halted(context, instrument["venue"])
    return instrument, _session(context, instrument["venue"], method)


def _session(context: Context, code: str, method: str) -> Row:
    """Today's open session within the method's hours; a rehearsal may go on without one."""
    venue, day = context.need(VENUE, code), business_date(context.at)
    now = minute_of_day(context.at)
    if venue["session"] != day:
        context.fault("session-closed", venue=code, date=day)
        return {"venue": code, "date": day, "number": venue["sessions"] + 1}
    periods = hours(context, code, method)
    if not any(start <= now < end for start, end in periods):
        told = context.engine_version >= HOURS_TOLD
        more = {"time": clock(now), "hours": spelled(periods)} if told else {}
        context.fault("outside-hours", venue=code, minute=now, **more)
    return context.need(SESSION, code, day)


def may_trade(context: Context, terms: Terms) -> None:
    """Raise Refusal ``trader-not-eligible`` for an author whom the rules do not let trade.

    And ``party-barred`` for one whom supervision has barred.
    """
    if not terms.eligible & set(context.need(PARTY, context.party)["roles"]):
        context.fault("trader-not-eligible", eligible=sorted(terms.eligible))
    check_barred(context)


def judge(context: Context, faults: Iterable[Fault]) -> None:
    """Refuse for the first fault."""
    for fault in faults:
        context.fault(fault.code, **fault.params)
