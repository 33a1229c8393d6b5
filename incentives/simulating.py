"""What a change of a rule would do to everybody of whom the record holds the facts it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import numpy as np

from incentives import exact
from incentives.population.study import Found, graded_at
from incentives.population.whatif import counted, total
from incentives.population.work import STATUSES, Result
from incentives.rules.errors import RuleRefused
from incentives.rules.evaluate import Evaluation, World
from incentives.rules.law import Parameter
from incentives.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Change:
    """One party whose answer would be another; amounts in fen, None where there is none.

    ``grades`` are those that would be others, each ``NAME_before`` and ``NAME_after``.
    """

    party: str
    before: str
    after: str
    before_fen: int | None
    after_fen: int | None
    grades: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule before and after a change, over a population; sums in fen over known amounts.

    A sum is None where the rule has none. `changed` is how many are answered otherwise.
    """

    asked: int
    changed: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    before_fen: int | None
    after_fen: int | None


def with_values(rule: Rule, values: Mapping[str, Fraction], on: date) -> Rule:
    """A rule whose parameters have other values on a day.

    Raises RuleRefused rule-parameter-unknown or parameter-kind (a table or texts), each with those
    that can be set as `known`; parameter-not-in-force (no value on that day, so there
    is none to change); parameter-twice (set by two of its names); or parameter-out-of-range, with
    the `parameter`, its `value`, `least`, `most` (empty where nothing bounds it) and `unit`.
    """
    parameters = dict(rule.parameters)
    set_: set[str] = set()
    for given, told in values.items():
        name, value = meant(rule, given, told)
        if (parameter := parameters.get(name)) is None:
            raise RuleRefused("rule-parameter-unknown", field=name, known=_settable(rule))
        if parameter.kind != "value":
            raise RuleRefused(
                "parameter-kind", field=name, found=parameter.kind, known=_settable(rule)
            )
        if name in set_:
            raise RuleRefused("parameter-twice", field=given)
        set_.add(name)
        _check_range(parameter, value, given)
        parameters[name] = _valued(parameter, value, on)
    return replace(rule, parameters=parameters)


def meant(rule: Rule, name: str, value: Fraction) -> tuple[str, Fraction]:
    """The parameter and the value that are meant where a parameter is set by another name of it.

    Raises RuleFault where the value has no meaning, as nought in a quotient.
    """
    for parameter in rule.parameters.values():
        if (node := parameter.also.get(name)) is not None:
            found = Evaluation(World({name: value})).trace(node).value
            if isinstance(found, Fraction):
                return parameter.id, found
    return name, value


def _settable(rule: Rule) -> tuple[str, ...]:
    """The names by which a number of a rule can be set: its own, then the others of each."""
    found = [parameter for parameter in rule.parameters.values() if parameter.kind == "value"]
    return (*(parameter.id for parameter in found), *(n for p in found for n in p.also))


def _check_range(parameter: Parameter, value: Fraction, given: str) -> None:
    least, most = parameter.bounds
    if value < least or (most is not None and value > most):
        raise RuleRefused(
            "parameter-out-of-range",
            field=given,
            parameter=parameter.id,
            value=exact.text(value),
            least=exact.text(least),
            most="" if most is None else exact.text(most),
            unit=parameter.unit,
        )


def _valued(parameter: Parameter, value: Fraction, on: date) -> Parameter:
    if not parameter.on(on):
        raise RuleRefused("parameter-not-in-force", field=parameter.id, on=on.isoformat())
    values = tuple(
        replace(dated, value=value) if dated.span.holds(on) else dated for dated in parameter.values
    )
    return replace(parameter, values=values)


def difference_of(found: Found) -> Difference:
    """What was found, summed up."""
    before, after = found.before, found.after
    return Difference(
        len(found.people),
        int(np.count_nonzero(found.changed)),
        dict(sorted(counted(before).items())),
        dict(sorted(counted(after).items())),
        _sum(before),
        _sum(after),
    )


def _sum(result: Result) -> int | None:
    return None if result.rule.amount is None else total(result.amount_fen)


def changes_of(found: Found) -> tuple[Change, ...]:
    """Everybody whose answer changes."""
    return tuple(_change(found, place) for place in np.flatnonzero(found.changed).tolist())


def _change(found: Found, place: int) -> Change:
    results = (found.before, found.after)
    states = [STATUSES[int(result.status[place])] for result in results]
    amounts = [result.amount(place) for result in results]
    grades = graded_at(found, place)
    sides = (states[0], states[1], amounts[0], amounts[1])
    return Change(found.people.names[place], *sides, _moved(grades))


def _moved(grades: Mapping[str, int | None]) -> dict[str, int | None]:
    """Of each grade both sides, where they are not alike."""
    names = dict.fromkeys(name.rpartition("_")[0] for name in grades)
    return {
        f"{name}_{side}": grades[f"{name}_{side}"]
        for name in names
        if grades[f"{name}_before"] != grades[f"{name}_after"]
        for side in ("before", "after")
    }
