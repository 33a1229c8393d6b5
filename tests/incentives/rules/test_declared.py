"""One word for many rules: who takes it is answered by it, and who cannot is told, alone."""

from __future__ import annotations

from typing import Any

import pytest

from incentives.errors import DeclarationRefused
from incentives.rules.declared import Unfit, addressed, fitted
from incentives.rules.packaged import rule_text
from incentives.rules.rule import read

CARBON, COAL = (read(rule_text(name)) for name in ("pboc-carbon", "pboc-coal"))
RULES = (CARBON, COAL)


def told(unfit: tuple[Unfit, ...]) -> list[tuple[str, str, str, bool]]:
    return [(one.rule, one.input, one.fault.code, one.left_out) for one in unfit]


def test_a_word_that_one_rule_takes_is_left_out_of_the_other() -> None:
    found, unfit = fitted({"field": "clean-energy", "principal": 1}, RULES)
    assert found == {"principal": 1, "pboc-carbon": {"field": "clean-energy"}}
    assert told(unfit) == [("pboc-coal", "field", "choice-unknown", True)]


def test_what_is_declared_under_a_rules_name_counts_before_and_is_left_as_it_is() -> None:
    declared = {"field": "clean-energy", "pboc-coal": {"field": "clean-processing"}}
    assert fitted(declared, RULES) == (declared, ())
    wrong = {"pboc-coal": {"field": "clean-energy"}}
    assert fitted(wrong, RULES) == (wrong, ())


@pytest.mark.parametrize("declared", [{"field": "nothing"}, {"field": None}, {"principal": 1}])
def test_a_word_that_none_or_all_take_is_left_as_it_is(declared: dict[str, Any]) -> None:
    assert fitted(declared, RULES) == (declared, ())


def test_a_word_that_one_rule_alone_has_is_left_as_it_is() -> None:
    assert fitted({"field": "clean-energy"}, (COAL,)) == ({"field": "clean-energy"}, ())


def test_an_input_may_be_addressed_by_its_rule() -> None:
    flat = {"a": 1, "r.x": 2, "r": {"y": 3}}
    assert addressed(flat) == {"a": 1, "r": {"y": 3, "x": 2}}
    assert flat["r"] == {"y": 3}


@pytest.mark.parametrize("declared", [{"r.x": 1, "r": {"x": 1}}, {"r.x": 1, "r": 2}])
def test_an_input_that_is_declared_twice_is_refused(declared: dict[str, Any]) -> None:
    with pytest.raises(DeclarationRefused, match="declared-twice") as refused:
        addressed(declared)
    assert refused.value.params["field"] == "declared.r.x"
