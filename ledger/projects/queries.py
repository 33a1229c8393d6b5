"""Reads of projects: what was published and said of it, what was applied for and is due."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from ledger.parties.models import party_table
from ledger.projects.models import project_table, spelling_table
from ledger.projects.owner_models import engagement_table, retraction_table
from ledger.projects.spelling import site_form
from ledger.projects.steps_models import (
    answer_table,
    application_table,
    comment_table,
    notice_table,
)
from ledger.projects.succession_models import succession_table
from ledger.projects.withdrawal_models import withdrawal_table
from ledger.writer.kinds import Row


def steps_of(
    connection: Connection, project: str, reports: list[str], today: str
) -> dict[str, Any]:
    """What was said of a project and its reports, each list by age.

    These are ``notices`` with their ``comments``, ``applications``, ``withdrawals`` of opinions,
    ``engagements`` of bodies, ``retractions`` by the owner, and ``successions`` of one owner to
    another.  An application that waits is
    ``overdue`` after its last day.
    """
    notices = _about(connection, notice_table, project, reports)
    for notice in notices:
        query = select(comment_table).where(comment_table.c.notice == notice["notice"])
        rows = connection.execute(query.order_by(comment_table.c.index)).mappings()
        notice["comments"] = [_comment(connection, dict(row)) for row in rows]
    applications = _about(connection, application_table, project, reports)
    for row in applications:
        last = row["decided"] or today
        row["overdue"] = row["decide_by"] is not None and last > row["decide_by"]
    return {
        "notices": notices,
        "applications": applications,
        "withdrawals": _about(connection, withdrawal_table, project, reports),
        "engagements": [
            {**row, "verifier_name": _name(connection, row["verifier"])}
            for row in _about(connection, engagement_table, project, reports)
        ],
        "retractions": _about(connection, retraction_table, project, reports),
        "successions": _successions(connection, project),
    }


def neighbours(connection: Connection, project: str, site: str) -> list[Row]:
    """The other projects of a site, the oldest first: which, whose, in what state, their days.

    They are found as the record finds them: by the text of the site, or by the form of it.
    """
    columns = project_table.c
    names = ("project", "name", "owner", "class", "state", "crediting_start", "crediting_end")
    query = select(*(columns[name] for name in (*names, "index")))
    form = site_form(site)
    spelled = select(spelling_table.c.project).where(spelling_table.c.form == form)
    there = columns.site.in_([site, form]) | columns.project.in_(spelled)
    query = query.where(there & (columns.project != project))
    return [dict(row) for row in connection.execute(query.order_by(columns.index)).mappings()]


def _successions(connection: Connection, project: str) -> list[Row]:
    columns = succession_table.c
    query = select(succession_table).where(columns.project == project).order_by(columns.index)
    return [dict(row) for row in connection.execute(query).mappings()]


def _comment(connection: Connection, row: Row) -> Row:
    """A comment with its answers: whose, on which day, by which entry.

    Day and entry are None where an answer was given before answers were kept apart.
    """
    by, said = row.pop("answered_by"), row.pop("answer")
    answers: list[Row] = []
    if by is not None:
        answers.append({"verifier": by, "text": said, "answered": None, "index": None})
    columns = answer_table.c
    query = select(columns.verifier, columns.text, columns.answered, columns.index)
    query = query.where(columns.comment == row["comment"]).order_by(columns.index)
    answers += [dict(answer) for answer in connection.execute(query).mappings()]
    for answer in answers:
        answer["verifier_name"] = _name(connection, answer["verifier"])
    return {**row, "answers": answers}


def _name(connection: Connection, party: str) -> str:
    query = select(party_table.c.name).where(party_table.c.party == party)
    return str(connection.execute(query).scalar_one())


def _about(connection: Connection, table: Any, project: str, reports: list[str]) -> list[Row]:
    column = table.c
    about = (column.subject == "project") & (column.name == project)
    about |= (column.subject == "report") & column.name.in_(reports)
    rows = connection.execute(select(table).where(about).order_by(column.index)).mappings()
    return [dict(row) for row in rows]
