"""A change of a rule is shown as what it does to everybody with facts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from incentives.populating import recorded
from incentives.population.study import Study
from incentives.rules.errors import RuleRefused
from incentives.rules.packaged import rule_text
from incentives.rules.rule import read
from incentives.simulating import Change, changes_of, difference_of, with_values
from ledger.writer.errors import Refusal
from ledger.writer.store import read_head
from tests.factories.policy import RULE, define_discharge, publish_rule, report_month
from tests.factories.scene import ORIGIN, Scene

ON = date(2025, 12, 31)
LAW = read(rule_text(RULE))


def test_only_those_whose_answer_changes_are_listed(stage: Scene) -> None:
    stage.cast()
    define_discharge(stage)
    publish_rule(stage)
    report_month(stage)
    report_month(stage, "buyer", [("烟尘", 218, 90)])
    # First cut at 5 % below: soot at 0.90 now pays 75 % too, 30.00 less for each of the two.
    easier = with_values(LAW, {"first_cut": Fraction(1, 20)}, ON)
    with stage.ledger.record.reading() as connection:
        head = read_head(connection, ORIGIN)
        assert head is not None
        who, (held, again) = recorded(connection, (LAW, easier), ON, head.size)
    assert again is held  # both ask for the same
    study = Study(LAW, who, held, ON)
    found, same = study.change(easier), study.change(LAW)
    assert changes_of(found) == (
        Change("buyer", "no", "yes", 0, 3_000, {}),
        Change("owner", "yes", "yes", 120_000, 123_000, {}),
    )
    told = difference_of(found)
    assert (told.asked, told.changed) == (2, 2)
    assert (told.before_fen, told.after_fen) == (120_000, 126_000)
    assert (dict(told.before), dict(told.after)) == ({"no": 1, "yes": 1}, {"yes": 2})
    assert (difference_of(same).changed, changes_of(same)) == (0, ())


@pytest.mark.parametrize(
    ("name", "on", "code"),
    [
        ("no_such", ON, "rule-parameter-unknown"),
        ("metals_air", ON, "parameter-kind"),
        ("equivalent_kg", ON, "parameter-kind"),
        ("first_cut", date(2017, 12, 31), "parameter-not-in-force"),
    ],
)
def test_what_cannot_be_set_is_refused(name: str, on: date, code: str) -> None:
    with pytest.raises(RuleRefused) as caught:
        with_values(LAW, {name: Fraction(1)}, on)
    assert caught.value.code == code
    if code in (
        "rule-parameter-unknown",
        "parameter-kind",
    ):  # the numbers of the rule, no table or set
        known = caught.value.params["known"]
        assert isinstance(known, tuple)
        assert "first_cut" in known
        assert not {"metals_air", "equivalent_kg"} & set(known)


def test_a_figure_set_by_two_of_its_names_is_refused() -> None:
    for names in (("first_cut", "t30"), ("t30", "first_cut")):
        with pytest.raises(RuleRefused, match="parameter-twice") as caught:
            with_values(LAW, dict.fromkeys(names, Fraction(1, 2)), ON)
        assert caught.value.params["field"] == names[1]


@pytest.mark.parametrize(
    ("given", "value", "parameter", "meant", "most"),
    [
        ("first_cut", "-0.01", "first_cut", "-0.01", "1"),
        ("first_cut", "1.01", "first_cut", "1.01", "1"),
        ("t30", "1.2", "first_cut", "-0.2", "1"),  # pays below 1.2 of the standard: a cut of -0.2
        ("rate_air", "-1", "rate_air", "-1", ""),  # money has no upper bound
    ],
)
def test_a_figure_outside_the_range_of_its_unit_is_refused(
    given: str, value: str, parameter: str, meant: str, most: str
) -> None:
    with pytest.raises(RuleRefused, match="parameter-out-of-range") as caught:
        with_values(LAW, {given: Fraction(value)}, ON)
    assert caught.value.params == {
        "field": given,
        "parameter": parameter,
        "value": meant,
        "least": "0",
        "most": most,
        "unit": LAW.parameters[parameter].unit,
    }


def test_the_ends_of_a_range_can_be_set_and_what_is_no_share_goes_beyond_one() -> None:
    for name, value in (("first_cut", 0), ("first_cut", 1), ("rate_air", 5), ("top_air", 0)):
        with_values(LAW, {name: Fraction(value)}, ON)


def test_what_the_file_itself_says_is_within_the_range() -> None:
    above = read(rule_text(RULE).replace("value: 0.75", "value: 1.75"))
    with_values(above, {"first_pay": Fraction("1.6")}, ON)
    with pytest.raises(RuleRefused, match="parameter-out-of-range"):
        with_values(above, {"first_pay": Fraction("1.8")}, ON)


def test_a_rule_without_facts_cannot_be_put_to_a_population(stage: Scene) -> None:
    text = rule_text(RULE)
    bare = read(text[: text.index("# Where the record")] + text[text.index("\nsteps:") :])
    with (
        stage.ledger.record.reading() as connection,
        pytest.raises(Refusal, match="incentive-rule-factless"),
    ):
        recorded(connection, (bare, LAW), ON, 1)
