"""What every step of a grant has in common: its place, its people, its term.

Nobody reviews their own: whoever signed one step of a grant signs no other that checks it, and
nobody who acts or speaks for the applicant signs for an authority.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from incentives.grants.models import GRANT, GRANT_MOVES, Clock, GrantState
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date, midnight, whole
from ledger.parties.people_models import AUTHORISED
from ledger.parties.staff import holders
from ledger.parties.working_days import working_days
from ledger.writer.context import Context, people
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.moves import check_move
from ledger.writer.versions import STEPS_DATED

TERMS = {
    GrantState.APPLIED: "grant-review-working-days",
    GrantState.REVIEWED: "grant-opinion-working-days",
    GrantState.SUPPORTED: "grant-notice-open-working-days",
    GrantState.NOTICED: "grant-notice-working-days",
    GrantState.HEARD: "grant-decision-working-days",
    GrantState.GRANTED: "grant-payment-working-days",
    GrantState.PAID: "grant-assessment-working-days",
}
"""What the next step may take, by the state in which it is waited for."""


def move(context: Context, row: Row, after: GrantState, **more: object) -> Row:
    """Take a grant to its next state and set its term; raises Refusal ``grant-state``."""
    check_move(context, "grant-state", GRANT_MOVES, GrantState(row["state"]), after)
    moved = {
        **row,
        "state": after,
        **term(context, after),
        "steps": [*row["steps"], taken(context, after)],
        **more,
    }
    context.put(GRANT, moved)
    return moved


def taken(context: Context, step: StrEnum) -> Row:
    """A step of a grant or a case as it is kept: which, by which entry, signed by whom, and when.

    The day has been kept since the fourth version.
    """
    kept = {"step": step, "index": context.index, "persons": sorted(people(context.signers))}
    dated = context.engine_version >= STEPS_DATED
    return {**kept, "on": business_date(context.at)} if dated else kept


def check_follows(context: Context, row: Row, step: StrEnum, field: str, day: str) -> None:
    """Refuse with ``before-step`` a day that lies before the newest such step of a grant or case.

    Steps of a time when no day was kept refuse nothing.
    """
    days = [taken["on"] for taken in row["steps"] if taken["step"] == step and "on" in taken]
    if days and day < days[-1]:
        context.fault("before-step", field=field, step=step, first=days[-1])


def term(context: Context, state: GrantState) -> Row:
    """``due_at`` and ``clock`` of a state: the end of its last working day in Shanghai."""
    if state not in TERMS:
        return {"due_at": None, "clock": Clock.STOPPED}
    last = last_day(context, TERMS[state], today_counts=state is GrantState.NOTICED)
    return {"due_at": midnight(last.isoformat(), 1), "clock": Clock.RUNNING}


def last_day(context: Context, code: str, *, today_counts: bool = False) -> date:
    """The last of so many working days as a parameter says; notices count their first day."""
    today = date.fromisoformat(business_date(context.at))
    days = working_days(context)
    count = whole(context, code)
    return days.last(today, count) if today_counts else days.after(today, count)


def check_people(context: Context, row: Row, *apart_from: GrantState) -> None:
    """Refuse signers who are the applicant's, or who signed a step that this one checks.

    Raises Refusal ``own-grant`` or ``signed-before``.
    """
    signing = people(context.signers)
    if context.party == row["applicant"] or signing & close_to(context, row["applicant"]):
        context.fault("own-grant")
    for step in row["steps"]:
        if step["step"] in apart_from and signing & set(step["persons"]):
            context.fault("signed-before", step=step["step"], index=step["index"])


def close_to(context: Context, party: str) -> set[str]:
    """Who holds a key of a party or speaks for it."""
    speaks = context.get(AUTHORISED, party)
    return holders(context, party) | ({speaks["person"]} if speaks else set())


def of_author(context: Context, grant: str, *sides: str) -> Row:
    """A grant in which the author has one of some sides; of others' not even its being is told."""
    row = context.get(GRANT, grant)
    if row is None or context.party not in [row[side] for side in sides]:
        raise Refusal("grant-unknown", field="grant", key=grant)
    return row


def roles_of(context: Context, party: str) -> list[str]:
    """The roles of a party; raises Refusal ``party-unknown``."""
    roles: list[str] = context.need(PARTY, party)["roles"]
    return roles
