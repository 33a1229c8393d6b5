"""Plans: what the contract's shape reads to, and every field with what it must refuse."""

from __future__ import annotations

from fractions import Fraction

import pytest

from incentives.quotas.errors import PlanRefused
from incentives.quotas.plan import Member, from_tree, parse
from ledger.parties.errors import TextRefused

F = Fraction

FULL = """
cap: 428000000
method: grandfathering
regions:
  - {code: 330100, indicators: {emissions: "40.5", population: 11936010}}
  - {code: "330200", indicators: {emissions: 1/3}, lo: 5, hi: 7.25}
bounds: {max_cut: 0.15, max_gain: "0.05"}
weights: {emissions: 0.5}
params: {beta: "-0.1"}
"""


def test_a_full_plan_reads_to_exact_numbers() -> None:
    plan = parse(FULL)
    assert (plan.cap, plan.method) == (428_000_000, "grandfathering")
    assert plan.members == (
        Member("330100", {"emissions": F(81, 2), "population": F(11936010)}),
        Member("330200", {"emissions": F(1, 3)}, F(5), F(29, 4)),
    )
    assert (plan.max_cut, plan.max_gain) == (F(3, 20), F(1, 20))
    assert (plan.weights, plan.params) == ({"emissions": F(1, 2)}, {"beta": "-0.1"})


def test_json_and_the_tree_of_a_body_read_alike() -> None:
    body = {"cap": 10, "method": "gdp", "regions": [{"code": 1, "indicators": {"gdp": 3}}]}
    text = '{"cap": 10, "method": "gdp", "regions": [{"code": 1, "indicators": {"gdp": 3}}]}'
    assert from_tree(body) == parse(text)


@pytest.mark.parametrize(
    "bounds",
    ["{b: {lo: 1, hi: 2}}", "{lo: {b: 1}, hi: {b: 2}}", "{b: {lo: 1}, hi: {b: 2}}"],
)
def test_bounds_may_stand_beside_the_regions(bounds: str) -> None:
    plan = parse(f"cap: 1\nmethod: gdp\nregions: [{{code: a}}, {{code: b}}]\nbounds: {bounds}")
    assert plan.members == (Member("a"), Member("b", {}, F(1), F(2)))


@pytest.mark.parametrize("empty", ["bounds:", "weights: {}", "params: null", "bounds: {}"])
def test_what_may_be_left_out_may_be_empty(empty: str) -> None:
    plan = parse(f"cap: 1\nmethod: gdp\nregions: [{{code: a, indicators: }}]\n{empty}")
    assert plan.members == (Member("a"),)


def plan(**changes: object) -> dict[str, object]:
    base: dict[str, object] = {"cap": 1, "method": "gdp", "regions": [{"code": "a"}]}
    return {k: v for k, v in (base | changes).items() if v is not ...}


def region(**changes: object) -> dict[str, object]:
    return plan(regions=[{"code": "a"} | changes])


@pytest.mark.parametrize(
    ("tree", "code", "field"),
    [
        (None, "field-type", ""),
        ([], "field-type", ""),
        (plan(cap=...), "field-missing", "cap"),
        (plan(cap=-1), "number-negative", "cap"),
        (plan(cap="1.5"), "number-malformed", "cap"),
        (plan(cap=1.5), "number-malformed", "cap"),
        (plan(cap=True), "number-malformed", "cap"),
        (plan(cap="ten"), "number-malformed", "cap"),
        (plan(cap=2**53), "number-out-of-range", "cap"),
        (plan(method=...), "field-missing", "method"),
        (plan(method=3), "field-type", "method"),
        (plan(method="g dp"), "field-type", "method"),
        (plan(regions=...), "field-missing", "regions"),
        (plan(regions="a"), "field-type", "regions"),
        (plan(regions={}), "field-type", "regions"),
        (plan(regions=[]), "number-out-of-range", "regions"),
        (plan(regions=[1]), "field-type", "regions[0]"),
        (plan(regions=[{"code": "a"}, {"code": "a"}]), "code-twice", "regions[1].code"),
        (plan(regions=[{"code": "1"}, {"code": 1}]), "code-twice", "regions[1].code"),
        (plan(regions=[{}]), "field-missing", "regions[0].code"),
        (plan(year=2030), "field-unknown", "year"),
        (region(name="x"), "field-unknown", "regions[0].name"),
        (region(code="a,b"), "code-malformed", "regions[0].code"),
        (region(code="a\nb"), "code-malformed", "regions[0].code"),
        (region(code="=a"), "code-malformed", "regions[0].code"),
        (region(code="a" * 41), "code-malformed", "regions[0].code"),
        (region(code=True), "code-malformed", "regions[0].code"),
        (region(indicators=[1]), "field-type", "regions[0].indicators"),
        (region(indicators={"gdp": "-1"}), "number-negative", "regions[0].indicators.gdp"),
        (region(indicators={"gdp": 0.5}), "number-malformed", "regions[0].indicators.gdp"),
        (region(indicators={"gdp": None}), "number-malformed", "regions[0].indicators.gdp"),
        (region(lo=2, hi=1), "bounds-crossed", "regions[0]"),
        (region(lo="x"), "number-malformed", "regions[0].lo"),
        (plan(bounds={"max_cut": "1.01"}), "number-out-of-range", "bounds.max_cut"),
        (plan(bounds={"max_gain": "-0.1"}), "number-negative", "bounds.max_gain"),
        (plan(bounds={"b": {"lo": 1}}), "code-unknown", "bounds.b"),
        (plan(bounds={"a": {"low": 1}}), "field-unknown", "bounds.a.low"),
        (plan(bounds={"lo": {"a": 1}, "a": {"lo": 2}}), "bounds-twice", "bounds.a.lo"),
        (region(lo=1) | {"bounds": {"a": {"lo": 2}}}, "bounds-twice", "bounds.a.lo"),
        (region(hi=1) | {"bounds": {"a": {"hi": 2}}}, "bounds-twice", "bounds.a.hi"),
        (plan(bounds=[1]), "field-type", "bounds"),
        (plan(weights={"gdp": "x"}), "number-malformed", "weights.gdp"),
        (plan(params=3), "field-type", "params"),
    ],
)
def test_each_field_refuses_what_it_must(tree: object, code: str, field: str) -> None:
    with pytest.raises(PlanRefused) as caught:
        from_tree(tree)
    assert (caught.value.code, caught.value.params["field"]) == (code, field)


def test_what_is_no_strict_yaml_is_refused() -> None:
    with pytest.raises(TextRefused, match="yaml-duplicate-key"):
        parse("cap: 1\ncap: 2")
