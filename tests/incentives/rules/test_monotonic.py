"""The rules that ship, over many facts: more of what counts never loses, doubt never decides."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incentives import exact
from incentives.rules import golden, packaged
from incentives.rules.answer import Answer
from incentives.rules.assess import assess
from incentives.rules.rule import Rule, read

Facts = dict[str, object]
FEW = settings(max_examples=40, deadline=None)
MILLION = 10**6
BILLION = 10**9


@cache
def law(name: str) -> Rule:
    return read(packaged.rule_text(name))


@cache
def first(name: str) -> tuple[date, Facts]:
    """The day and facts of the first golden test, in which everything is in order."""
    case = golden.read(packaged.golden_text(name), law(name))[0]
    assert isinstance(case.facts, dict)
    return case.as_of, case.facts


def told(name: str, **changed: object) -> Answer:
    day, facts = first(name)
    return assess(law(name), {**facts, **changed}, day)


def exactly(number: Fraction | int) -> str:
    return exact.text(Fraction(number))


# Which way of an input never turns a yes into a no, with the range that is tried.
GATES: tuple[tuple[str, str, Literal["up", "down"], int, int], ...] = (
    ("cit-art99", "material_share", "up", 0, 1),
    ("cit-art99", "catalogue_share", "down", 0, 1),
    ("cit-third-party", "staff", "up", 0, 10),
    ("cit-third-party", "senior_staff", "up", 0, 5),
    ("cit-third-party", "service_revenue", "up", 0, 10 * MILLION),
    ("cit-third-party", "total_revenue", "down", 0, 20 * MILLION),
    ("vat-resource", "largest_fine", "down", 0, 200_000),
    ("huzhou-bank-growth", "new_financing", "up", 0, 20 * BILLION),
    ("huzhou-bank-growth", "in_city", "up", 0, 10 * BILLION),
    ("huzhou-bank-growth", "province_total", "down", 0, 200 * BILLION),
    ("ets-art24", "surrendered", "down", 0, 12_000),
    ("anji-bamboo", "area", "up", 0, 10_000),
)
# Inputs of which more is never less money, where the answer is yes or not known to be.
AMOUNTS = (
    ("cit-art87", "income", 10 * MILLION),
    ("cit-art88", "income", 10 * MILLION),
    ("cit-art89", "income", 10 * MILLION),
    ("cit-art90", "income", 20 * MILLION),
    ("cit-art99", "revenue", 10 * MILLION),
    ("cit-art100", "investment", 10 * MILLION),
    ("cit-art100", "tax_payable", MILLION),
    ("cit-upgrade", "spend", 2 * MILLION),
    ("cit-upgrade", "original_base", 2 * MILLION),
    ("cit-third-party", "income", 10 * MILLION),
    ("cit-cdm", "transfer_income", 10 * MILLION),
    ("vat-resource", "vat_payable", 10 * MILLION),
    ("huzhou-hq", "paid_in", 2 * BILLION),
    ("anji-bamboo", "mean_price", 200),
)
NEVER_YES = {"cit-upgrade"}  # nobody has read all that it asks for


@pytest.mark.parametrize(("name", "field", "way", "least", "most"), GATES)
@FEW
@given(data=st.data())
def test_more_of_what_counts_never_loses(
    name: str, field: str, way: str, least: int, most: int, data: st.DataObject
) -> None:
    whole = next(f for f in law(name).inputs.facts if f.name == field).whole
    steps = 1 if whole else 1000
    values = st.integers(least * steps, most * steps).map(lambda n: Fraction(n, steps))
    less, more = sorted((data.draw(values), data.draw(values)), reverse=way == "down")
    before, after = (told(name, **{field: exactly(v)}).status for v in (less, more))
    assert {before, after} <= {"yes", "no"}
    assert (before, after) != ("yes", "no")


@pytest.mark.parametrize(("name", "field", "most"), AMOUNTS)
@FEW
@given(data=st.data())
def test_more_income_or_spend_is_never_less_relief(
    name: str, field: str, most: int, data: st.DataObject
) -> None:
    values = st.integers(0, most * 100).map(lambda n: Fraction(n, 100))
    less, more = sorted((data.draw(values), data.draw(values)))
    before, after = (worked_out(told(name, **{field: exactly(v)})) for v in (less, more))
    assert 0 <= before <= after


def worked_out(found: Answer) -> Fraction:
    """The sum in fen, as a figure where it is told to nobody."""
    value = {f.name: f.value for f in found.figures}[found.rule.amount or ""]
    assert value is not None
    promised = None if found.rule.id in NEVER_YES else value
    assert found.amount_fen == promised
    return value


@FEW
@given(emissions=st.integers(0, 5_000_000), more=st.integers(0, 5_000_000))
def test_more_emissions_never_better_a_grade(emissions: int, more: int) -> None:
    grades = []
    for grams in (emissions, emissions + more):
        found = told("carbon-code", emissions=exactly(Fraction(grams, 1000)))
        grades.append({f.name: f.value for f in found.figures}["grade"])
    assert grades[0] is not None
    assert grades[1] is not None
    assert 1 <= grades[0] <= grades[1] <= 5


@FEW
@given(
    first_income=st.dates(date(2008, 1, 1), date(2040, 12, 31)),
    asked=st.dates(date(2008, 1, 1), date(2050, 12, 31)),
    fen=st.integers(0, 10**12),
)
def test_three_years_free_three_at_half_over_any_days(
    first_income: date, asked: date, fen: int
) -> None:
    facts = {
        "first_income_on": first_income.isoformat(),
        "in_catalogue": True,
        "mixed": False,
        "income": exactly(Fraction(fen, 100)),
    }
    found = assess(law("cit-art88"), facts, asked)
    nth = asked.year - first_income.year
    share = Fraction(1, 4) if 0 <= nth <= 2 else Fraction(1, 8) if 3 <= nth <= 5 else Fraction(0)
    assert found.status == ("yes" if share else "no")
    assert found.amount_fen == exact.rounded(fen * share, "half-up")


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_whatever_is_left_out_no_answer_turns_round(data: st.DataObject) -> None:
    rule = law(data.draw(st.sampled_from(packaged.names())))
    case = data.draw(st.sampled_from(golden.read(packaged.golden_text(rule.id), rule)))
    if "refused" in case.expect:
        return
    assert isinstance(case.facts, dict)
    kept = data.draw(st.sets(st.sampled_from(sorted(case.facts)))) if case.facts else set()
    whole = assess(rule, case.facts, case.as_of)
    part = assess(rule, {name: case.facts[name] for name in kept}, case.as_of)
    assert {whole.status, part.status} != {"yes", "no"}
    if part.amount_fen is not None:  # an amount that is told is the whole one
        assert part.amount_fen == whole.amount_fen
    before = {(c.name, c.item): c.state for c in whole.conditions}
    for condition in part.conditions:
        state = before.get((condition.name, condition.item), condition.state)
        assert {state, condition.state} != {"yes", "no"}


@FEW
@given(
    material=st.one_of(st.none(), st.integers(0, 100)),
    flags=st.tuples(*[st.sampled_from((None, True, False))] * 3),
    fine=st.one_of(st.none(), st.integers(0, 10**6)),
    day=st.dates(date(2022, 3, 1), date(2035, 12, 31)),
)
def test_of_regenerated_carbon_nothing_is_ever_decided(
    material: int | None, flags: tuple[bool | None, ...], fine: int | None, day: date
) -> None:
    facts: Facts = dict(zip(("general_taxpayer", "air_standard", "restricted"), flags, strict=True))
    facts |= {"product": "regenerated-carbon", "largest_fine": fine, "vat_payable": 100}
    facts["material_share"] = None if material is None else exactly(Fraction(material, 100))
    found = assess(law("vat-resource"), facts, day)
    assert (found.status, found.amount_fen) == ("unverified", None)


@pytest.mark.parametrize("name", ["ets-art21", "ets-art22", "ets-art24"])
@FEW
@given(day=st.dates(date(2026, 8, 15), date(2040, 12, 31)))
def test_after_the_code_no_sanction_is_decided(name: str, day: date) -> None:
    rule = law(name)
    for case in golden.read(packaged.golden_text(name), rule):
        assert assess(rule, case.facts, day).status == "unverified"


def test_a_facility_tells_a_loan_of_december_from_one_of_january() -> None:
    rule, (_, facts) = law("pboc-carbon"), first("pboc-carbon")
    found = [
        assess(rule, {**facts, "loan_on": loan}, asked).status
        for loan, asked in (
            ("2025-12-31", date(2025, 12, 31)),
            ("2025-12-31", date(2026, 1, 15)),
            ("2026-01-14", date(2026, 1, 15)),
            ("2026-01-15", date(2026, 1, 15)),
        )
    ]
    assert found == ["no", "no", "no", "yes"]
