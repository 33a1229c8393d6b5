"""Parties: what is public of one, and what is one's own, by shell."""

from __future__ import annotations

from datetime import date

import click

from ledger.parties.models import PARTY
from ledger.parties.queries import dossier
from ledger.writer.kinds import Row
from ledger.writer.store import Rows
from portal.cli.asof import DAY, reading_at
from portal.cli.shared import REFUSED, Failed, dump, json_option, tell
from portal.desk.own import COLLECTIONS, latest


@click.group()
def party() -> None:
    """Parties, their approvals and operators."""


@party.command()
@click.argument("party")
@click.option("--on", "day", type=DAY, help="The day on which approvals stand; today without it.")
@json_option
def show(party: str, day: date | None, as_json: bool) -> None:
    """Show PARTY: agreements, approvals, operators' duties, history."""
    with reading_at(None) as (connection, _, today, _):
        found = dossier(connection, party, (day or today).isoformat())
    if found is None:
        raise Failed(REFUSED, "party-unknown", {"key": party})
    tell(as_json, found)


@party.command("list")
@click.argument("party")
@click.argument("sort", type=click.Choice(sorted(COLLECTIONS)), metavar="SORT")
@click.option("--state", help="Only those that stand there.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True)
@click.option("--ids", is_flag=True, help="Print their ids alone, as other commands take them.")
@json_option
def list_own(
    party: str, sort: str, state: str | None, limit: int, ids: bool, as_json: bool
) -> None:
    """What PARTY has of a SORT, newest first: pledges, freezes, accounts, consents and so on.

    Freezes and pledges tell what they hold and what they wait for. The sorts are those of
    /v1/SORT; a wrong one names them all.
    """
    collection = COLLECTIONS[sort]
    words = collection.narrowed.get("state")
    if state is not None and (words is None or state not in words):
        raise Failed(REFUSED, "not-one-of", {"field": "state", "known": list(words or ())})
    with reading_at(None) as (connection, *_):
        if Rows(connection).row(PARTY, (party,)) is None:
            raise Failed(REFUSED, "party-unknown", {"key": party})
        rows, more = latest(connection, sort, party, limit, **({"state": state} if state else {}))
    key = collection.kind.key
    text = "\n".join(_line(key, row, ids) for row in rows)
    tell(as_json, rows, text)
    if more:
        click.echo(f"more than {limit}: --limit shows others", err=True)


def _line(key: tuple[str, ...], row: Row, ids: bool) -> str:
    name = "/".join(str(row[column]) for column in key)
    if ids:
        return name
    told = {n: v for n, v in row.items() if n not in key and v is not None}
    return "  ".join(
        [name, *(f"{n} {v if isinstance(v, str | int) else dump(v)}" for n, v in told.items())]
    )
