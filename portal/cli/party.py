"""Parties: what is public of one, by shell."""

from __future__ import annotations

from datetime import date

import click

from ledger.parties.queries import dossier
from portal.cli.asof import DAY, reading_at
from portal.cli.shared import REFUSED, Failed, json_option, tell


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
