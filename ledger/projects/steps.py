"""公示 and 申请: what an owner publishes, what everybody may object, what a registrar takes up.

A notice runs so many working days, the first counted (Order 31, Art. 12, 19); a decision is due so
many working days after the application was taken up (Art. 15, 22).  Where ``lifecycle-required``
is 1 no opinion and no decision is given without them; elsewhere what was begun must be finished.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ledger.parties.parameters import business_date, whole
from ledger.parties.working_days import working_days
from ledger.projects.models import PROJECT, REPORT, UNVALIDATED, ProjectState, ReportState
from ledger.projects.sites import take_up
from ledger.projects.steps_models import (
    APPLICATION,
    APPLICATION_MOVES,
    COMMENT,
    NOTICE,
    ApplicationState,
)
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.moves import check_move, wrong_state
from ledger.writer.versions import ENDED_WITH_PROJECT

Body = Mapping[str, Any]
PROJECTS, REPORTS = "project", "report"
NOTICE_DAYS, DECISION_DAYS = "notice-working-days", "decision-working-days"
REQUIRED = "lifecycle-required"
NO_CCER = "no-ccer"


def open_notice(context: Context, body: Body) -> None:
    """Publish a design or a report for comments, before anybody gives an opinion on it."""
    row = own(context, body)
    awaited = [ProjectState.SUBMITTED, ReportState.SUBMITTED]
    if context.engine_version >= ENDED_WITH_PROJECT:
        awaited.append(ProjectState.SUSPENDED)  # which may never have had a notice
    if row["state"] not in awaited:
        raise Refusal("notice-late", subject=body["subject"], name=body["name"], state=row["state"])
    for key in context.children(NOTICE, "name", body["subject"], body["name"]):
        raise Refusal("notice-exists", notice=key[0])
    days = working_days(context)
    today = date.fromisoformat(business_date(context.at))
    last = days.last(today, whole(context, NOTICE_DAYS))
    context.create(
        NOTICE,
        {
            "notice": context.id,
            "subject": body["subject"],
            "name": body["name"],
            "owner": context.party,
            "first": today.isoformat(),
            "last": last.isoformat(),
            "certain": days.missing(today, last) is None,
            "index": context.index,
        },
    )


def comment(context: Context, body: Body) -> None:
    """Anybody with a key may comment while the notice runs."""
    notice = context.need(NOTICE, body["notice"])
    if not notice["first"] <= business_date(context.at) <= notice["last"]:
        raise Refusal("notice-ended", notice=body["notice"], last=notice["last"])
    if context.engine_version >= ENDED_WITH_PROJECT:
        _check_awaited(context, notice)
    context.create(
        COMMENT,
        {
            "comment": context.id,
            "notice": body["notice"],
            "party": context.party,
            "text": body["text"],
            "answered_by": None,
            "answer": None,
            "index": context.index,
        },
    )


def apply_for(context: Context, body: Body) -> None:
    """Apply for the registration of a project or of reductions.

    A provincial project undertakes not to seek the same reductions as CCER (DESIGN.md, classes).
    """
    row = own(context, body)
    needed = ProjectState.VALIDATED if body["subject"] == PROJECTS else ReportState.VERIFIED
    if row["state"] != needed:
        code = f"{body['subject']}-state"
        raise wrong_state(context, code, row["state"], [needed], "application")
    undertaking = body.get("undertaking")
    if (body["subject"] == PROJECTS) is not (undertaking == NO_CCER):
        raise Refusal("undertaking-missing", field="undertaking", undertaking=NO_CCER)
    if open_application(context, body["subject"], body["name"]) is not None:
        raise Refusal("application-open", subject=body["subject"], name=body["name"])
    context.create(
        APPLICATION,
        {
            "application": context.id,
            "subject": body["subject"],
            "name": body["name"],
            "owner": context.party,
            "state": ApplicationState.APPLIED,
            "applied": business_date(context.at),
            "decide_by": None,
            "decided": None,
            "reasons": None,
            "undertaking": undertaking,
            "index": context.index,
        },
    )


def accept(context: Context, body: Body) -> None:
    """受理: from now on the days of the decision are counted, beginning with the next one.

    It keeps a project's site; raises Refusal ``site-claimed`` where an earlier one keeps it, and
    ``project-not-registered`` for a report whose project is over or suspended.
    """
    today = date.fromisoformat(business_date(context.at))
    last = working_days(context).after(today, whole(context, DECISION_DAYS))
    row = context.need(APPLICATION, body["application"])
    if row["subject"] == PROJECTS:
        take_up(context, context.need(PROJECT, row["name"]))
    elif context.engine_version >= ENDED_WITH_PROJECT:
        report = context.need(REPORT, row["name"])
        check_registered(context.need(PROJECT, report["project"]))
    _put(context, row, ApplicationState.ACCEPTED, decide_by=last.isoformat())


def send_back(context: Context, body: Body) -> None:
    """补正: back to the owner with what is missing; it applies anew."""
    row = context.need(APPLICATION, body["application"])
    _put(context, row, ApplicationState.RETURNED, reasons=body["reasons"])


def decide(context: Context, subject: str, name: str) -> None:
    """With a decision: its application must have been taken up, and ends.

    Raises Refusal ``application-missing`` or ``application-state``.
    """
    row = open_application(context, subject, name)
    if row is not None:
        _put(context, row, ApplicationState.DECIDED, decided=business_date(context.at))
    elif whole(context, REQUIRED):
        raise Refusal("application-missing", subject=subject, name=name)


def end_application(context: Context, subject: str, name: str, reasons: str) -> None:
    """Send back what waits for an answer that cannot be given any more."""
    row = open_application(context, subject, name)
    if row is not None:
        _put(context, row, ApplicationState.RETURNED, reasons=reasons)


def open_application(context: Context, subject: str, name: str) -> Row | None:
    """The application that waits for an answer, or None."""
    for key in context.children(APPLICATION, "name", subject, name):
        row = context.need(APPLICATION, *key)
        if APPLICATION_MOVES[ApplicationState(row["state"])]:
            return row
    return None


def first_applied(context: Context, project: str) -> str | None:
    """The day on which a project was first applied for, or None."""
    keys = context.children(APPLICATION, "name", PROJECTS, project)
    return min((context.need(APPLICATION, *key)["applied"] for key in keys), default=None)


def own(context: Context, body: Body) -> Row:
    """The project or report that a statement is about; it must be the author's own.

    A report goes on only while its project is registered.  Raises Refusal ``owner-differs`` or
    ``project-not-registered``.
    """
    row = context.need(PROJECT if body["subject"] == PROJECTS else REPORT, body["name"])
    project = row if body["subject"] == PROJECTS else context.need(PROJECT, row["project"])
    if project["owner"] != context.party:
        raise Refusal("owner-differs", project=project["project"])
    if body["subject"] == REPORTS:
        check_registered(project)
    return row


def check_registered(project: Row) -> None:
    """Raise Refusal ``project-not-registered``; a suspended project brings nothing either."""
    if project["state"] != ProjectState.REGISTERED:
        name, state = project["project"], project["state"]
        raise Refusal("project-not-registered", project=name, state=state)


def end_with_project(context: Context, project: str, reasons: str) -> None:
    """Send back what has been applied for upon the reports of a project that brings no more."""
    for (report,) in context.children(REPORT, "project", project):
        end_application(context, REPORTS, report, reasons)


def _check_awaited(context: Context, notice: Row) -> None:
    """Nobody answers a comment on what awaits no opinion any more; raises ``notice-ended``."""
    of_project = notice["subject"] == PROJECTS
    row = context.need(PROJECT if of_project else REPORT, notice["name"])
    if row["state"] not in (*UNVALIDATED, ReportState.SUBMITTED):
        raise Refusal("notice-ended", notice=notice["notice"], state=row["state"])


def _put(context: Context, row: Row, after: ApplicationState, **changes: Any) -> None:
    before = ApplicationState(row["state"])
    names = {"application": row["application"]}
    check_move(context, "application-state", APPLICATION_MOVES, before, after, **names)
    context.put(APPLICATION, {**row, **changes, "state": after})
