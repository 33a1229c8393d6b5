"""What a change of a rule would do to everybody of whom the record holds the facts it asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from sqlalchemy import Connection

from incentives.asking import answer, facts_of, known_party
from incentives.rules.errors import RuleRefused
from incentives.rules.law import Parameter
from incentives.rules.rule import Rule
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row


@dataclass(frozen=True, slots=True)
class Change:
    """One party whose answer would be another; amounts in fen, None where there is none."""

    party: str
    before: str
    after: str
    before_fen: int | None
    after_fen: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule before and after a change, over a population; sums in fen over known amounts."""

    asked: int
    changes: tuple[Change, ...]
    before: Mapping[str, int]
    after: Mapping[str, int]
    before_fen: int
    after_fen: int


def with_values(rule: Rule, values: Mapping[str, Fraction], on: date) -> Rule:
    """A rule whose parameters have other values on a day.

    Raises RuleRefused rule-parameter-unknown or parameter-kind (a table or texts), each with those
    that can be set as `known`, or parameter-not-in-force (no value on that day, so there
    is none to change).
    """
    parameters = dict(rule.parameters)
    for name, value in values.items():
        if (parameter := parameters.get(name)) is None:
            raise RuleRefused("rule-parameter-unknown", field=name, known=_settable(rule))
        if parameter.kind != "value":
            raise RuleRefused(
                "parameter-kind", field=name, found=parameter.kind, known=_settable(rule)
            )
        parameters[name] = _valued(parameter, value, on)
    return replace(rule, parameters=parameters)


def _settable(rule: Rule) -> tuple[str, ...]:
    return tuple(name for name, known in rule.parameters.items() if known.kind == "value")


def _valued(parameter: Parameter, value: Fraction, on: date) -> Parameter:
    if not parameter.on(on):
        raise RuleRefused("parameter-not-in-force", field=parameter.id, on=on.isoformat())
    values = tuple(
        replace(dated, value=value) if dated.span.holds(on) else dated for dated in parameter.values
    )
    return replace(parameter, values=values)


def simulate(connection: Connection, before: Rule, after: Rule, on: date, size: int) -> Difference:
    """Put both rules to every party with facts of the period in which the day lies.

    Raises Refusal ``incentive-rule-factless`` where the rules ask the record for nothing.
    """
    if before.facts is None or after.facts is None:
        raise Refusal("incentive-rule-factless", rule=before.id)
    old, new = (_by_party(facts_of(connection, rule, on, size)) for rule in (before, after))
    parties = sorted({*old, *new})
    rows = []
    for party in parties:
        region = known_party(connection, party, size)["region"]
        first = answer(before, old.get(party, []), on, region)
        second = answer(after, new.get(party, []), on, region)
        rows.append(
            Change(
                party,
                str(first["status"]),
                str(second["status"]),
                _fen(first["amount_fen"]),
                _fen(second["amount_fen"]),
            )
        )
    return _summed(rows)


def _summed(rows: Sequence[Change]) -> Difference:
    changed = (r for r in rows if (r.before, r.before_fen) != (r.after, r.after_fen))
    return Difference(
        len(rows),
        tuple(changed),
        _counted(row.before for row in rows),
        _counted(row.after for row in rows),
        sum(row.before_fen or 0 for row in rows),
        sum(row.after_fen or 0 for row in rows),
    )


def _counted(states: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(states).items()))


def _by_party(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["subject"], []).append(row)
    return found


def _fen(amount: object) -> int | None:
    return amount if isinstance(amount, int) else None
