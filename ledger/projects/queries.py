"""Reads of projects: what was published and said of it, what was applied for and is due."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from ledger.projects.steps_models import application_table, comment_table, notice_table
from ledger.projects.withdrawal_models import withdrawal_table
from ledger.writer.kinds import Row


def steps_of(
    connection: Connection, project: str, reports: list[str], today: str
) -> dict[str, Any]:
    """Notices with comments, applications and withdrawals of a project and its reports, by age.

    A notice has its ``comments``; an application that waits is ``overdue`` after its last day.
    """
    notices = _about(connection, notice_table, project, reports)
    for notice in notices:
        query = select(comment_table).where(comment_table.c.notice == notice["notice"])
        rows = connection.execute(query.order_by(comment_table.c.index)).mappings()
        notice["comments"] = [dict(row) for row in rows]
    applications = _about(connection, application_table, project, reports)
    for row in applications:
        last = row["decided"] or today
        row["overdue"] = row["decide_by"] is not None and last > row["decide_by"]
    withdrawals = _about(connection, withdrawal_table, project, reports)
    return {"notices": notices, "applications": applications, "withdrawals": withdrawals}


def _about(connection: Connection, table: Any, project: str, reports: list[str]) -> list[Row]:
    column = table.c
    about = (column.subject == "project") & (column.name == project)
    about |= (column.subject == "report") & column.name.in_(reports)
    rows = connection.execute(select(table).where(about).order_by(column.index)).mappings()
    return [dict(row) for row in rows]
