"""Statements of account, trade confirmations and fees to invoice, as files or on the screen."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from ledger.parties.models import PARTY
from ledger.writer.store import Rows
from portal.cli.asof import DAY, need_order, reading_at
from portal.cli.shared import REFUSED, USAGE, Failed, dump, json_option, tell
from portal.reports.making import Report, make
from portal.sheets import SheetFault, Table, write_tables
from portal.shell.texts import LANGUAGES

OUT = click.Path(path_type=Path, dir_okay=False)
party_option = click.option("--party", required=True, help="Whose it is.")
out_option = click.option("-o", "out", type=OUT, help="Write a .csv or .xlsx instead.")
lang_option = click.option(
    "--lang", type=click.Choice(LANGUAGES), default=LANGUAGES[0], help="Of the heads."
)
day_option = click.option("--date", "day", type=DAY, help="One day.")
from_option = click.option("--from", "first", type=DAY, help="First day; from the beginning.")
to_option = click.option("--to", "last", type=DAY, help="Last day; up to now.")


@click.command()
@party_option
@day_option
@from_option
@to_option
@out_option
@lang_option
@json_option
def statement(
    party: str,
    day: date | None,
    first: date | None,
    last: date | None,
    out: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """The statement of account (日终报表) of a party: held, moved, traded, each with its entry."""
    _give("account", party, day or first, day or last, out, lang, as_json)


@click.command()
@party_option
@day_option
@from_option
@to_option
@out_option
@lang_option
@json_option
def confirmations(
    party: str,
    day: date | None,
    first: date | None,
    last: date | None,
    out: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Every trade of a party with both sides, as they invoice each other (成交确认)."""
    _give("confirmations", party, day or first, day or last, out, lang, as_json)


@click.command()
@click.option("--operator", "party", default="exchange", show_default=True)
@click.option("--month", required=True, help="The month, as 2026-04.")
@out_option
@lang_option
@json_option
def fees(party: str, month: str, out: Path | None, lang: str, as_json: bool) -> None:
    """What an exchange invoices for a month: fees by party, with name, code and count."""
    first, last = _month(month)
    _give("fees", party, first, last, out, lang, as_json)


COMMANDS = (statement, confirmations, fees)


def _give(
    name: str,
    party: str,
    first: date | None,
    last: date | None,
    out: Path | None,
    language: str,
    as_json: bool,
) -> None:
    need_order(first, last)
    made = _made(name, party, first, last, language)
    if out is None and as_json:
        click.echo(dump(made.value()))
        return
    tables = made.tables()
    if out is None:
        click.echo(_text(tables[0]))
        return
    try:
        write_tables(out, tables)
    except SheetFault as error:
        raise Failed(USAGE, error.code, error.params) from error
    tell(as_json, {"report": str(out), "party": party, "rows": len(list(tables[0].rows))})


def _made(name: str, party: str, first: date | None, last: date | None, language: str) -> Report:
    with reading_at(None) as (connection, size, *_):
        row = Rows(connection).row(PARTY, (party,))
        if row is None:
            raise Failed(REFUSED, "party-unknown", {"key": party})
        return make(connection, size, name, row, first, last, language)


def _text(table: Table) -> str:
    """A line a row, of the cells that say something."""
    rows: list[Sequence[object]] = [table.columns, *table.rows]
    return "\n".join("\t".join("" if cell is None else str(cell) for cell in row) for row in rows)


def _month(text: str) -> tuple[date, date]:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Failed(USAGE, "parameter-invalid", {"field": "month", "rule": "YYYY-MM"}) from error
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
