"""Rules put to populations, kept between the changes that somebody tries on them.

Drawing a hundred thousand enterprises and answering them once takes far longer than one change, so
the newest few stay in memory. They are nobody's record: losing them costs only that time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from threading import Lock
from typing import Any

from incentives import exact
from incentives.errors import PolicyError
from incentives.population.study import Found, Study, cliffs_plain, plain
from incentives.population.synthetic import invented
from incentives.rules.errors import RuleFault
from incentives.rules.law import Parameter
from incentives.rules.rule import Rule, read
from incentives.simulating import meant, with_values
from ledger.statements.canonical import INTEGER_MAX
from portal.shell.problems import Problem

ENTERPRISES = 100_000
SEED = 1
KEPT = 3
SETTINGS_MAX = 20
RANGE = ("parameter", "value", "least", "most", "unit")
"""What a refusal of a figure outside its range tells of it."""
FAULTS = (
    "parameter-out-of-range",
    "parameter-twice",
    "parameter-kind",
    "rule-parameter-unknown",
    "number-malformed",
    "number-too-long",
    "amount-too-large",
)
"""Why a figure is refused; the page has words for each."""


@dataclass
class _Place:
    """Where one study is made, by the first who asks, while others who ask for it wait."""

    study: Study | None = None
    lock: Lock = field(default_factory=Lock)


@dataclass
class Studies:
    """The newest studies by rule text and day; who asks for one waits for no other."""

    count: int = ENTERPRISES
    _lock: Lock = field(default_factory=Lock)
    _places: OrderedDict[tuple[str, date], _Place] = field(default_factory=OrderedDict)

    def of(self, digest: str, text: str, on: date) -> Study:
        """The study of a rule over invented enterprises."""
        place = self._place((digest, on))
        with place.lock:
            if place.study is None:
                rule = read(text)
                place.study = Study(rule, *invented(rule, self.count, on, SEED), on)
            return place.study

    def _place(self, key: tuple[str, date]) -> _Place:
        with self._lock:
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            while len(self._places) > KEPT:
                self._places.popitem(last=False)
            return place


def settings(text: str) -> dict[str, Fraction]:
    """Read ``first_cut:0.25,second_cut:0.5``; raises Problem ``parameter-invalid``."""
    found: dict[str, Fraction] = {}
    for pair in filter(None, text.split(",")):
        name, sign, value = pair.partition(":")
        try:
            if not sign or name in found or len(found) >= SETTINGS_MAX:
                raise Problem(400, "parameter-invalid", field="set", rule="NAME:VALUE,…")
            found[name] = exact.number(value)
        except PolicyError as error:
            raise Problem(400, "parameter-invalid", field="set", rule=error.code) from error
    return found


def changed(study: Study, values: Mapping[str, Fraction]) -> Found:
    """What other values do; raises Problem ``parameter-invalid`` for one that cannot be set.

    Nor for one by which sums would be larger than the answer can state them.
    """
    try:
        found = study.change(with_values(study.rule, values, study.on))
        if _largest(found) > INTEGER_MAX:
            raise RuleFault("amount-too-large", most=INTEGER_MAX)
        return found
    except PolicyError as error:
        named = str(error.params.get("field", "set"))[:60]
        rest = {name: error.params[name] for name in RANGE if name in error.params}
        raise Problem(400, "parameter-invalid", field=named, rule=error.code, **rest) from error


def _largest(found: Found) -> int:
    """The largest sum in fen that a simulation tells."""
    difference = found.difference
    told = [difference.won_fen, difference.lost_fen]
    for sums in (difference.before, difference.after):
        told += [sums.cost_fen, sums.fen_per_tonne, *(figure.fen for figure in sums.figures)]
    return max(abs(fen or 0) for fen in told)


def typed(text: str) -> dict[str, str]:
    """What was typed for each figure, whether or not it can be set."""
    pairs = (pair.partition(":") for pair in text.split(",")[:SETTINGS_MAX])
    return {name: value for name, _, value in pairs if name}


def told(study: Study, found: Found, *, cliffs: bool) -> dict[str, Any]:
    """A simulation for a program to read."""
    return {
        "rule": study.rule.id,
        "rule_sha256": study.rule.digest,
        "on": study.on.isoformat(),
        "pre_check": True,
        **plain(found),
        "cliffs": cliffs_plain(study.cliffs(found)) if cliffs else None,
    }


def knobs(study: Study, values: Mapping[str, str]) -> list[dict[str, Any]]:
    """The figures that can be set, as whole steps of a slider: ``value`` / 10^``places``.

    From nought to twice what is in force; of shares to the whole.  ``typed`` is what ``values``
    say for it, by any of its names, and ``at`` the step where that lies on the slider.
    """
    found = []
    for parameter in study.rule.parameters.values():
        value = parameter.number(study.on) if parameter.kind == "value" else None
        if not isinstance(value, Fraction) or "/" in exact.text(value):
            continue
        places = max(len(exact.text(value).partition(".")[2]), 2 if value <= 2 else 0)
        top = int(value * 10**places)
        most = 10**places if parameter.bounds[1] == 1 else max(2 * top, 10**places)
        text = _typed(study.rule, parameter, values)
        found.append(
            {
                "name": parameter.id,
                "unit": parameter.unit,
                "clause": parameter.clause,
                "value": top,
                "most": most,
                "places": places,
                "text": exact.text(value),
                "typed": exact.text(value) if text is None else text,
                "at": top if text is None else _step(text, places, most, top),
            }
        )
    return found


def _typed(rule: Rule, parameter: Parameter, values: Mapping[str, str]) -> str | None:
    """What was typed for a parameter; of another name of it what that means, where it means it."""
    for name in (parameter.id, *parameter.also):
        if (text := values.get(name)) is None:
            continue
        try:
            if name == parameter.id:
                return text
            return exact.text(meant(rule, name, exact.number(text))[1])
        except PolicyError:
            return None
    return None


def _step(text: str, places: int, most: int, otherwise: int) -> int:
    try:
        step = exact.number(text) * 10**places
    except PolicyError:
        return otherwise
    return int(step) if step.denominator == 1 and 0 <= step <= most else otherwise
