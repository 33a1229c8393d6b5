"""Public facts for everybody: what may be observed, what was, by whom, and how it was corrected.

Confidential facts have no door here; whoever runs the ledger reads them from the shell.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Connection, Select, func, select

from incentives import exact
from ledger.facts.models import FACT, INDICATOR, fact_table, indicator_table
from ledger.facts.queries import history, standing
from ledger.writer.kinds import Row
from ledger.writer.store import Rows
from portal.shell.answers import json_resource
from portal.shell.asked import plausible, times_asked, word_asked
from portal.shell.current import ledger
from portal.shell.pages import page
from portal.shell.paging import page_of, rows_of
from portal.shell.problems import Problem

DOOR = Blueprint("facts", __name__)


@DOOR.get("/v1/indicators")
def indicators() -> Response:
    """A page of the indicators: unit, period, subject, circle, and who may state them."""
    with ledger().record.reading() as connection:
        return page_of(connection, INDICATOR)


@DOOR.get("/v1/facts")
def facts() -> Response:
    """A page of public facts that stood ``?known_at=`` a size; ``?indicator=``, ``?subject=``."""
    with ledger().record.reading() as connection:
        return page_of(connection, FACT, _asked(connection))


@DOOR.get("/v1/facts/<path:name>")
def fact(name: str) -> Response:
    """A public fact with the line of corrections that it is part of."""
    row, line = _found(name)
    return json_resource({**row, "line": line})


@DOOR.get("/facts")
def board() -> Response:
    """What may be observed; or, for one indicator, the facts that stand."""
    if word_asked("indicator") is None and word_asked("subject") is None:
        with ledger().record.reading() as connection:
            defined = connection.execute(select(indicator_table).order_by("indicator"))
            rows = [dict(row) for row in defined.mappings()]
            counts = _counts(connection)
        others = sorted(counts.keys() - {row["indicator"] for row in rows})
        return page("indicators.html", indicators=rows, counts=counts, others=others)
    with ledger().record.reading() as connection:
        rows, following = rows_of(connection, FACT, _asked(connection))
        indicator = Rows(connection).row(INDICATOR, (word_asked("indicator"),))
    asked = word_asked("indicator") or word_asked("subject")
    return page(
        "facts.html", facts=rows, next=following, indicator=indicator, asked=asked, value=value_of
    )


@DOOR.get("/facts/<path:name>")
def sheet(name: str) -> Response:
    """A public fact and its corrections."""
    row, line = _found(name)
    return page("fact.html", fact=row, line=line, value=value_of)


def value_of(row: Row) -> str:
    """The value of a fact, exactly, in groups of three digits."""
    whole, point, rest = exact.text(Fraction(row["value"], 10 ** row["scale"])).partition(".")
    return f"{int(whole):,}{point}{rest}" if whole != "-0" else f"-0{point}{rest}"


def _asked(connection: Connection) -> Select[Any]:
    _, size = times_asked(connection)
    query = select(fact_table).where(standing(fact_table, size))
    for name in ("indicator", "subject"):
        if (asked := word_asked(name)) is not None:
            query = query.where(fact_table.c[name] == asked)
    return query


def _found(name: str) -> tuple[Row, list[Row]]:
    """A fact and its line of corrections; raises Problem 404."""
    if plausible(name):
        with ledger().record.reading() as connection:
            row = Rows(connection).row(FACT, (name,))
            if row is not None:
                return row, history(connection, row)
    raise Problem(404, "fact-unknown", key=name[:60])


def _counts(connection: Connection) -> dict[str, int]:
    """How many public facts of each indicator stand."""
    table = fact_table
    query = select(table.c.indicator, func.count()).where(standing(table, None))
    return {name: count for name, count in connection.execute(query.group_by(table.c.indicator))}
