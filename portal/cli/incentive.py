"""``qingzhang incentive``: ask the rules about a party, try a change on everybody, run tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from incentives.comparing import compare
from incentives.queries import rules_at, waiting
from incentives.telling import tell as told_of
from ledger.parties.queries import party_named
from portal.cli.asof import DAY, known_at_option, reading_at
from portal.cli.bulk import OUT, listed_answers
from portal.cli.declared import try_rule
from portal.cli.declaring import FILE, Declarations, declare_option, declared_by
from portal.cli.golden import draft_rule, test_rules
from portal.cli.grants import COMMANDS
from portal.cli.params import Whole
from portal.cli.shared import json_option, policy, tell
from portal.cli.simulate import compared, simulated
from portal.policy.answers import differences, told


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
    """The rules on the record as they hold on a day, then those that wait for a signature."""
    with reading_at(known_at) as (connection, size, today, _):
        rows = rules_at(connection, (on or today).isoformat(), size)
        unsigned = [row for row in waiting(connection) if row["index"] < size]
    shown = [{n: v for n, v in row.items() if n not in ("text", "golden")} for row in rows]
    lines = [
        f"{r['rule']:<16} {r['kind']:<16} {r['region']}  from {r['valid_from']}"
        f"  entry {r['index']}  {r['review']}  {r['title']}"
        for r in rows
    ]
    lines += [
        f"{r['rule']:<16} waits for the finance bureau (incentive approval)  entry {r['index']}"
        for r in unsigned
    ]
    tell(as_json, shown, "\n".join(lines))


@incentive.command()
@click.argument("party", required=False)
@click.option("--on", required=True, type=DAY, help="The law of this day, the facts of its period.")
@click.option("--list", "sheet", type=FILE, help="Enterprises as CSV or XLSX instead of PARTY.")
@click.option("--out", type=OUT, help="Where the answers to a list go, CSV or XLSX.")
@click.option("--rule", help="Only this rule.")
@click.option("--explain", is_flag=True, help="Every step with its expression and values.")
@declare_option
@known_at_option
@json_option
def check(
    party: str | None,
    on: date,
    sheet: Path | None,
    out: Path | None,
    rule: str | None,
    explain: bool,
    said: Declarations,
    known_at: int | None,
    as_json: bool,
) -> None:
    """Ask the rules about PARTY (its id or unified code), or about everybody in a list.

    The same day and log size give the same answer, whatever was stated since. A list has a column
    party or uscc, if need be on, and inputs to declare as INPUT or RULE.INPUT.
    """
    if (party is None) == (sheet is None) or (sheet is None) != (out is None):
        raise click.UsageError("PARTY is needed, or --list with --out")
    if sheet is not None and out is not None:
        if explain or said:
            raise click.UsageError("a list takes no --explain and no --declare")
        tell(as_json, *listed_answers(sheet, out, on, known_at, rule, bar=not as_json))
        return
    assert party is not None
    with policy(), reading_at(known_at) as (connection, size, *_):
        declared = declared_by(said)
        named = party_named(connection, party)
        answer = told_of(connection, named, on, size, rule, explain=explain, declared=declared)
    tell(as_json, answer, "\n".join(told(answer, whole=explain)))


@incentive.command()
@click.argument("party")
@click.argument("rule", required=False)
@click.option("--on", required=True, type=DAY, help="The day of the first answer.")
@known_at_option
@click.option("--then-on", type=DAY, help="The day of the second answer; without it the same.")
@click.option(
    "--then-known-at", type=Whole(1), help="The log size of the second answer; now without it."
)
@declare_option
@json_option
def why(
    party: str,
    rule: str | None,
    on: date,
    known_at: int | None,
    then_on: date | None,
    then_known_at: int | None,
    said: Declarations,
    as_json: bool,
) -> None:
    """Say why the answer to PARTY is another one, by fact, parameter, clause and version."""
    with policy(), reading_at(known_at) as (connection, size, *_):
        declared = declared_by(said)
        named = party_named(connection, party)
        before = told_of(connection, named, on, size, rule, declared=declared)
    with policy(), reading_at(then_known_at) as (connection, size, *_):
        after = told_of(connection, named, then_on or on, size, rule, declared=declared)
    found = compare(before, after)
    tell(as_json, found, "\n".join(differences(found)))
