"""The straight way of a project, from design document to registered reductions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.approvals import check_approval
from ledger.parties.parameters import business_date, parameter, whole
from ledger.parties.staff import refuse_tied
from ledger.projects.answering import check_notice
from ledger.projects.engaging import check_engaged, check_validator, check_verifier, keep_paper
from ledger.projects.models import (
    GIVEN_UP,
    PROJECT,
    PROJECT_MOVES,
    REPORT,
    REPORT_MOVES,
    SITE,
    ProjectState,
    ReportState,
)
from ledger.projects.rules import (
    FROM_ACCEPTANCE,
    asked,
    check_methodology,
    check_over,
    check_place,
    check_years,
)
from ledger.projects.sites import check_submission, note_spelling, take_up
from ledger.projects.steps import (
    PROJECTS,
    REPORTS,
    check_registered,
    decide,
    end_with_project,
    first_applied,
)
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.moves import check_move, wrong_state
from ledger.writer.versions import CREDITED_ONCE_BUILT, ENDED_WITH_PROJECT, NEGATIVE_IS_EMPTY

Body = Mapping[str, Any]
AFTER_VALIDATION = {
    ProjectState.SUBMITTED: ProjectState.VALIDATED,
    ProjectState.SUSPENDED: ProjectState.REGISTERED,
}


def submit(context: Context, body: Body) -> None:
    """Submit a design; a project id is spent for ever, a site is kept for one project at a time.

    Raises Refusal ``project-exists``, ``construction-too-early``, ``period-reversed``,
    ``crediting-before-construction``, ``crediting-too-long``, ``site-claimed``,
    ``region-unknown``, ``region-not-in-force``, ``methodology-not-for-class``.
    """
    if context.get(PROJECT, body["project"]) is not None:
        context.fault("project-exists", project=body["project"])
    after = parameter(context, "construction-after")
    if body["construction_start"] <= after:
        context.fault("construction-too-early", field="construction_start", after=after)
    if not body["crediting_start"] < body["crediting_end"]:
        context.fault("period-reversed", field="crediting_end")
    built = body["construction_start"]
    if body["crediting_start"] < built and context.engine_version >= CREDITED_ONCE_BUILT:
        context.fault("crediting-before-construction", field="crediting_start", start=built)
    check_place(context, body["region"])
    check_methodology(context, body["credit_class"], body["methodology"])
    check_years(context, body["methodology"], body["crediting_start"], body["crediting_end"])
    names = (
        "project",
        "name",
        "methodology",
        "region",
        "site",
        "construction_start",
        "crediting_start",
        "crediting_end",
        "design_sha256",
    )
    row = {
        **{name: body[name] for name in names},
        "class": body["credit_class"],
        "owner": context.party,
        "state": ProjectState.SUBMITTED,
        "validator": None,
        "index": context.index,
    }
    if asked(context, FROM_ACCEPTANCE):
        check_submission(context, row)
    else:
        _claim(context, row)
    context.put(PROJECT, row)
    note_spelling(context, row)


def _claim(context: Context, project: Row) -> None:
    """As it was before ``site-from-acceptance``: the first submission, for its owner alone."""
    claimed = context.get(SITE, project["owner"], project["site"])
    if claimed is not None:
        raise Refusal("site-claimed", field="site", project=claimed["project"])
    context.put(SITE, {name: project[name] for name in ("owner", "site", "project")})


def validate(context: Context, body: Body) -> None:
    """A verifier validates a project that is not its own.

    Where the earlier validation of a registered project was withdrawn, a new positive one lets it
    go on as before; a negative one stands in the log and leaves it suspended.
    """
    row = context.need(PROJECT, body["project"])
    check_validator(context, row, context.party)
    check_engaged(context, PROJECTS, row["project"])
    check_approval(context, row["methodology"])
    refuse_tied(context, row["owner"])
    check_notice(context, PROJECTS, body["project"])
    before, positive = ProjectState(row["state"]), body["opinion"] == "positive"
    if before not in AFTER_VALIDATION:
        told = {"project": row["project"], "wanted": "validated"}
        raise wrong_state(context, "project-state", before, AFTER_VALIDATION, **told)
    keep_paper(context, PROJECTS, row["project"], body["report_sha256"])
    if positive:
        move_project(context, row, AFTER_VALIDATION[before], validator=context.party)
    elif before == ProjectState.SUBMITTED:
        move_project(context, row, ProjectState.REJECTED, validator=context.party)


def register(context: Context, body: Body) -> None:
    """项目登记."""
    row = context.need(PROJECT, body["project"])
    if row["state"] != ProjectState.VALIDATED:
        # A suspended one too: only a new validation lets it go on.
        needs, after = [ProjectState.VALIDATED], ProjectState.REGISTERED
        name, state = row["project"], row["state"]
        raise wrong_state(context, "project-state", state, needs, after, project=name)
    take_up(context, row)
    move_project(context, row, ProjectState.REGISTERED)
    decide(context, PROJECTS, body["project"])


def refuse(context: Context, body: Body) -> None:
    """不予登记, with reasons."""
    row = context.need(PROJECT, body["project"])
    move_project(context, row, ProjectState.REJECTED)
    decide(context, PROJECTS, body["project"])


def deregister(context: Context, body: Body) -> None:
    """项目注销: for ever (Order 31, Art. 16)."""
    row = context.need(PROJECT, body["project"])
    move_project(context, row, ProjectState.DEREGISTERED)
    if context.engine_version >= ENDED_WITH_PROJECT:
        end_with_project(context, row["project"], body["document"])


def move(context: Context, body: Body) -> None:
    """转为国家核证自愿减排量项目: for ever, and not while units that overlap are alive."""
    row = context.need(PROJECT, body["project"])
    move_project(context, row, ProjectState.MOVED)
    if context.engine_version >= ENDED_WITH_PROJECT:
        end_with_project(context, row["project"], body["document"])
    context.emit("project-moved", project=body["project"])


def submit_report(context: Context, body: Body) -> None:
    """Report a period; periods of one project never overlap."""
    if context.get(REPORT, body["report"]) is not None:
        context.fault("report-exists", report=body["report"])
    project = context.need(PROJECT, body["project"])
    if project["owner"] != context.party:
        raise Refusal("owner-differs", project=body["project"])
    check_registered(project)
    _period(context, project, body)
    for key in context.children(REPORT, "hash", body["report_sha256"]):
        other = context.need(REPORT, *key)
        if other["state"] not in GIVEN_UP:
            context.fault("report-claimed", report=other["report"], index=other["index"])
    for key in context.children(REPORT, "project", body["project"]):
        other = context.need(REPORT, *key)
        apart = body["end"] < other["start"] or other["end"] < body["start"]
        if other["state"] not in GIVEN_UP and not apart:
            context.fault("period-overlaps", report=other["report"], index=other["index"])
    names = ("report", "project", "start", "end", "report_sha256", "claimed")
    context.put(
        REPORT,
        {
            **{name: body[name] for name in names},
            "vintages": None,
            "verifier": None,
            "state": ReportState.SUBMITTED,
            "index": context.index,
        },
    )


def verify(context: Context, body: Body) -> None:
    """Verify a report; a body that ever validated the project may not (Order 31, Art. 18)."""
    row = context.need(REPORT, body["report"])
    project = context.need(PROJECT, row["project"])
    check_verifier(context, project, context.party)
    check_engaged(context, REPORTS, row["report"])
    check_approval(context, project["methodology"])
    refuse_tied(context, project["owner"])
    check_notice(context, REPORTS, body["report"])
    check_registered(project)
    if row["state"] != ReportState.SUBMITTED:
        needs, after = [ReportState.SUBMITTED], ReportState.VERIFIED
        name, state = row["report"], row["state"]
        raise wrong_state(context, "report-state", state, needs, after, report=name)
    keep_paper(context, REPORTS, row["report"], body["report_sha256"])
    if body["opinion"] == "negative":
        if body["vintages"] and context.engine_version >= NEGATIVE_IS_EMPTY:
            context.fault("vintages-of-negative", field="vintages")
        move_report(context, row, ReportState.REJECTED, verifier=context.party)
        return
    check_over(context, row["end"])
    years = [vintage["year"] for vintage in body["vintages"]]
    first, last = int(row["start"][:4]), int(row["end"][:4])
    if not years or years != sorted(set(years)) or years[0] < first or years[-1] > last:
        context.fault("vintages-off-period", field="vintages", first=first, last=last)
    if sum(vintage["quantity"] for vintage in body["vintages"]) > row["claimed"]:
        context.fault("verified-above-claimed", field="vintages", claimed=row["claimed"])
    vintages = [{"year": v["year"], "quantity": v["quantity"]} for v in body["vintages"]]
    move_report(context, row, ReportState.VERIFIED, verifier=context.party, vintages=vintages)


def register_reduction(context: Context, body: Body) -> None:
    """减排量登记: the quantity must be the verified one (Order 31, Art. 21)."""
    row = context.need(REPORT, body["report"])
    if row["state"] == ReportState.VERIFIED:
        verified = sum(vintage["quantity"] for vintage in row["vintages"])
        if body["quantity"] != verified:
            raise Refusal("quantity-not-verified", field="quantity", verified=verified)
    project = context.need(PROJECT, row["project"])
    check_registered(project)
    check_over(context, row["end"])
    move_report(context, row, ReportState.REGISTERED)
    decide(context, REPORTS, body["report"])


def refuse_reduction(context: Context, body: Body) -> None:
    """不予登记 of verified reductions, with reasons."""
    row = context.need(REPORT, body["report"])
    if row["state"] == ReportState.VERIFIED:
        decide(context, REPORTS, body["report"])
    move_report(context, row, ReportState.REJECTED)


def _period(context: Context, project: Row, body: Body) -> None:
    if body["end"] < body["start"]:
        raise Refusal("period-reversed", field="end")
    after = parameter(context, "generated-after")
    if body["start"] <= after:
        raise Refusal("generated-too-early", field="start", after=after)
    if body["start"] < project["crediting_start"] or body["end"] > project["crediting_end"]:
        raise Refusal("outside-crediting-period", field="start", project=project["project"])
    check_over(context, body["end"])
    applied = first_applied(context, project["project"]) or business_date(context.at)
    oldest = _years_before(applied, whole(context, "generated-within-years"))
    if body["start"] < oldest:
        raise Refusal("generated-too-long-ago", field="start", applied=applied, oldest=oldest)


def _years_before(day: str, years: int) -> str:
    """The same day so many years earlier; before the 29th of February, the 28th."""
    name = day[5:] if day[5:] != "02-29" else "02-28"
    return f"{int(day[:4]) - years:04d}-{name}"


def move_project(context: Context, row: Row, after: ProjectState, **changes: Any) -> None:
    before = ProjectState(row["state"])
    check_move(context, "project-state", PROJECT_MOVES, before, after, project=row["project"])
    context.put(PROJECT, {**row, **changes, "state": after})


def move_report(context: Context, row: Row, after: ReportState, **changes: Any) -> None:
    before = ReportState(row["state"])
    check_move(context, "report-state", REPORT_MOVES, before, after, report=row["report"])
    context.put(REPORT, {**row, **changes, "state": after})


def issued(context: Context, row: Row) -> None:
    """Mark a registered report as issued; its credits exist once, when its period is over."""
    check_over(context, row["end"])
    move_report(context, row, ReportState.ISSUED)
