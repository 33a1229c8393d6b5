"""A report by its name, as JSON, CSV or XLSX: the same for the API and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from ledger.parties.parameters import midnight
from portal.books import EVER
from portal.reports import account, confirmations, fees
from portal.reports.deals import deals, named
from portal.sheets import Table
from portal.shell.texts import say

NAMES = ("account", "confirmations", "fees")


class Report(NamedTuple):
    """What is told of a span of days; ``tables`` are for people, ``value`` for programs."""

    value: dict[str, Any]
    tables: list[Table]


def make(
    connection: Connection,
    size: int,
    name: str,
    party: str,
    first: date | None,
    last: date | None,
    language: str | None = None,
) -> Report | None:
    """The report of a party; ``fees`` are those of an exchange operator. None for no party."""
    if name == "account":
        made = account.statement(connection, size, party, first, last)
        if made is None:
            return None
        heads = _heads(account.COLUMNS, language)
        return Report(account.as_value(made), account.as_tables(made, heads))
    since = 0 if first is None else midnight(first.isoformat())
    until = EVER if last is None else midnight(last.isoformat(), 1)
    if name == "fees":
        found = deals(connection, since, until, operator=party)
        names = named(connection, found)
        heads = _heads(fees.COLUMNS, language)
        return Report(fees.as_value(found, names), fees.as_tables(found, names, heads))
    found = deals(connection, since, until, party=party)
    names = named(connection, found)
    heads = _heads(confirmations.COLUMNS, language)
    value = confirmations.as_value(found, names, party)
    return Report(value, confirmations.as_tables(found, names, party, heads))


def _heads(columns: Sequence[str], language: str | None) -> list[str]:
    return [say(f"report.{name}", language) for name in columns]
