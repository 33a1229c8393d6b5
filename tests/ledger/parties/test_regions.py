"""Region tables: the packaged one of Zhejiang, time, levels, and every rule with its refusal."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.parties import regions
from ledger.parties.errors import RegionRefused, TextRefused

MERGED = date(2021, 4, 9)
BEFORE = date(2021, 4, 8)
CENSUS = date(2022, 10, 31)
COUNTIES = (13, 10, 12, 7, 5, 6, 9, 6, 4, 9, 9)  # by city, DOMAIN §5.6; 90 together


@pytest.fixture(scope="module")
def zhejiang() -> regions.RegionTable:
    return regions.load(regions.seed())


def table(*rows: str) -> regions.RegionTable:
    head = "standard: GB/T 2260\nsources: {a: a source}\nregions:\n"
    return regions.load(head + "".join(f"  - {{{row}}}\n" for row in rows))


P = "code: 330000, name: 浙江省, source: a, confidence: found"
C = "code: 330100, name: 杭州市, source: a, confidence: found"


def test_zhejiang_has_eleven_cities_and_ninety_counties(zhejiang: regions.RegionTable) -> None:
    cities = zhejiang.children("330000", CENSUS)
    assert [c.code for c in cities] == [f"33{n:02}00" for n in range(1, 12)]
    assert tuple(len(zhejiang.children(c.code, CENSUS)) for c in cities) == COUNTIES
    assert sum(COUNTIES) == 90


def test_cities_have_english_names(zhejiang: regions.RegionTable) -> None:
    names = [c.name_en for c in zhejiang.children("330000")]
    assert names[:3] == ["Hangzhou", "Ningbo", "Wenzhou"]
    assert all(names)


@pytest.mark.parametrize("code", ["330103", "330104"])
def test_merged_districts_stand_until_the_day_before(
    zhejiang: regions.RegionTable, code: str
) -> None:
    assert zhejiang.at(code, BEFORE).confidence == "medium"
    with pytest.raises(RegionRefused) as caught:
        zhejiang.at(code, MERGED)
    assert caught.value.code == "region-not-in-force"
    assert caught.value.params == {"region": code, "on": "2021-04-09"}


@pytest.mark.parametrize("code", ["330113", "330114"])
def test_new_districts_stand_from_that_day(zhejiang: regions.RegionTable, code: str) -> None:
    assert zhejiang.at(code, MERGED).level == "county"
    with pytest.raises(RegionRefused, match="region-not-in-force"):
        zhejiang.at(code, BEFORE)


def test_children_on_a_day_follow_the_merger(zhejiang: regions.RegionTable) -> None:
    # Two districts went and two came: thirteen on both days, fifteen codes over all time.
    assert len(zhejiang.children("330100", BEFORE)) == 13
    assert len(zhejiang.children("330100", MERGED)) == 13
    assert len(zhejiang.children("330100")) == 15


def test_parents_go_up_to_the_province(zhejiang: regions.RegionTable) -> None:
    assert zhejiang.parent("330482") == "330400"
    assert zhejiang.parent("330400") == "330000"
    assert zhejiang.parent("330000") is None


def test_levels_follow_the_shape() -> None:
    assert [regions.level(c) for c in ("330000", "330100", "330102")] == [
        "province",
        "city",
        "county",
    ]


@pytest.mark.parametrize("code", ["310000", "330199", "33", ""])
def test_unknown_codes_are_refused(zhejiang: regions.RegionTable, code: str) -> None:
    for question in (
        lambda: zhejiang.at(code, CENSUS),
        lambda: zhejiang.parent(code),
        lambda: zhejiang.children(code),
    ):
        with pytest.raises(RegionRefused, match="region-unknown"):
            question()


def test_every_row_says_who_says_so(zhejiang: regions.RegionTable) -> None:
    assert all(len(r.source) > 20 for r in zhejiang.rows)
    assert {r.confidence for r in zhejiang.rows} == {"found", "medium"}


def test_one_code_may_change_its_name_in_time() -> None:
    found = table(
        P,
        "code: 330100, name: 甲市, valid_to: 2000-01-01, source: a, confidence: low",
        "code: 330100, name: 乙市, valid_from: 2000-01-01, source: a, confidence: low",
    )
    assert found.at("330100", date(1999, 12, 31)).name == "甲市"
    assert found.at("330100", date(2000, 1, 1)).name == "乙市"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([C], "region-orphan"),
        ([P, C, C], "region-overlap"),
        ([P, C + ", valid_to: 2000-01-02", C + ", valid_from: 2000-01-01"], "region-overlap"),
        ([P, C + ", valid_from: 2000-01-01", C + ", valid_from: 2001-01-01"], "region-overlap"),
        ([P.replace("330000", "33000")], "region-code"),
        ([P.replace("330000", "330001")], "region-code"),
        ([P.replace("330000", "３３００００")], "region-code"),
        ([P.replace("found", "certain")], "region-confidence"),
        ([P.replace("source: a", "source: b")], "region-source"),
        ([P + ", valid_from: 2021-02-29"], "region-date"),
        ([P + ", valid_from: 20210228"], "region-date"),
        ([P + ", valid_from: 2021-01-01, valid_to: 2021-01-01"], "region-dates"),
        ([P + ", colour: green"], "row-field"),
        ([P.replace(", name: 浙江省", "")], "row-field"),
        ([P.replace("浙江省", '" 浙江省"')], "row-field"),
        ([P.replace("浙江省", "[浙江省]")], "row-field"),
    ],
)
def test_each_rule_of_a_table_refuses_what_it_is_for(rows: list[str], code: str) -> None:
    with pytest.raises(RegionRefused) as caught:
        table(*rows)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "standard: x\nsources: {}\nregions: {}",
        "standard: x\nsources: []\nregions: []",
        "standard: x\nsources: {}\nregions: []\nmore: 1",
    ],
)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(RegionRefused, match="table-malformed"):
        regions.load(text)


def test_a_row_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(RegionRefused, match="row-field"):
        regions.load("standard: x\nsources: {}\nregions: [330000]")


def test_what_is_no_strict_yaml_is_refused() -> None:
    with pytest.raises(TextRefused, match="yaml-duplicate-key"):
        regions.load("standard: x\nstandard: y")
