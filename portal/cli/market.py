"""The exchange from the shell: instruments, what is offered, what was traded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Connection

from ledger.statements.instants import format_instant
from ledger.writer.store import read_head
from market.queries import depth, instruments, trades
from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.config import from_environment
from portal.opening import open_record


@click.group()
def market() -> None:
    """The exchange; nothing here says who trades."""


@market.command("instruments")
@json_option
def listed(as_json: bool) -> None:
    """Every instrument with its reference price and today's limits."""
    with _reading() as (connection, at):
        rows = instruments(connection, at)
    lines = []
    for row in rows:
        limits = row["limits"]
        band = f"{yuan(limits['low_fen'])}–{yuan(limits['high_fen'])}" if limits else "-"
        state = "open" if row["open"] and row["state"] == "listed" else row["state"]
        reference = yuan(row["reference_fen"])
        lines.append(f"{row['instrument']:<12} {state:<9} {reference:>10}  {band}  {row['name']}")
    tell(as_json, rows, "\n".join(lines))


@market.command()
@click.argument("instrument")
@json_option
def listings(instrument: str, as_json: bool) -> None:
    """What may be taken of an instrument: the best prices and the listings there."""
    with _reading() as (connection, at):
        book = depth(connection, instrument, at)
    if book is None:
        raise Failed(REFUSED, "instrument-unknown")
    lines = [
        f"{yuan(level['price_fen']):>10}  {item['quantity']:>10,}  {item['listing']}"
        for level in book["levels"]
        for item in level["listings"]
    ]
    tell(as_json, book, "\n".join(lines))


@market.command("trades")
@click.option("--instrument", help="Only of this instrument.")
@click.option("--after", default=0, show_default=True, type=click.IntRange(0))
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 500))
@json_option
def traded(instrument: str | None, after: int, limit: int, as_json: bool) -> None:
    """Trades in their own sequence, oldest first."""
    with _reading() as (connection, _):
        rows = trades(connection, instrument, after, limit)
    lines = [
        f"{row['sequence']:>6}  {format_instant(row['at'])}  {row['instrument']:<12} "
        f"{yuan(row['price_fen']):>10} × {row['quantity']:,}"
        for row in rows
    ]
    tell(as_json, rows, "\n".join(lines))


def yuan(fen: int) -> str:
    """A price in yuan, exactly."""
    return f"{fen // 100:,}.{fen % 100:02d}"


@contextmanager
def _reading() -> Iterator[tuple[Connection, int]]:
    record = open_record(from_environment())
    try:
        with record.reading() as connection:
            head = read_head(connection, record.origin)
            yield connection, head.at if head else 0
    finally:
        record.database.dispose()
