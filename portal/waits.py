"""What waits for somebody though no rule gives it a day: rows for the deadline board.

Each is a selectable with the columns that tell whose turn it is; what has been done is not in it.
"""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    case,
    exists,
    literal,
    or_,
    select,
    union_all,
)

from ledger.projects.engaging import WAITING
from ledger.projects.models import ProjectState, ReportState, project_table, report_table
from ledger.projects.owner_models import engagement_table
from ledger.projects.steps import PROJECTS, REPORTS
from ledger.projects.steps_models import (
    ApplicationState,
    answer_table,
    application_table,
    comment_table,
    notice_table,
)


def supplements() -> FromClause:
    """补正: applications sent back for what is missing, until the owner applies anew."""
    row, later = application_table, application_table.alias()
    again = exists().where(
        later.c.subject == row.c.subject,
        later.c.name == row.c.name,
        later.c.index > row.c.index,
    )
    open_still = _subject_in(row, [ProjectState.VALIDATED.value], [ReportState.VERIFIED.value])
    query = select(row).where(row.c.state == ApplicationState.RETURNED, ~again, open_still)
    return query.subquery("supplement")


def comments() -> FromClause:
    """Comments on what awaits an opinion that its engaged body has not answered.

    ``verifier`` is that body, or null where none is engaged: then the owner has to engage one.
    """
    row, notice, engaged = comment_table, notice_table, engagement_table
    answered = exists().where(
        answer_table.c.comment == row.c.comment, answer_table.c.verifier == engaged.c.verifier
    )
    joined = row.join(notice, notice.c.notice == row.c.notice).outerjoin(
        engaged,
        and_(engaged.c.subject == notice.c.subject, engaged.c.name == notice.c.name),
    )
    query = (
        select(
            row.c.comment,
            row.c.index,
            *(notice.c[name] for name in ("subject", "name", "owner")),
            engaged.c.verifier,
        )
        .select_from(joined)
        .where(
            ~answered,
            row.c.answered_by.is_distinct_from(engaged.c.verifier) | engaged.c.verifier.is_(None),
            _awaits_opinion(notice),
        )
    )
    return query.subquery("unanswered")


def opinions() -> FromClause:
    """审定与核查: what a body is engaged for and has given no opinion on, with its ``owner``."""
    row = engagement_table
    of_report = select(report_table.c.project).where(report_table.c.report == row.c.name)
    project = case((row.c.subject == PROJECTS, row.c.name), else_=of_report.scalar_subquery())
    owner = select(project_table.c.owner).where(project_table.c.project == project)
    query = select(row, owner.scalar_subquery().label("owner")).where(_awaits_opinion(row))
    return query.subquery("opinion")


def unengaged() -> FromClause:
    """What has been submitted and nobody is engaged for."""
    row = _subjects()
    engaged = exists().where(
        engagement_table.c.subject == row.c.subject, engagement_table.c.name == row.c.name
    )
    return select(row).where(_awaits_opinion(row), ~engaged).subquery("unengaged")


def unapplied() -> FromClause:
    """What bears an opinion that its owner has not applied upon (Order 31, Art. 11-22).

    One that was sent back is ``supplements``', also where a withdrawn opinion sent it back.
    """
    row, asked = _subjects(), application_table
    applied = exists().where(asked.c.subject == row.c.subject, asked.c.name == row.c.name)
    borne = _subject_in(row, [ProjectState.VALIDATED.value], [ReportState.VERIFIED.value])
    return select(row).where(borne, ~applied).subquery("unapplied")


def unissued() -> FromClause:
    """签发: registered reductions that are no credits yet."""
    row = _subjects()
    return select(row).where(_subject_in(row, [], [ReportState.REGISTERED])).subquery("unissued")


def _subjects() -> FromClause:
    """Projects and reports alike: ``subject``, ``name``, ``owner``, and the ``index`` of the first
    entry.
    """
    project, report = project_table.c, report_table.c
    projects = select(
        literal(PROJECTS).label("subject"),
        project.project.label("name"),
        project.owner,
        project.index,
    )
    of = project_table.join(report_table, report.project == project.project)
    reports = select(literal(REPORTS), report.report, project.owner, report.index).select_from(of)
    return union_all(projects, reports).subquery("subject")


def _awaits_opinion(row: FromClause) -> ColumnElement[bool]:
    return _subject_in(row, sorted(state.value for state in WAITING), [ReportState.SUBMITTED.value])


def _subject_in(row: FromClause, projects: list[str], reports: list[str]) -> ColumnElement[bool]:
    """Whether the project or report that a row names is in one of these states."""
    project = exists().where(
        project_table.c.project == row.c.name, project_table.c.state.in_(projects)
    )
    report = exists().where(report_table.c.report == row.c.name, report_table.c.state.in_(reports))
    return or_(and_(row.c.subject == PROJECTS, project), and_(row.c.subject == REPORTS, report))
