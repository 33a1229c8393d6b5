"""A rule says which facts answer its inputs, and a binding that cannot hold is refused."""

from __future__ import annotations

import pytest

from incentives.rules.errors import RuleRefused
from incentives.rules.packaged import rule_text
from incentives.rules.rule import read

TEXT = rule_text("ept-art13")


def test_the_tax_rule_asks_for_monthly_facts_by_outlet() -> None:
    binding = read(TEXT).facts
    assert binding is not None
    assert (binding.period, binding.said_by) == ("month", ("regulator", "enterprise"))
    assert binding.indicators == ("discharge.mass", "discharge.ratio", "discharge.exceeded")
    assert binding.lists["emissions"].dimensions == ("outlet", "medium", "pollutant")


@pytest.mark.parametrize(
    ("old", "new", "code", "field"),
    [
        ("period: month", "period: week", "choice-unknown", "facts.period"),
        ("[regulator, enterprise]", "[oracle]", "role-unknown", "facts.said_by"),
        ("[regulator, enterprise]", "[]", "list-empty", "facts.said_by"),
        (
            "    emissions:\n      dim",
            "    others:\n      dim",
            "input-unknown",
            "facts.lists.others",
        ),
        (
            "[outlet, medium, pollutant]\n      values",
            "[stack]\n      values",
            "input-unknown",
            "facts.lists.emissions.dimensions",
        ),
        (
            "[outlet, medium, pollutant]\n      values",
            "[ratio]\n      values",
            "dimension-kind",
            "facts.lists.emissions.dimensions",
        ),
        (
            "mass_kg: discharge.mass",
            "outlet: discharge.mass",
            "input-unknown",
            "facts.lists.emissions.values.outlet",
        ),
        ("ratio: discharge.ratio", "ratio: discharge.mass", "indicator-twice", "facts.lists"),
        ("period: month\n", "period: month\n  at: x\n", "field-unknown", "facts.at"),
    ],
)
def test_what_a_binding_cannot_mean_is_refused(old: str, new: str, code: str, field: str) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(RuleRefused) as caught:
        read(TEXT.replace(old, new))
    assert (caught.value.code, caught.value.params["field"]) == (code, field)


def test_a_rule_need_not_ask_the_record() -> None:
    start, end = TEXT.index("# Where the record answers"), TEXT.index("\nsteps:")
    assert read(TEXT[:start] + TEXT[end:]).facts is None
