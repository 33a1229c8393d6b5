"""The population that the record knows: everybody with facts of the period that a rule asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from incentives.population.facts import Facts, facts
from incentives.population.people import People, people
from incentives.queries import laws_at
from incentives.reading import Stored
from incentives.regions import within
from incentives.rules.errors import InputRefused
from incentives.rules.gather import gather
from incentives.rules.rule import Rule
from ledger.facts.periods import period_of
from ledger.facts.queries import known, newest_end
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row


def standing(
    connection: Connection, rule: str, on: date | None, today: date, size: int
) -> tuple[Rule, date]:
    """A rule as its text stood on a day, and the day.

    Without a day it is the last one of the newest period for which the rule's facts are known, else
    today. Raises Refusal ``incentive-rule-unknown`` where no text held on the day.
    """
    found = stood(connection, rule, on or today, size)
    if on is not None:
        return found, on
    day = newest_day(connection, (found,), today, size)
    return (found if day == today else stood(connection, rule, day, size)), day


def newest_day(connection: Connection, rules: Sequence[Rule], today: date, size: int) -> date:
    """The last day, up to today, of the newest period for which facts of any rule are known.

    Today where nothing is known that they ask for.
    """
    asked = {name for rule in rules if rule.facts for name in rule.facts.indicators}
    end = newest_end(connection, asked, size, today.isoformat()) if asked else None
    return today if end is None else date.fromisoformat(end)


def stood(connection: Connection, rule: str, on: date, size: int) -> Rule:
    """A rule's text on a day, as known at a log size; Refusal ``incentive-rule-unknown``."""
    found = laws_at(connection, on.isoformat(), size, rule)
    if not found:
        raise Refusal("incentive-rule-unknown", rule=rule, on=on.isoformat(), known_at=size)
    return found[0][1]


def recorded(
    connection: Connection,
    rules: Sequence[Rule],
    on: date,
    size: int,
    reach: str | None = None,
) -> tuple[People, tuple[Facts, ...]]:
    """The parties with facts that any of some rules asks for, and the facts for each rule.

    Those of one region alone with ``reach``, its code.  Regions are those of the parties at that
    log size; industry and size are not on the record and stay unknown.  Rules that ask for the same
    have the same facts, read once. Raises Refusal ``incentive-rule-factless`` where a rule asks the
    record for nothing, and ``party-unknown`` for facts of a party that is not there.
    """
    places: list[int] = []
    asked: list[Rule] = []
    found: list[dict[str, list[Row]]] = []
    for rule in rules:
        if rule.facts is None:
            raise Refusal("incentive-rule-factless", rule=rule.id)
        alike = [n for n, other in enumerate(asked) if _asks_alike(rule, other)]
        places.append(alike[0] if alike else len(asked))
        if not alike:
            start, end = period_of(rule.facts.period, on)
            rows = known(connection, rule.facts.indicators, start, end, size)
            asked.append(rule)
            found.append(_by_party(rows))
    names = sorted({name for rows in found for name in rows})
    regions = _regions(connection, names, size)
    names = [name for name in names if reach is None or _lies(regions[name], reach)]
    unknown = [None] * len(names)
    columns = [
        facts(rule.inputs, [_inputs(rule, rows.get(name, [])) for name in names])
        for rule, rows in zip(asked, found, strict=True)
    ]
    who = people(names, [regions[name] for name in names], unknown, unknown)
    return who, tuple(columns[place] for place in places)


def _regions(connection: Connection, names: Sequence[str], size: int) -> dict[str, str | None]:
    found = Stored(connection).regions(names, size)
    for name in names:
        if name not in found:
            raise Refusal("party-unknown", key=name)
    return found


def _lies(region: str | None, reach: str) -> bool:
    return region is not None and within(region, reach)


def _asks_alike(rule: Rule, other: Rule) -> bool:
    return (rule.facts, rule.inputs) == (other.facts, other.inputs)


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
