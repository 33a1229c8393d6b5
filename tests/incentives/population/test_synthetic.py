"""Invented enterprises meet every text of a rule with the same facts."""

from __future__ import annotations

from datetime import date

import pytest

from incentives.population.sets import compare_sets
from incentives.population.synthetic import invented_sets
from incentives.population.work import put
from tests.incentives.rules.sample import rule

ON = date(2024, 6, 30)


def test_a_lower_threshold_makes_no_loser() -> None:
    before, after = rule(), rule(("value: 120,", "value: 90,"))
    drawn = invented_sets(({"a": before}, {"a": after}), 2_000, ON)
    told = [{"a": put(r, drawn.people, drawn.facts[r.digest], ON)} for r in (before, after)]
    found = compare_sets(drawn.people, *told)
    assert found.winners.sum() > 0
    assert found.losers.sum() == 0
    assert drawn.anew == ()


def test_a_text_that_asks_for_other_inputs_is_drawn_anew_and_says_so() -> None:
    before, after = (
        rule(),
        rule(("  small: {kind: flag}\n", "  small: {kind: flag, title: {en: x}}\n")),
    )
    drawn = invented_sets(({"a": before}, {"a": after, "b": after}), 20, ON)
    assert drawn.anew == ("a",)
    assert set(drawn.facts) == {before.digest, after.digest}


def test_without_a_rule_there_is_nobody() -> None:
    with pytest.raises(ValueError, match="no rule"):
        invented_sets(({}, {}), 20, ON)
