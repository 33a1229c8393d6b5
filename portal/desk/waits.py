"""What waits for somebody though no rule gives it a day: rows for the deadline board.

Each is a selectable with the columns that tell whose turn it is; what has been done is not in it,
nor what nobody may do: reports of a project that is suspended or over go no further.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from ledger.projects.models import (
    UNVALIDATED,
    ProjectState,
    ReportState,
    project_table,
    report_table,
)
from ledger.projects.owner_models import engagement_table
from ledger.projects.steps import PROJECTS, REPORTS
from ledger.projects.steps_models import (
    APPLICATION_MOVES,
    ApplicationState,
    answer_table,
    application_table,
    comment_table,
    notice_table,
)
from ledger.projects.withdrawal_models import withdrawal_table

OPEN = sorted(state for state, moves in APPLICATION_MOVES.items() if moves)
"""Where an application waits for the registrar."""


def supplements() -> FromClause:
    """补正: applications sent back for what is missing, until the owner applies anew.

    One that went back because its opinion was withdrawn is none: upon another opinion its owner
    applies as upon a first one (``unapplied``).
    """
    row, later, subject = application_table, application_table.alias(), _borne()
    again = exists().where(_same(later, row), later.c.index > row.c.index)
    query = (
        select(*_of_owner(row, subject))
        .join(subject, _same(subject, row))
        .where(row.c.state == ApplicationState.RETURNED, ~again, row.c.index > subject.c.withdrawn)
    )
    return query.subquery("supplement")


def unapplied() -> FromClause:
    """What bears an opinion that its owner has not applied upon (Order 31, Art. 11-22)."""
    row, asked = _borne(), application_table
    upon_this = or_(asked.c.state.in_(OPEN), asked.c.index > row.c.withdrawn)
    applied = exists().where(_same(asked, row), upon_this)
    return select(row).where(~applied).subquery("unapplied")


def applications() -> FromClause:
    """Applications that wait for the registrar."""
    row, subject = application_table, _borne()
    query = select(*_of_owner(row, subject)).join(subject, _same(subject, row))
    return query.where(row.c.state.in_(OPEN)).subquery("open_application")


def notices() -> FromClause:
    """公示 of what awaits an opinion, with the body that is engaged for it, or null."""
    row, engaged, subject = notice_table, engagement_table, _awaited()
    query = (
        select(*_of_owner(row, subject), engaged.c.verifier)
        .join(subject, _same(subject, row))
        .outerjoin(engaged, _same(engaged, row))
    )
    return query.subquery("running_notice")


def unnoticed() -> FromClause:
    """What awaits an opinion and was never published for comments."""
    row, notice = _awaited(), notice_table
    return select(row).where(~exists().where(_same(notice, row))).subquery("unnoticed")


def comments() -> FromClause:
    """Comments on what awaits an opinion that its engaged body has not answered.

    ``verifier`` is that body, or null where none is engaged: then the owner has to engage one.
    """
    row, notice, engaged, subject = comment_table, notice_table, engagement_table, _awaited()
    answered = exists().where(
        answer_table.c.comment == row.c.comment, answer_table.c.verifier == engaged.c.verifier
    )
    joined = (
        row.join(notice, notice.c.notice == row.c.notice)
        .join(subject, _same(subject, notice))
        .outerjoin(engaged, _same(engaged, notice))
    )
    query = (
        select(
            row.c.comment,
            row.c.index,
            notice.c.subject,
            notice.c.name,
            subject.c.owner,
            engaged.c.verifier,
            func.coalesce(engaged.c.verifier, subject.c.owner).label("turn"),
        )
        .select_from(joined)
        .where(
            ~answered,
            row.c.answered_by.is_distinct_from(engaged.c.verifier) | engaged.c.verifier.is_(None),
        )
    )
    return query.subquery("unanswered")


def opinions() -> FromClause:
    """审定与核查: what a body is engaged for and has given no opinion on, with its ``owner``.

    ``noticed`` is the last day of its notice, or null where there was none, and ``runs_until`` the
    same as a day that is always there.
    """
    row, subject, notice = engagement_table, _awaited(), notice_table
    last = select(func.max(notice.c.last)).where(_same(notice, row)).scalar_subquery()
    query = select(
        row,
        subject.c.owner,
        last.label("noticed"),
        func.coalesce(last, "").label("runs_until"),
    ).join(subject, _same(subject, row))
    return query.subquery("opinion")


def unengaged() -> FromClause:
    """What has been submitted and nobody is engaged for."""
    row, engaged = _awaited(), engagement_table
    return select(row).where(~exists().where(_same(engaged, row))).subquery("unengaged")


def unissued() -> FromClause:
    """签发: registered reductions that are no credits yet."""
    return select(_subjects((), (ReportState.REGISTERED,))).subquery("unissued")


def _awaited() -> FromClause:
    """Where an opinion is still to be given."""
    return _subjects(UNVALIDATED, (ReportState.SUBMITTED,))


def _borne() -> FromClause:
    """What a positive opinion bears that was not decided upon.

    ``withdrawn`` is the newest entry that took an opinion on it back, or -1: what was sent back
    before was upon another opinion.
    """
    row, taken = _subjects((ProjectState.VALIDATED,), (ReportState.VERIFIED,)), withdrawal_table
    newest = select(func.max(taken.c.index)).where(_same(taken, row)).scalar_subquery()
    return select(row, func.coalesce(newest, -1).label("withdrawn")).subquery("borne")


def _subjects(projects: Iterable[ProjectState], reports: Iterable[ReportState]) -> FromClause:
    """Projects and reports in some states, the reports of registered projects alone.

    They have ``subject``, ``name``, ``owner``, and the ``index`` of their first entry.
    """
    project, report = project_table.c, report_table.c
    first: Select[tuple[object, ...]] = select(
        literal(PROJECTS).label("subject"),
        project.project.label("name"),
        project.owner,
        project.index,
    ).where(project.state.in_(sorted(projects)))
    of = project_table.join(report_table, report.project == project.project)
    second: Select[tuple[object, ...]] = (
        select(literal(REPORTS), report.report, project.owner, report.index)
        .select_from(of)
        .where(report.state.in_(sorted(reports)), project.state == ProjectState.REGISTERED)
    )
    return union_all(first, second).subquery("subject")


def _of_owner(row: FromClause, subject: FromClause) -> list[ColumnElement[object]]:
    """A row's columns, with the owner of today: another may have stated it before a succession."""
    return [*(column for column in row.c if column.name != "owner"), subject.c.owner]


def _same(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """That two rows are about one project or one report."""
    return and_(one.c.subject == other.c.subject, one.c.name == other.c.name)
