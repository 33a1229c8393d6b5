"""撤回审定意见, 撤回核查意见: a body takes back what it stated, wholly or in part.

Sourced (Order 31 of 2023): a project is registered on a validation, reductions are registered in
the verified quantity (Art. 13-15, 20-22), and whoever got units by false papers cancels as many
(Art. 42-45).  That an opinion may be withdrawn, and what follows at each step, no source says: it
is our design (decision 15).  A project that is not registered goes back to its submission; one that
is keeps its registration and brings nothing more until another validation stands, or the registrar
ends it by 项目注销; one that is over stays over.  A report that brought no credits yet goes back to
its submission as well; what was issued is for the rooms above.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.projects.handlers import move_project, move_report
from ledger.projects.models import (
    PROJECT,
    REPORT,
    REPORT_MOVES,
    ProjectState,
    ReportState,
)
from ledger.projects.steps import PROJECTS, REPORTS, end_application, end_with_project
from ledger.projects.withdrawal_models import WITHDRAWAL
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.moves import check_move, wrong_state
from ledger.writer.versions import OPINION_ANEW

Body = Mapping[str, Any]
MOVES = {
    ProjectState.VALIDATED: ProjectState.SUBMITTED,
    ProjectState.REGISTERED: ProjectState.SUSPENDED,
}
OVER = frozenset({ProjectState.DEREGISTERED, ProjectState.MOVED})


def withdraw_validation(context: Context, body: Body) -> None:
    """撤回审定意见: by the body whose opinion stands.

    Raises Refusal ``project-state`` where no positive opinion bears the project, and
    ``verifier-differs`` where it is another body's, or has been withdrawn already.
    """
    row = context.need(PROJECT, body["project"])
    before = ProjectState(row["state"])
    if before not in MOVES and before not in OVER:
        needs, name = [*MOVES, *sorted(OVER)], row["project"]
        raise wrong_state(context, "project-state", before, needs, "withdrawn", project=name)
    if row["validator"] != context.party:
        raise Refusal("verifier-differs", project=row["project"])
    if before in OVER:
        context.put(PROJECT, {**row, "validator": None})
    else:
        move_project(context, row, MOVES[before], validator=None)
    end_application(context, PROJECTS, row["project"], body["reason"])
    end_with_project(context, row["project"], body["reason"])
    _note(context, PROJECTS, row["project"], body["reason"], None)
    context.emit(
        "validation-withdrawn",
        project=row["project"],
        verifier=context.party,
        reason=body["reason"],
    )


def withdraw_opinion(context: Context, body: Body) -> None:
    """撤回核查意见: all of what still stands of it."""
    row = _own(context, body)
    _withdraw(context, row, body["reason"], {})


def withdraw_part(context: Context, body: Body) -> None:
    """部分撤回核查意见: less in some years; a part that leaves nothing is the whole.

    Raises Refusal ``report-state``, ``vintages-unordered``, ``vintage-not-verified`` and
    ``withdrawn-above-verified``, the last with what still stands of that year.
    """
    row = _own(context, body)
    before = ReportState(row["state"])
    after = ReportState.WITHDRAWN
    check_move(context, "report-state", REPORT_MOVES, before, after, report=row["report"])
    years = [vintage["year"] for vintage in body["vintages"]]
    if years != sorted(set(years)):
        raise Refusal("vintages-unordered", field="vintages")
    left = attested(row)
    for vintage in body["vintages"]:
        year, quantity = vintage["year"], vintage["quantity"]
        if year not in left:
            raise Refusal("vintage-not-verified", field="vintages", year=year)
        if quantity > left[year]:
            stands = left[year]
            raise Refusal("withdrawn-above-verified", field="vintages", year=year, verified=stands)
        left[year] -= quantity
    _withdraw(context, row, body["reason"], {year: n for year, n in left.items() if n})


def attested(row: Row) -> dict[int, int]:
    """What stands of a report's verified quantity, by year: nothing once it is withdrawn."""
    if row["state"] == ReportState.WITHDRAWN:
        return {}
    return {vintage["year"]: vintage["quantity"] for vintage in row["vintages"] or ()}


def _own(context: Context, body: Body) -> Row:
    row = context.need(REPORT, body["report"])
    if row["verifier"] != context.party:
        raise Refusal("verifier-differs", report=body["report"])
    return row


def _withdraw(context: Context, row: Row, reason: str, left: dict[int, int]) -> None:
    """Leave so much of a report's quantity.

    Where nothing is left of one that brought credits, the row keeps the last; another one waits
    for an opinion anew, by which its period is not lost.
    """
    before = attested(row)
    taken = {year: quantity - left.get(year, 0) for year, quantity in before.items()}
    if left:
        context.put(REPORT, {**row, "vintages": _vintages(left)})
    elif row["state"] != ReportState.ISSUED and context.engine_version >= OPINION_ANEW:
        move_report(context, row, ReportState.SUBMITTED, verifier=None, vintages=None)
        end_application(context, REPORTS, row["report"], reason)
    else:
        move_report(context, row, ReportState.WITHDRAWN)
        end_application(context, REPORTS, row["report"], reason)
    _note(context, REPORTS, row["report"], reason, _vintages(taken))
    context.emit("opinion-withdrawn", report=row["report"], verifier=context.party, reason=reason)


def _vintages(years: Mapping[int, int]) -> list[dict[str, int]]:
    return [{"year": year, "quantity": years[year]} for year in sorted(years) if years[year]]


def _note(
    context: Context, subject: str, name: str, reason: str, vintages: list[dict[str, int]] | None
) -> None:
    context.create(
        WITHDRAWAL,
        {
            "withdrawal": context.id,
            "subject": subject,
            "name": name,
            "verifier": context.party,
            "reason": reason,
            "vintages": vintages,
            "index": context.index,
        },
    )
