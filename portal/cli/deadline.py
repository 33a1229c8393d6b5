"""Deadlines: what a party must do or waits for, by day."""

from __future__ import annotations

from datetime import date

import click

from ledger.parties.models import PARTY
from ledger.writer.kinds import Row
from ledger.writer.store import Rows
from portal.cli.asof import DAY, reading_at
from portal.cli.shared import REFUSED, Failed, json_option, language, tell
from portal.desk.deadlines import board
from portal.desk.naming import line
from portal.shell.texts import say


@click.group()
def deadline() -> None:
    """Deadlines of a party."""


@deadline.command("list")
@click.argument("party")
@click.option("--as-of", "as_of", type=DAY, help="Today; without it the day of the newest entry.")
@json_option
def listed(party: str, as_of: date | None, as_json: bool) -> None:
    """Show PARTY's deadlines, earliest first; what waits without a day stands at the end."""
    with reading_at(None) as (connection, _, newest, _):
        row = Rows(connection).row(PARTY, (party,))
        if row is None:
            raise Failed(REFUSED, "party-unknown", {"key": party})
        today = (as_of or newest).isoformat()
        items = board(connection, party, today, row["roles"])
    lines = [_line(item) for item in items]
    tell(as_json, {"as_of": today, "items": items}, "\n".join(lines) or "none")


def _line(item: Row) -> str:
    late = "overdue  " if item["overdue"] else ""
    words = say(f"desk.deadline.{item['kind']}", language(), otherwise="")
    names = dict.fromkeys((words, line(item["about"]), item["name"]))
    day = item["last"] or "no day    "
    return "  ".join([f"{day}  {late}{item['kind']}", *filter(None, names)])
