"""Reads of budget lines, grants and recoveries; ``party`` None is everybody's, for a supervisor."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, Table, exists, or_, select

from incentives.grants.budget_models import available, budget_table
from incentives.grants.models import credit_table, grant_table, notice_table, objection_table
from incentives.grants.recovery_models import case_table, told_sums
from incentives.onrecord.leaves import leaf, path_in
from incentives.onrecord.models import ReviewState, answer_table, cite_table, review_table
from ledger.writer.kinds import Row
from ledger.writer.store import plain

NEWEST_MAX = 200
SECRETS = frozenset({"salt", "steps"})
"""Columns that are shown to nobody: a secret, and the persons who signed each step."""


def shown(row: Row) -> Row:
    """A row without its secrets; a budget line and a recovery with what follows from its sums."""
    told = {name: value for name, value in row.items() if name not in SECRETS}
    if "opened_fen" in row:
        return {**told, "available_fen": available(row)}
    return {**told, **told_sums(row)} if "demanded_fen" in row else told


def budgets(connection: Connection) -> list[Row]:
    """Every line with what is left, the newest year first."""
    query = select(budget_table).order_by(budget_table.c.year.desc(), budget_table.c.line)
    return [shown(plain(row)) for row in connection.execute(query).mappings()]


def notices(connection: Connection) -> list[Row]:
    """The newest notices of grants."""
    query = select(notice_table).order_by(notice_table.c.notice.desc()).limit(NEWEST_MAX)
    return [plain(row) for row in connection.execute(query).mappings()]


def grants_of(party: str | None) -> Select[Any]:
    """Grants in which a party has a part."""
    return _of(grant_table, party, "applicant", "reviewer", "granter")


def cases_of(party: str | None) -> Select[Any]:
    """Recovery cases in which a party has a part."""
    return _of(case_table, party, "applicant", "reviewer", "granter")


def objections_of(party: str | None) -> Select[Any]:
    """Objections that a party made, or has to answer: nobody else is told who objected."""
    return _of(objection_table, party, "party", "granter")


def answers_of(party: str | None) -> Select[Any]:
    """Recorded answers that a party asked for, or that are about it."""
    return _of(answer_table, party, "asker", "subject")


def reviews_of(party: str | None) -> Select[Any]:
    """Questions put again, with what the answer was then, also to those who judge a grant on it."""
    then = (answer_table.c.status.label("then"), answer_table.c.amount_fen.label("then_fen"))
    joined = select(review_table, *then, answer_table.c.rule).join(
        answer_table, answer_table.c.answer == review_table.c.answer
    )
    if party is None:
        return joined
    judged = grant_table.c.answer == review_table.c.answer
    judges = or_(grant_table.c.reviewer == party, grant_table.c.granter == party)
    own = (review_table.c.asker == party) | (review_table.c.subject == party)
    return joined.where(own | exists().where(judged, judges))


def with_fallen(connection: Connection, grants: list[Row]) -> list[Row]:
    """Grants with ``answer_fell``: whether their answer, asked again, is another one."""
    names = {row["answer"] for row in grants}
    changed = review_table.c.state == ReviewState.CHANGED
    query = select(review_table.c.answer).where(review_table.c.answer.in_(names), changed)
    fallen = set(connection.execute(query).scalars())
    return [{**row, "answer_fell": row["answer"] in fallen} for row in grants]


def standing(rows: Select[Any], state: str | None) -> Select[Any]:
    """Those of the grants or cases that are in a state; None for all."""
    return rows if state is None else rows.where(rows.selected_columns["state"] == state)


def newest(connection: Connection, query: Select[Any]) -> list[Row]:
    """The newest rows of such a query, without secrets."""
    column = query.selected_columns["index"]
    rows = connection.execute(query.order_by(column.desc()).limit(NEWEST_MAX)).mappings()
    return [shown(plain(row)) for row in rows]


def grant(connection: Connection, name: str, party: str | None) -> Row | None:
    """A grant with its units and with the objections that the party may see, if it has a part."""
    query = grants_of(party).where(grant_table.c.grant == name)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    (told,) = with_fallen(connection, [shown(plain(row))])
    return {
        **told,
        "credits": _rows(connection, credit_table, "grant", name),
        "objections": _ordered(connection, objections_of(party), objection_table, "grant", name),
    }


def answer(connection: Connection, name: str, party: str | None) -> Row | None:
    """A recorded answer with what it cites, its reviews, and its path to the root of its record.

    Besides who asked and who it is about, those who judge a grant that rests on it may read it.
    A review that is about the units of a grant is not for who asked.
    """
    judged = _of(grant_table, party, "reviewer", "granter").where(grant_table.c.answer == name)
    if party is not None and connection.execute(judged).first() is not None:
        party = None
    reviews = _of(review_table, party, "asker", "subject")
    query = answers_of(party).where(answer_table.c.answer == name)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    table = answer_table
    siblings = select(table.c.answer_sha256, table.c.leaf_salt).where(
        table.c.record == row["record"]
    )
    placed = connection.execute(siblings.order_by(table.c.place)).all()
    leaves = [leaf(digest, salt) for digest, salt in placed]
    return {
        **shown(plain(row)),
        "path": path_in(leaves, row["place"]),
        "cites": _rows(connection, cite_table, "answer", name),
        "reviews": _ordered(connection, reviews, review_table, "answer", name),
    }


def _rows(connection: Connection, table: Table, column: str, value: str) -> list[Row]:
    return _ordered(connection, select(table), table, column, value)


def _ordered(
    connection: Connection, rows: Select[Any], table: Table, column: str, value: str
) -> list[Row]:
    query = rows.where(table.c[column] == value).order_by(*table.primary_key.columns)
    return [shown(plain(row)) for row in connection.execute(query).mappings()]


def _of(table: Table, party: str | None, *names: str) -> Select[Any]:
    return _narrowed(select(table), table, party, *names)


def _narrowed(query: Select[Any], table: Table, party: str | None, *names: str) -> Select[Any]:
    if party is None:
        return query
    return query.where(or_(*(table.c[name] == party for name in names)))
