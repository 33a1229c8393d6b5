"""A change over a population: who wins, what it costs, who is near, how far amounts jump."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from incentives.population import facts, sheet
from incentives.population.errors import PopulationRefused
from incentives.population.study import Found, Study, plain, rows
from incentives.population.synthetic import invented
from incentives.population.work import put
from incentives.rules.packaged import rule_text
from incentives.rules.rule import Rule, read
from incentives.simulating import difference_of, with_values
from tests.incentives.rules.sample import rule as sample_rule

ON = date(2026, 3, 31)
EPT = read(rule_text("ept-art13"))
# An award of 10 yuan a tonne from 100 tonnes on, for steel alone; worked by hand below.
AWARD = read(
    """
rule: an-award
kind: fiscal-award
title: {zh: 奖励, en: An award}
region: "330000"
grantor: finance
review: unverified
force: {from: 2020-01-01}
parameters:
  least:
    unit: t
    also: {double: double / 2}
    values: [{value: 100, source: test, confidence: low}]
  price: {unit: CNY/t, values: [{value: 10, source: test, confidence: low}]}
inputs:
  saved: {kind: number, unit: t, least: 0}
  trade: {kind: text}
steps:
  - {condition: enough, is: saved >= least}
  - {condition: steel, is: "trade == 'steel'"}
  - {let: award, is: 100 * saved * price, unit: fen, round: half-up}
eligible: enough and steel
amount: award
"""
)
SHEET = """\
enterprise,region,industry,size,reduced_kg,saved,trade
甲,330102,C31,large,200000,200,steel
乙,330102,C31,small,99000,99,steel
丙,330500,C22,small,96000,96,steel
丁,330500,C22,micro,94999,94.999,steel
戊,330500,C31,micro,,120,paper
己,330500,C31,micro,,,steel
庚,110101,C31,micro,,120,steel
"""


def studied(text: str = SHEET, rule: Rule = AWARD) -> Study:
    return Study(rule, *sheet.read(text, rule), ON)


def changed(**values: Any) -> tuple[Study, Found]:
    study = studied()
    named = {name: Fraction(value) for name, value in values.items()}
    return study, study.change(with_values(study.rule, named, ON))


def test_winners_cost_and_groups_are_those_worked_by_hand() -> None:
    # From 96 tonnes on: 乙 gets 990.00 and 丙 960.00 beside 甲's 2,000.00.
    told = plain(changed(least=96)[1])
    assert told["statuses"]["before"] == {"no": 4, "yes": 1, "missing": 1, "not-in-force": 1}
    assert (told["before"]["beneficiaries"], told["after"]["beneficiaries"]) == (1, 3)
    assert (told["before"]["cost_fen"], told["after"]["cost_fen"]) == (200_000, 395_000)
    assert (told["winners"], told["losers"], told["won_fen"]) == (2, 0, 195_000)
    # 3,950 yuan over 395 tonnes of the three: 10.00 a tonne.
    assert told["after"]["fen_per_tonne"] == 1_000
    city = {share["word"]: share for share in told["by"]["city"]}
    assert city["330100"]["after"]["cost_fen"] == 299_000
    assert (city["330500"]["enterprises"], city["330500"]["winners"]) == (4, 1)
    sizes = {share["word"]: share["winners"] for share in told["by"]["size"]}
    assert sizes == {"large": 0, "micro": 0, "small": 2}


def test_a_stricter_law_makes_losers_and_nothing_is_won() -> None:
    told = plain(changed(least=201, price=20)[1])
    assert (told["winners"], told["losers"], told["lost_fen"]) == (0, 1, 200_000)


def test_a_figure_may_be_set_by_another_name_of_it() -> None:
    assert plain(changed(double=192)[1]) == plain(changed(least=96)[1])


def test_who_is_within_five_per_cent_of_a_threshold_is_near_and_one_hair_further_is_not() -> None:
    study, found = changed(least=100)
    edge = next(edge for edge in found.edges[0] if edge.condition == "enough")
    names = [study.people.names[place] for place in edge.missed.nonzero()[0]]
    assert names == ["乙", "丙"]  # 95 would be near too, 94.999 is not
    assert edge.threshold == 100
    assert plain(found)["near_misses"] == {"before": 2, "after": 2}


def test_a_cliff_is_what_meeting_the_condition_is_worth_all_else_equal() -> None:
    study, found = changed(least=100)
    cliffs = study.cliffs(found)
    # 乙 at 99 t would get 990.00, 丙 at 96 t 960.00: the mean is 975.00.
    assert [(c.close, c.least_fen, c.most_fen, c.mean_fen) for c in cliffs] == [
        (2, 96_000, 99_000, 97_500)
    ]


def test_whoever_is_answered_otherwise_is_exported() -> None:
    told = rows(changed(least=96)[1])
    assert [row["enterprise"] for row in told] == ["乙", "丙"]
    assert told[0] == {
        "enterprise": "乙", "region": "330102", "city": "330100", "industry": "C31",
        "size": "small", "status_before": "no", "status_after": "yes", "before_fen": 0,
        "after_fen": 99_000,
    }  # fmt: skip


def test_only_steps_that_read_what_differs_are_worked_out_again_and_the_answer_is_the_same() -> (
    None
):
    study = Study(EPT, *invented(EPT, 400, ON), ON)
    for cut in ("0.1", "0.45", "0.3"):
        rule = with_values(study.rule, {"first_cut": Fraction(cut)}, ON)
        quick = study.change(rule).after
        whole = put(rule, study.people, study.facts, ON)
        assert quick.status.tolist() == whole.status.tolist()
        assert quick.amount_fen.tolist() == whole.amount_fen.tolist()
        assert quick.steps["equivalents"] is study.base.steps["equivalents"]


def test_a_lower_threshold_never_makes_a_loser() -> None:
    study = Study(EPT, *invented(EPT, 1_000, ON), ON)
    costs = []
    for cut in range(30, 0, -5):
        rule = with_values(study.rule, {"first_cut": Fraction(cut, 100)}, ON)
        told = plain(study.change(rule))
        assert told["losers"] == 0
        costs.append(told["after"]["cost_fen"])
    assert costs == sorted(costs)


def test_a_draft_is_asked_as_if_it_were_in_force() -> None:
    draft = read(rule_text("ept-art13").replace("review: unverified", "review: draft", 1))
    who, facts = invented(draft, 50, ON)
    assert set(put(draft, who, facts, ON).status.tolist()) == {2}  # unverified
    assert plain(Study(draft, who, facts, ON).change(draft))["statuses"]["before"].keys() <= {
        "yes", "no", "missing", "refused",
    }  # fmt: skip


def test_a_text_over_other_inputs_needs_facts_of_its_own() -> None:
    with pytest.raises(PopulationRefused, match="inputs-differ"):
        studied().change(EPT)


def test_the_same_seed_invents_the_same_enterprises_and_another_seed_others() -> None:
    first, again, other = (invented(EPT, 200, ON, seed) for seed in (1, 1, 2))
    mass = [facts.lists["emissions"].columns["mass_kg"].top for _, facts in (first, again, other)]
    assert mass[0].tolist() == mass[1].tolist() != mass[2].tolist()
    assert len(first[0]) == 200
    assert set(first[0].groups["city"].words) == {
        "330100", "330200", "330300", "330400", "330500", "330600", "330700", "330800", "330900",
        "331000", "331100",
    }  # fmt: skip


def test_any_rule_can_be_put_to_invented_enterprises() -> None:
    who, facts = invented(sample_rule(), 2_000, date(2026, 1, 1))
    result = put(sample_rule(), who, facts, date(2026, 1, 1))
    assert {0, 10, 11} & set(result.status.tolist())
    assert (result.status == 11).sum() > 50


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("enterprise,region", "name,region", "column-missing", 1),
        ("saved,trade", "saved,colour", "column-unknown", 1),
        ("saved,trade", "saved,saved", "column-twice", 1),
        ("200,steel", "200,steel,more", "cells-differ", 2),
        ("330102,C31,large", "33010,C31,large", "region-malformed", 2),
        (",200000,200", ",-5,200", "kg-malformed", 2),
        ("200,steel", "many,steel", "number-malformed", 2),
        ("200,steel", "-1,steel", "number-out-of-range", 2),
        ("丙,", "甲,", "enterprise-twice", 4),
        ("乙,330102", ",330102", "enterprise-twice", 3),
        ("steel", "s" * 201, "cell-too-long", 2),
        ("甲,", '"甲,', "csv-malformed", 8),
        ("enterprise,", '"enterprise"x,', "csv-malformed", 1),
        (SHEET.partition("\n")[2], "", "population-empty", 1),
    ],
)
def test_a_sheet_that_breaks_a_rule_is_refused_with_its_line(
    old: str, new: str, code: str, line: int
) -> None:
    with pytest.raises(PopulationRefused) as caught:
        studied(SHEET.replace(old, new, 1))
    assert (caught.value.code, caught.value.params["line"]) == (code, line)


def test_an_enterprise_has_a_line_for_each_item_of_a_list() -> None:
    text = (
        "enterprise,region,emissions.outlet,emissions.medium,emissions.pollutant,"
        "emissions.mass_kg,emissions.ratio,emissions.exceeded\n"
        "甲,330100,DA001,air,二氧化硫,950,0.30,false\n"
        "甲,330100,DA001,air,氮氧化物,1900,0.60,false\n"
        "甲,330100,DA001,air,烟尘,218,0.90,false\n"
        "乙,330100,DA001,air,烟尘,218,0.90,false\n"
    )
    study = studied(text, EPT)
    # As in the rule's golden tests: 1,200.00, and nothing for soot at nine tenths alone.
    assert study.base.amount_fen.tolist() == [120_000, 0]
    with pytest.raises(PopulationRefused, match="enterprise-twice"):
        studied(text.replace("甲,330100,DA001,air,烟尘", "甲,330200,DA001,air,烟尘"), EPT)


def test_a_sheet_is_held_against_the_rule_once_for_each_enterprise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[object] = []
    take = sheet.take

    def counted(inputs: Any, given: object) -> Any:
        read.append(given)
        return take(inputs, given)

    monkeypatch.setattr(sheet, "take", counted)
    monkeypatch.setattr(facts, "take", counted)
    studied()
    assert len(read) == len(SHEET.splitlines()) - 1


# A facility lends a bank 60 % of what it lent; it gives no amount, and its cost needs a rate.
LOANS = read(
    """
rule: a-facility
kind: facility
title: {zh: 工具, en: A facility}
region: "330000"
grantor: central-bank
review: unverified
force: {from: 2020-01-01}
parameters:
  share: {unit: share of the principal, values: [{value: 0.6, source: test, confidence: low}]}
  least: {unit: CNY, values: [{value: 100, source: test, confidence: low}]}
inputs:
  principal: {kind: number, unit: CNY, least: 0}
  rate: {kind: number, unit: share a year}
steps:
  - {condition: large, is: principal >= least}
  - {let: funds, is: 100 * principal * share, unit: fen, round: half-up}
  - {let: cost, is: 100 * principal * share * rate, unit: fen}
  - {let: years, is: principal / least, unit: year}
eligible: large
"""
)
LENT = """\
enterprise,region,industry,size,reduced_kg,principal,rate
甲,330102,C31,large,,1000,0.01
乙,330102,C31,small,,200,
丙,330500,C22,small,,99,0.01
"""


def test_a_facility_counts_who_enters_it_and_sums_the_money_that_it_has() -> None:
    # 甲 1,000 and 乙 200 enter: 60 % is 600 + 120 yuan, a half is 500 + 100; 丙 is below 100.
    study = studied(LENT, LOANS)
    told = plain(study.change(with_values(LOANS, {"share": Fraction(1, 2)}, ON)))
    assert (told["before"]["beneficiaries"], told["after"]["beneficiaries"]) == (2, 2)
    funds, cost = told["before"]["figures"]
    assert funds == {"name": "funds", "known": 2, "fen": 72_000}
    assert cost == {"name": "cost", "known": 1, "fen": 600}  # 乙 has told no rate
    assert [one["fen"] for one in told["after"]["figures"]] == [60_000, 500]
    assert [(one["name"], one["altered"]) for one in told["figures"]] == [("funds", 2), ("cost", 1)]
    city = {share["word"]: share["after"]["figures"] for share in told["by"]["city"]}
    assert city["330500"] == [
        {"name": "funds", "known": 0, "fen": None},
        {"name": "cost", "known": 0, "fen": None},
    ]
    easier = plain(study.change(with_values(LOANS, {"least": Fraction(99)}, ON)))
    assert (easier["after"]["beneficiaries"], easier["winners"]) == (3, 1)
    assert easier["after"]["figures"][0]["fen"] == 72_000 + 5_940


def test_a_rule_without_a_sum_has_none_and_no_nought() -> None:
    study = studied(LENT, LOANS)
    told = plain(study.change(LOANS))
    for sums in (told["before"], told["after"], *(s["before"] for s in told["by"]["size"])):
        assert (sums["cost_fen"], sums["fen_per_tonne"]) == (None, None)
    assert (told["won_fen"], told["lost_fen"]) == (None, None)
    found = difference_of(study.change(LOANS))
    assert (found.before_fen, found.after_fen) == (None, None)
    assert plain(studied().change(AWARD))["figures"] == []
