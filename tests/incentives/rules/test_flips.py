"""What would change an answer is exact, tried, and never made of what is missing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from incentives.rules.assess import assess
from incentives.rules.flips import Changes, changes
from incentives.rules.packaged import rule_text
from incentives.rules.rule import read
from tests.incentives.rules.sample import THRESHOLDS, rule

ON = date(2025, 6, 1)
MET: dict[str, Any] = {"staff": 6, "share": "0.7", "spend": 50, "base": 100, "clean": True}


def asked(**given: Any) -> Changes:
    law = read(THRESHOLDS)
    facts = {**MET, **given}
    return changes(law, facts, assess(law, facts, ON))


def test_what_is_met_needs_no_change() -> None:
    assert asked() == Changes((), None, 0)


def test_a_whole_number_moves_to_the_next_whole_number_that_does() -> None:
    (flip,) = asked(staff=2).flips
    assert (flip.operand, flip.bound) == ("staff", "at")
    assert (flip.to, flip.change) == (Fraction(6), Fraction(4))
    assert (flip.status, flip.amount_fen) == ("yes", 5_000)


def test_the_nearer_end_of_a_range_is_told() -> None:
    (low,) = asked(share="0.5").flips
    (high,) = asked(share="0.95").flips
    assert (low.to, low.change) == (Fraction(3, 5), Fraction(1, 10))
    assert (high.to, high.change) == (Fraction(9, 10), Fraction(-1, 20))


def test_every_operand_of_a_condition_has_its_own_change_through_named_steps() -> None:
    first, second = asked(spend=60).flips
    assert (first.operand, first.to) == ("spend", 50)
    assert (second.operand, second.to) == ("base", 120)
    assert (first.amount_fen, second.amount_fen) == (5_000, 6_000)


def test_a_strict_threshold_is_told_as_an_open_bound() -> None:
    law = read(THRESHOLDS.replace("share >= 0.6 and share <= 0.9", "share < 0.7"))
    facts = {**MET, "share": "0.7"}
    (flip,) = changes(law, facts, assess(law, facts, ON)).flips
    assert (flip.to, flip.change) == (Fraction(7, 10), Fraction(0))
    assert flip.bound == "below"


def test_a_flag_turns() -> None:
    (flip,) = asked(clean=False).flips
    assert (flip.operand, flip.before, flip.to, flip.status) == ("clean", False, True, "yes")


def test_several_gaps_are_each_told_and_closed_together() -> None:
    found = asked(staff=2, clean=False)
    assert [flip.status for flip in found.flips] == ["no", "no"]
    assert found.together is not None
    assert (found.together.status, found.together.amount_fen) == ("yes", 5_000)


def test_what_lies_outside_an_inputs_range_is_not_told() -> None:
    law = read(THRESHOLDS.replace("share >= 0.6 and share <= 0.9", "share > 1.5"))
    assert changes(law, MET, assess(law, MET, ON)).flips == ()


def test_a_missing_operand_is_no_gap() -> None:
    law = read(THRESHOLDS)
    facts = {**MET, "staff": None}
    assert changes(law, facts, assess(law, facts, ON)).flips == ()


def test_a_text_is_told_with_every_word_that_does() -> None:
    law = rule()
    facts = {"trade": "glass", "sites": [{"site": "A", "saved_t": 200, "plants": 1}]}
    found = changes(law, facts, assess(law, facts, ON))
    assert [(f.condition, f.to) for f in found.flips if f.operand == "trade"] == [
        ("trade_favoured", "paper"),
        ("trade_favoured", "steel"),
    ]


def test_an_item_of_a_list_is_moved_alone() -> None:
    law = read(rule_text("ept-art13"))
    rows = [
        {"outlet": "DA001", "medium": "air", "pollutant": name, "mass_kg": mass, "ratio": ratio,
         "exceeded": False}
        for name, mass, ratio in (("二氧化硫", 950, "0.30"), ("氮氧化物", 1900, "0.60"))
    ]  # fmt: skip
    facts = {"emissions": rows}
    answer = assess(law, facts, date(2025, 12, 31))
    (flip,) = changes(law, facts, answer).flips
    # NOx at 0.60 pays 75 % of 2,400.00; below 0.50 it pays half, 600.00 less.
    assert (flip.condition, flip.item, flip.operand) == ("below_second", 1, "ratio")
    assert (flip.to, flip.bound) == (Fraction(1, 2), "below")
    assert flip.amount_fen == (answer.amount_fen or 0) + 60_000


def test_a_day_moves_to_the_first_day_that_does() -> None:
    signed = "  clean: {kind: flag}\n  signed: {kind: day}"
    soon = "    is: signed >= day('2026-01-15') and days(signed, as_of) < 90\n"
    text = THRESHOLDS.replace("  clean: {kind: flag}", signed)
    law = read(text.replace("    is: clean\n", soon))
    facts = {**MET, "signed": "2025-12-31"}
    (flip,) = changes(law, facts, assess(law, facts, date(2026, 2, 1))).flips
    assert (flip.operand, flip.before, flip.to) == ("signed", date(2025, 12, 31), date(2026, 1, 15))
    assert (flip.change, flip.status) == (Fraction(15), "yes")
    late = date(2026, 6, 1)
    (flip,) = changes(law, facts, assess(law, facts, late)).flips
    assert flip.to == date(2026, 3, 4)  # 89 days before
