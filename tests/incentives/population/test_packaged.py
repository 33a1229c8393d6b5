"""The two back ends say the same of every golden case of every rule that ships, on many days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from incentives.rules import golden, packaged
from incentives.rules.rule import read
from tests.incentives.population.same import differing

DAY = timedelta(days=1)


@pytest.mark.parametrize("name", packaged.names())
def test_every_case_of_a_rule_that_ships_is_answered_alike(name: str) -> None:
    rule = replace(read(packaged.rule_text(name)), region="330000")  # where everybody is
    cases = golden.read(packaged.golden_text(name), rule)
    facts = [case.facts for case in cases]
    days = {case.as_of for case in cases} | {date(2026, 6, 30), date(2026, 8, 15)}
    for parameter in rule.parameters.values():
        starts = (dated.span.start for dated in parameter.values)
        days |= {day for start in starts if start is not None for day in (start - DAY, start)}
    for day in sorted(days):
        assert not differing(rule, facts, day), day
