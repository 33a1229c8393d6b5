"""Budgets and notices for everybody; answers on the record, grants and recoveries for their own.

The supervisor reads everybody's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Connection, Select

from incentives.grants import queries
from incentives.grants.budget_models import BUDGET
from incentives.grants.causes import with_causes
from incentives.grants.models import GRANT, GRANT_NOTICE, OBJECTION
from incentives.grants.recovery_models import CASE
from incentives.onrecord.models import ANSWER
from incentives.queries import waiting
from ledger.credits.uses_models import SERIAL_USE
from ledger.parties.parameters import business_date
from ledger.statements.types import Circle
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Kind, Row
from portal.doors.answers import head_of, may_ask
from portal.doors.facts import value_of
from portal.doors.resources import NAME_MAX
from portal.policy.answered import certified
from portal.policy.answering import READING
from portal.policy.questions import changed_since, retold
from portal.shell.answers import json_resource, tagged
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.pages import page
from portal.shell.paging import page_of
from portal.shell.problems import Problem
from portal.shell.reader import need_reader

DOOR = Blueprint("grants", __name__)
HTML = "text/html"
PAGED = ("limit", "cursor")
ANSWER_UNKNOWN = "recorded-answer-unknown"
Read = Callable[[Connection, str, str | None], Row | None]


@DOOR.get("/v1/incentives/budgets")
@operation("Page.budgets", query=PAGED, kept=True)
@circle(Circle.PUBLIC)
def budgets() -> Response:
    """A page of the budget lines, each with what is left of it in fen."""
    with ledger().record.reading() as connection:
        return page_of(connection, BUDGET, shape=_shown)


@DOOR.get("/v1/incentives/notices")
@operation("Page.grant_notices", query=PAGED, kept=True)
@circle(Circle.PUBLIC)
def notices() -> Response:
    """A page of the public notices of grants, each with what came of it."""
    with ledger().record.reading() as connection:
        return page_of(connection, GRANT_NOTICE)


@DOOR.get("/v1/incentives/uses")
@operation("Page.uses", query=PAGED, kept=True)
@circle(Circle.PUBLIC)
def uses() -> Response:
    """A page of the serials whose use for a benefit is taken, or was given back."""
    with ledger().record.reading() as connection:
        return page_of(connection, SERIAL_USE)


@DOOR.get("/v1/incentives/recorded")
@operation("Private", query=PAGED)
@circle(Circle.PARTY)
def recorded() -> Response:
    """A page of the recorded answers that the reader's party asked for, or that are about it."""
    return _paged(ANSWER, queries.answers_of)


@DOOR.get("/v1/incentives/recorded/<path:name>")
@operation("Private", problems=(404,))
@circle(Circle.PARTY)
def answer(name: str) -> Response:
    """A recorded answer: its reasons, what it cites, its reviews, and its path to the root.

    ``told`` is what ``answer_sha256`` is the digest of, null where this version gives other bytes;
    ``beside`` is what helps to read it.
    """
    return _one(name, ANSWER_UNKNOWN, _retold)


@DOOR.get("/v1/incentives/certificates/<path:name>")
@operation("Private", kept=True, problems=(404, 409))
@circle(Circle.PARTY)
def certificate(name: str) -> Response:
    """A recorded answer with all that proves it offline, for who asked and whom it is about."""
    record, whose, found = ledger().record, _whose(), None
    if len(name) <= NAME_MAX and "\x00" not in name:
        with record.reading() as connection:
            try:
                found = certified(record, connection, name, whose)
            except Refusal as refusal:
                raise Problem(409, refusal.code, **refusal.params) from refusal
    if found is None:
        raise Problem(404, ANSWER_UNKNOWN, key=name[:NAME_MAX])
    response = Response(found[1], mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="answer.json"'
    return tagged(response)


@DOOR.get("/v1/incentives/grants")
@operation("Private", query=PAGED)
@circle(Circle.PARTY)
def grants() -> Response:
    """A page of the grants in which the reader's party has a part, and whether an answer fell."""
    with ledger().record.reading() as connection:
        found = queries.grants_of(_whose())
        return page_of(
            connection, GRANT, found, lambda r: queries.with_fallen(connection, _shown(r))
        )


@DOOR.get("/v1/incentives/grants/<name>")
@operation("Private", problems=(404,))
@circle(Circle.PARTY)
def grant(name: str) -> Response:
    """A grant with the units that it cites; whoever answers objections sees those to it."""
    return _one(name, "grant-unknown", queries.grant)


@DOOR.get("/v1/incentives/objections")
@operation("Private", query=PAGED)
@circle(Circle.PARTY)
def objections() -> Response:
    """A page of the objections that the reader's party made or answers, with what came of each."""
    return _paged(OBJECTION, queries.objections_of)


@DOOR.get("/v1/incentives/recoveries")
@operation("Private", query=PAGED)
@circle(Circle.PARTY)
def recoveries() -> Response:
    """A page of the recovery cases in which the reader's party has a part, each with its cause."""
    with ledger().record.reading() as connection:
        cases = queries.cases_of(_whose())
        return page_of(connection, CASE, cases, lambda r: with_causes(connection, _shown(r)))


@DOOR.get("/incentives/budgets")
@operation(media=HTML)
@circle(Circle.PUBLIC)
def budget_sheet() -> Response:
    """Budget lines with where their money went, notices of grants, and rules that wait for it."""
    with ledger().record.reading() as connection:
        lines, told = queries.budgets(connection), queries.notices(connection)
        unsigned = waiting(connection)
    return page("budgets.html", lines=lines, notices=told, waiting=unsigned)


@DOOR.get("/desk/grants")
@operation(media=HTML)
@circle(Circle.PARTY)
def grant_sheet() -> Response:
    """The grants in which the reader's party has a part, with where each waits."""
    with ledger().record.reading() as connection:
        rows = queries.with_fallen(
            connection, queries.newest(connection, queries.grants_of(_whose()))
        )
    return page("grants.html", grants=[_dated(row) for row in rows])


@DOOR.get("/desk/recoveries")
@operation(media=HTML)
@circle(Circle.PARTY)
def recovery_sheet() -> Response:
    """The recoveries in which the reader's party has a part, and the answers asked again."""
    whose = _whose()
    with ledger().record.reading() as connection:
        cases = with_causes(connection, queries.newest(connection, queries.cases_of(whose)))
        reviews = queries.newest(connection, queries.reviews_of(whose))
    return page("recoveries.html", cases=[_dated(row) for row in cases], reviews=reviews)


@DOOR.get("/desk/answers/<path:name>")
@operation(media=HTML, problems=(404,))
@circle(Circle.PARTY)
def answer_sheet(name: str) -> Response:
    """A recorded answer to be printed: its reasons, what it cites, what came of it since."""
    stated = _found(name, ANSWER_UNKNOWN, _retold)
    with ledger().record.reading() as connection:
        own = may_ask(connection, need_reader(), stated["subject"])
        since = changed_since(connection, stated, head_of(connection)) if own else None
    return page("recorded_answer.html", stated=stated, since=since, exact=value_of, **READING)


def _whose() -> str | None:
    """The reader's party; None for the supervisor, who reads everybody's."""
    who = need_reader()
    return None if who.supervisor else who.party


def _paged(kind: Kind, of: Callable[[str | None], Select[Any]]) -> Response:
    with ledger().record.reading() as connection:
        return page_of(connection, kind, of(_whose()), _shown)


def _one(name: str, code: str, read: Read) -> Response:
    return json_resource(_found(name, code, read))


def _retold(connection: Connection, name: str, party: str | None) -> Row | None:
    """A recorded answer that a party may read, with its reasons."""
    stated = queries.answer(connection, name, party)
    if stated is None:
        return None
    return {**stated, **(retold(connection, stated) or {"told": None, "beside": None})}


def _found(name: str, code: str, read: Read) -> Row:
    """What the reader may read by a name; raises Problem 404."""
    found = None
    if len(name) <= NAME_MAX and "\x00" not in name:
        with ledger().record.reading() as connection:
            found = read(connection, name, _whose())
    if found is None:
        raise Problem(404, code, key=name[:NAME_MAX])
    return found


def _shown(rows: list[Row]) -> list[Row]:
    return [queries.shown(row) for row in rows]


def _dated(row: Row) -> Row:
    """A row with the last day of its term in Shanghai, or None."""
    due = row["due_at"]
    return {**row, "due": None if due is None else business_date(due - 1)}
