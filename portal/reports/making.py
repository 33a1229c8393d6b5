"""A report by its name, as JSON, CSV or XLSX: the same for the API and the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from ledger.writer.kinds import Row
from portal.reports import account, confirmations, fees
from portal.reports.deals import deals, named
from portal.sheets import Table, Value
from portal.shell.texts import say

CATALOGUES = {"line": "report_line", "side": "report_side", "act": "type"}
"""Where the words of a cell stand."""
NAMES = ("account", "confirmations", "fees")


class Report(NamedTuple):
    """What is told of a span of days: a value for programs, tables for people, made when asked."""

    value: Callable[[], dict[str, Any]]
    tables: Callable[[], list[Table]]


def make(
    connection: Connection,
    size: int,
    name: str,
    party: Row,
    first: date | None,
    last: date | None,
    language: str,
) -> Report:
    """The report of a party; ``fees`` are those of an exchange operator.

    Everything is read at once, so that the record need not be open when the report is made.
    """

    def worded(column: str, value: Value) -> str:
        return say(f"{CATALOGUES[column]}.{value}", language, otherwise=str(value))

    own = party["party"]
    if name == "account":
        made = account.statement(connection, size, party, first, last)
        return Report(
            lambda: account.as_value(made),
            lambda: account.as_tables(made, _heads(account.COLUMNS, language), worded),
        )
    sides = {"operator": own} if name == "fees" else {"party": own}
    found = deals(connection, first, last, **sides)
    names = named(connection, found)
    if name == "fees":
        return Report(
            lambda: fees.as_value(found, names),
            lambda: fees.as_tables(found, names, _heads(fees.COLUMNS, language)),
        )
    return Report(
        lambda: confirmations.as_value(found, names, own),
        lambda: confirmations.as_tables(found, names, own, _heads(confirmations.COLUMNS, language)),
    )


def _heads(columns: Sequence[str], language: str) -> list[str]:
    return [say(f"report.{name}", language) for name in columns]
