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
from incentives.rules import units
from incentives.rules.rule import Rule, read
from incentives.simulating import with_values
from portal.shell.problems import Problem

ENTERPRISES = 100_000
SEED = 1
KEPT = 3
SETTINGS_MAX = 20


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
    """What other values do; raises Problem ``parameter-invalid`` for one that cannot be set."""
    try:
        return study.change(with_values(study.rule, values, study.on))
    except PolicyError as error:
        named = str(error.params.get("field", "set"))
        raise Problem(400, "parameter-invalid", field=named[:60], rule=error.code) from error


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


def knobs(rule: Rule, on: date) -> list[dict[str, Any]]:
    """The figures that can be set, as whole steps of a slider: ``value`` / 10^``places``.

    From nought to twice what is in force; of shares to the whole.
    """
    found = []
    for parameter in rule.parameters.values():
        value = parameter.number(on) if parameter.kind == "value" else None
        if not isinstance(value, Fraction) or "/" in exact.text(value):
            continue
        places = max(len(exact.text(value).partition(".")[2]), 2 if value <= 2 else 0)
        top = int(value * 10**places)
        share = units.normal(parameter.unit) == units.BARE
        most = 10**places if share and value <= 1 else max(2 * top, 10**places)
        found.append(
            {
                "name": parameter.id,
                "unit": parameter.unit,
                "clause": parameter.clause,
                "value": top,
                "most": most,
                "places": places,
                "text": exact.text(value),
            }
        )
    return found
