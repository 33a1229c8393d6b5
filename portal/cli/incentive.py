"""``qingzhang incentive``: ask the rules about a party, try a change on everybody, run tests."""

from __future__ import annotations

from datetime import date

import click

from incentives.asking import ask
from incentives.queries import rules_at
from portal.answers import told
from portal.cli.asof import DAY, known_at_option, reading_at
from portal.cli.declared import try_rule
from portal.cli.golden import draft_rule, test_rules
from portal.cli.grants import COMMANDS
from portal.cli.shared import json_option, tell
from portal.cli.simulate import compared, simulated


@click.group()
def incentive() -> None:
    """Incentive rules; an answer is a pre-check and no administrative decision."""


incentive.add_command(test_rules)
incentive.add_command(draft_rule)
for money in COMMANDS:
    incentive.add_command(money)
incentive.add_command(try_rule)
incentive.add_command(simulated)
incentive.add_command(compared)


@incentive.command("rules")
@click.option("--on", type=DAY, help="The law of this day; the newest entry's without it.")
@known_at_option
@json_option
def listed(on: date | None, known_at: int | None, as_json: bool) -> None:
    """The rules on the record as they hold on a day."""
    with reading_at(known_at) as (connection, size, today, _):
        rows = rules_at(connection, (on or today).isoformat(), size)
    shown = [{n: v for n, v in row.items() if n not in ("text", "golden")} for row in rows]
    lines = [
        f"{r['rule']:<16} {r['kind']:<16} {r['region']}  from {r['valid_from']}"
        f"  entry {r['index']}  {r['review']}  {r['title']}"
        for r in rows
    ]
    tell(as_json, shown, "\n".join(lines))


@incentive.command()
@click.argument("party")
@click.option("--on", required=True, type=DAY, help="The law of this day, the facts of its period.")
@click.option("--rule", help="Only this rule.")
@click.option("--explain", is_flag=True, help="Every step with its expression and values.")
@known_at_option
@json_option
def check(
    party: str, on: date, rule: str | None, explain: bool, known_at: int | None, as_json: bool
) -> None:
    """Ask the rules about PARTY.

    The same day and log size give the same answer, whatever was stated since.
    """
    with reading_at(known_at) as (connection, size, *_):
        answer = ask(connection, party, on, size, rule, explain=explain)
    tell(as_json, answer, "\n".join(told(answer)))
