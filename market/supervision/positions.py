"""Large-position reports (大户报告): who is asked, by when, and the answer.

A position is what a party holds of one class and vintage on all its accounts, whatever state the
units are in, without what was issued to it: an owner has not bought its own credits.  It is large
above a stated quantity, or above a stated share of all living units of that class and vintage.
Without a stated threshold, or without a stated time to answer, nobody is asked.  What was reported
is not asked again until the position has grown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from ledger.accounts.models import BALANCE, BUCKETS, owner
from ledger.credits.models import BATCH
from ledger.parties.parameters import business_date, in_force
from ledger.parties.working_days import working_days
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State
from market.supervision.authority import operator_of
from market.supervision.limits import LARGE_DAYS, LARGE_PERCENT, LARGE_QUANTITY, stated
from market.supervision.models import DONE, POSITION_CHECK, POSITION_DUTY, WAITING, ReportState

Body = Mapping[str, Any]
Vintage = tuple[str, int]


def session_closed(context: Context, event: Body) -> None:
    """Positions are looked at once a session, where a threshold is stated; decided publicly."""
    if not _asked(context):
        return
    row = {"venue": event["venue"], "date": event["date"]}
    context.put(POSITION_CHECK, {**row, "state": WAITING, "at": context.at})


def due(state: State, at: int) -> Iterator[Due]:
    """Checks that wait."""
    for row in state.overdue(POSITION_CHECK, at):
        body = {"venue": row["venue"], "date": row["date"]}
        yield Due(row["at"], f"{row['venue']}/{row['date']}", "position.check", body)


def check(context: Context, body: Body) -> None:
    """The scheduler asks every party with a large position for a report."""
    row = context.need(POSITION_CHECK, body["venue"], body["date"])
    if row["state"] != WAITING:
        raise Refusal("not-due", venue=row["venue"], date=row["date"])
    context.put(POSITION_CHECK, {**row, "state": DONE})
    if not _asked(context):
        return  # the threshold was taken back between the close and now
    quantity, share = stated(context, LARGE_QUANTITY), stated(context, LARGE_PERCENT)
    deadline = _deadline(context)
    living, held = _holdings(context)
    operator, number = operator_of(context, row["venue"]), 0
    for (party, vintage), units in sorted(held.items()):
        if _large(units, living[vintage], quantity, share) and not _told(
            context, party, vintage, units
        ):
            number += 1
            told = {"date": row["date"], "held": units, "living": living[vintage]}
            duty = {**told, "duty": f"{context.id}/{number}", "deadline": deadline}
            _ask(context, duty, party, operator, vintage)


def report(context: Context, body: Body) -> None:
    """The party answers, in time or late; raises Refusal ``position-reported``."""
    row = context.get(POSITION_DUTY, body["duty"])
    if row is None or row["party"] != context.party:
        raise Refusal("position-duty-unknown", key=body["duty"])
    if row["state"] != ReportState.OPEN:
        raise Refusal("position-reported", field="duty", state=row["state"])
    answer = {name: body[name] for name in ("purpose", "funding")}
    context.put(POSITION_DUTY, {**row, **answer, "state": ReportState.REPORTED})


def _asked(context: Context) -> bool:
    limits = (in_force(context, LARGE_QUANTITY), in_force(context, LARGE_PERCENT))
    return in_force(context, LARGE_DAYS) is not None and any(limits)


def _deadline(context: Context) -> str:
    today = date.fromisoformat(business_date(context.at))
    return working_days(context).after(today, stated(context, LARGE_DAYS)).isoformat()


def _holdings(context: Context) -> tuple[dict[Vintage, int], dict[tuple[str, Vintage], int]]:
    """Living units by class and vintage, and what each party holds that was not issued to it."""
    living: dict[Vintage, int] = defaultdict(int)
    held: dict[tuple[str, Vintage], int] = defaultdict(int)
    for account, asset in context.children(BALANCE, "all"):
        batch, party = context.get(BATCH, asset), owner(account)
        if batch is None or not party:
            continue
        row = context.need(BALANCE, account, asset)
        units = sum(row[bucket] for bucket in BUCKETS)
        vintage = (batch["class"], batch["vintage"])
        living[vintage] += units
        if units and batch["owner"] != party:
            held[party, vintage] += units
    return living, held


def _large(units: int, living: int, quantity: int | None, share: Fraction | None) -> bool:
    over = quantity is not None and units > quantity
    return over or (share is not None and units > share * living)


def _told(context: Context, party: str, vintage: Vintage, units: int) -> bool:
    """Whether the party is asked already, or has reported as much."""
    rows = context.members(POSITION_DUTY, "party", party)
    same = [row for row in rows if (row["class"], row["vintage"]) == vintage]
    return any(row["state"] == ReportState.OPEN or row["held"] >= units for row in same)


def _ask(context: Context, duty: Row, party: str, operator: str, vintage: Vintage) -> None:
    row = {"party": party, "operator": operator, "class": vintage[0], "vintage": vintage[1]}
    blank = {"state": ReportState.OPEN, "purpose": None, "funding": None}
    context.create(POSITION_DUTY, {**duty, **row, **blank, "index": context.index})
