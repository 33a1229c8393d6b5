"""The environmental protection tax, Article 13: the rule file against the same law in Python."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incentives import exact
from incentives.rules import packaged
from incentives.rules.assess import assess
from incentives.rules.rule import Rule, read
from tests.shared import SHARED, needs_shared

F = Fraction
DAY = date(2024, 6, 1)
AIR = {"二氧化硫": "0.95", "氮氧化物": "0.95", "一氧化碳": "16.7", "烟尘": "2.18", "氨": "9.09"}


@cache
def ept() -> Rule:
    return read(packaged.rule_text("ept-art13"))


def by_hand(outlet: list[tuple[str, Fraction, Fraction, bool]]) -> tuple[int, int]:
    """Gross and due in fen of the air pollutants of one outlet, without the rule language."""
    rows = [(mass / F(AIR[name]), ratio, bad) for name, mass, ratio, bad in outlet]
    gross = due = F(0)
    for equivalents, ratio, bad in sorted(rows, key=lambda r: -r[0])[:3]:
        tax = equivalents * F(12, 10)
        share = F(1) if bad or ratio >= F(7, 10) else F(3, 4) if ratio >= F(1, 2) else F(1, 2)
        gross, due = gross + tax, due + tax * share
    return exact.rounded(gross * 100, "half-up"), exact.rounded(due * 100, "half-up")


ratios = st.sampled_from(["0", "0.3", "0.4999", "0.5", "0.5001", "0.6999", "0.7", "0.7001", "1"])
outlets = st.lists(
    st.tuples(
        st.sampled_from(sorted(AIR)),
        st.integers(0, 10**7).map(lambda grams: F(grams, 1000)),
        ratios.map(F),
        st.booleans(),
    ),
    unique_by=lambda row: row[0],
    max_size=5,
)


@settings(max_examples=60)
@given(outlets)
def test_the_rule_agrees_with_the_law_in_python(
    outlet: list[tuple[str, Fraction, Fraction, bool]],
) -> None:
    facts = {
        "emissions": [
            {
                "outlet": "DA001",
                "medium": "air",
                "pollutant": name,
                "mass_kg": exact.text(mass),
                "ratio": exact.text(ratio),
                "exceeded": bad,
            }
            for name, mass, ratio, bad in outlet
        ]
    }
    found = assess(ept(), facts, DAY)
    gross, due = by_hand(outlet)
    figures = {f.name: f.value for f in found.figures}
    assert (figures["gross"], figures["due"]) == (F(gross), F(due))
    assert found.amount_fen == gross - due
    assert (found.status == "yes") or gross == due


def test_what_the_law_hangs_on_is_cited() -> None:
    cited = {c.article for c in assess(ept(), {}, DAY).clauses}
    assert {"第八条", "第九条", "第十一条", "第十三条", "第十条"} <= cited
    assert all(c.text or c.summary for c in ept().clauses.values())


def test_the_table_holds_all_air_pollutants_of_the_law() -> None:
    table = ept().parameters["equivalent_kg"].table(DAY).rows
    assert sum(1 for medium, _ in table if medium == "air") == 44
    assert sum(1 for medium, _ in table if medium == "water") == 34


def test_metals_and_first_class_pollutants_are_in_the_table() -> None:
    table = ept().parameters["equivalent_kg"].table(DAY).rows
    for name, medium in (
        ("metals_air", "air"),
        ("metals_water", "water"),
        ("first_class_water", "water"),
        ("oxygen_measures", "water"),
    ):
        texts = ept().parameters[name].texts(DAY)
        assert isinstance(texts, frozenset)
        assert all((medium, pollutant) in table for pollutant in texts)


def test_nothing_is_called_verified_before_the_original_was_read() -> None:
    assert ept().review == "unverified"


SHORT = {
    "悬浮物SS": "悬浮物",
    "BOD5": "生化需氧量",
    "CODcr": "化学需氧量",
    "TOC": "总有机碳",
    "LAS": "阴离子表面活性剂",
    "AOX(以Cl计)": "可吸附有机卤化物",
}


@needs_shared
def test_equivalents_agree_with_the_shared_table() -> None:
    assert SHARED is not None
    table = ept().parameters["equivalent_kg"].table(DAY).rows
    path = SHARED / "data" / "zhejiang" / "ept_pollutant_equivalents.csv"
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    assert len(rows) == 61
    for row in rows:
        name = SHORT.get(row["pollutant"], row["pollutant"])
        assert table[(row["medium"].rstrip("12"), name)] == F(row["equivalent_value"])


@needs_shared
def test_rates_agree_with_the_shared_table() -> None:
    assert SHARED is not None
    path = SHARED / "data" / "zhejiang" / "ept_rates_zhejiang.csv"
    rates = [r["rate_cny_per_equivalent"] for r in csv.DictReader(
        path.read_text("utf-8-sig").splitlines())]  # fmt: skip
    names = ("rate_air", "rate_air_metal", "rate_water", "rate_water_metal")
    assert [ept().parameters[n].number(DAY) for n in names] == [F(r) for r in rates]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_the_order_of_declaration_changes_nothing(order: tuple[int, ...]) -> None:
    rows = [
        ("二氧化硫", "950", "0.30"),
        ("氮氧化物", "1900", "0.60"),
        ("烟尘", "218", "0.90"),
        ("一氧化碳", "16.7", "0.10"),
    ]
    facts = [
        {
            "outlet": "DA001",
            "medium": "air",
            "pollutant": rows[i][0],
            "mass_kg": rows[i][1],
            "ratio": rows[i][2],
            "exceeded": False,
        }
        for i in order
    ]
    assert assess(ept(), {"emissions": facts}, DAY).amount_fen == 120_000
