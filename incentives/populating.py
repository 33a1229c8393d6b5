"""The population that the record knows: everybody with facts of the period that a rule asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from incentives.asking import known_party
from incentives.population.facts import Facts, facts
from incentives.population.people import People, people
from incentives.reading import Stored
from incentives.rules.errors import InputRefused
from incentives.rules.gather import gather
from incentives.rules.rule import Rule
from ledger.facts.periods import period_of
from ledger.facts.queries import known
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row


def recorded(
    connection: Connection, rules: Sequence[Rule], on: date, size: int
) -> tuple[People, tuple[Facts, ...]]:
    """The parties with facts that any of some rules asks for, and the facts for each rule.

    Regions are those of the parties at that log size; industry and size are not on the record and
    stay unknown.
    Raises Refusal ``incentive-rule-factless`` where a rule asks the record for nothing.
    """
    found = []
    for rule in rules:
        if rule.facts is None:
            raise Refusal("incentive-rule-factless", rule=rule.id)
        start, end = period_of(rule.facts.period, on)
        found.append(_by_party(known(connection, rule.facts.indicators, start, end, size)))
    names = sorted({name for rows in found for name in rows})
    reading = Stored(connection)
    regions = [known_party(reading, name, size)["region"] for name in names]
    unknown = [None] * len(names)
    columns = [
        facts(rule.inputs, [_inputs(rule, rows.get(name, [])) for name in names])
        for rule, rows in zip(rules, found, strict=True)
    ]
    return people(names, regions, unknown, unknown), tuple(columns)


def _inputs(rule: Rule, rows: list[Row]) -> object:
    """What a rule is asked with; None, which no rule takes, where facts contradict each other."""
    try:
        return gather(rule, rows).inputs
    except InputRefused:
        return None


def _by_party(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["subject"], []).append(row)
    return found
