"""Questions with two times: options for a day and a log size, and the record read as of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

import click
from sqlalchemy import Connection

from ledger.accounts.commitments.queries import AsOf
from ledger.parties.parameters import business_date
from ledger.statements.errors import Malformed
from ledger.statements.instants import parse_date
from ledger.writer.errors import Refusal
from ledger.writer.store import Head, read_head
from portal.cli.params import Whole
from portal.cli.shared import USAGE, Failed
from portal.config import from_environment
from portal.home.opening import open_record


class Reading(NamedTuple):
    """The record as of a log size."""

    connection: Connection
    size: int
    today: date
    """The day of the newest entry, in Shanghai."""
    head: Head
    """That of the whole log."""


class Day(click.ParamType[date]):
    """A day written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """The day; another text is wrong usage."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(parse_date(value))
        except Malformed:
            self.fail(f"{value!r} is not a day written YYYY-MM-DD", param, ctx)


class DayOrSize(click.ParamType[AsOf]):
    """A day written YYYY-MM-DD, or a log size: which commitment to balances is meant."""

    name = "day or size"

    def convert(self, value: Any, param: Any, ctx: Any) -> AsOf:
        """The commitment's place; another text is wrong usage."""
        if isinstance(value, AsOf):
            return value
        if "-" in str(value).strip("-"):
            return AsOf(day=DAY.convert(value, param, ctx).isoformat())
        return AsOf(size=Whole(1).convert(value, param, ctx))


DAY = Day()
as_of_option = click.option(
    "--as-of",
    "asked",
    type=DayOrSize(),
    default=AsOf(),
    help="By the last commitment of this day in Shanghai, or up to this log size; the newest "
    "without it.",
)
known_at_option = click.option(
    "--known-at", type=Whole(1), help="As known at this log size; now without it."
)


def need_order(first: date | None, last: date | None) -> None:
    """Raise Failed for a last day before the first."""
    if first and last and last < first:
        raise Failed(USAGE, "parameter-invalid", {"field": "to", "rule": "not-before-from"})


def span_of(first: date | None, last: date | None) -> tuple[str, str]:
    """Two days, the ends of the calendar where none is given; raises Failed as above."""
    need_order(first, last)
    return (first or date.min).isoformat(), (last or date.max).isoformat()


@contextmanager
def reading_at(known_at: int | None) -> Iterator[Reading]:
    """The record with the log size to read at and the day of its newest entry in Shanghai.

    Raises Refusal ``size-beyond-head``.
    """
    record = open_record(from_environment())
    try:
        with record.reading() as connection:
            head = read_head(connection, record.origin) or Head(0, "", 0, 0)
            if known_at is not None and known_at > head.size:
                raise Refusal("size-beyond-head", size=head.size, asked=known_at)
            today = date.fromisoformat(business_date(head.at))
            yield Reading(connection, known_at or head.size, today, head)
    finally:
        record.database.dispose()
