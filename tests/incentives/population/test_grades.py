"""A change of a rule that grades shows in who is graded otherwise: worked out by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from incentives.population import sheet
from incentives.population.grades import grades
from incentives.population.study import Found, Study, plain, rows
from incentives.rules import packaged
from incentives.rules.rule import Rule, read
from incentives.simulating import changes_of, difference_of, with_values

ON = date(2026, 6, 30)
# Index K is emissions over value added over the mean of the industry: 0.60, 0.61, 0.80, 1.00, 2.50;
# of the sixth nobody said what is deducted, the seventh has no value added to divide by, of the
# eighth nobody said what it emits.
SHEET = """enterprise,region,emissions,deducted,value_added,industry_mean
甲,330100,60,0,100,1
乙,330100,61,0,100,1
丙,330200,80,0,100,1
丁,330200,100,0,100,1
戊,330200,250,0,100,1
辛,330200,50,,100,1
己,330200,1,0,0,1
庚,330200,,0,100,1
"""


def rule(name: str = "carbon-code") -> Rule:
    return read(packaged.rule_text(name))


def changed(**values: Fraction) -> Found:
    who, facts = sheet.read(SHEET, rule())
    study = Study(rule(), who, facts, ON)
    return study.change(with_values(rule(), values, ON))


def test_grades_are_counted_before_and_after() -> None:
    found = changed(grade_1_most=Fraction("0.5"))
    # 甲 at 0.60 falls from grade 1 to 2; the others stand.
    (grade, level) = plain(found)["grades"]
    assert (grade["name"], grade["altered"], grade["without"]) == ("grade", 1, 2)
    assert grade["before"] == {"1": 1, "2": 2, "3": 1, "5": 1}
    assert grade["after"] == {"2": 3, "3": 1, "5": 1}
    # Levels: 0.60 is low, 0.61 to 1.00 middle, 2.50 high.
    assert level["before"] == level["after"] == {"1": 1, "2": 3, "3": 1}
    assert level["altered"] == 0


def test_who_is_graded_otherwise_is_changed_and_both_grades_are_told() -> None:
    found = changed(grade_2_most=Fraction("0.7"), low_level=Fraction("0.61"))
    # 丙 at 0.80 falls from 2 to 3; 乙 at 0.61 is now low.
    assert difference_of(found).changed == 2
    moved = {change.party: dict(change.grades) for change in changes_of(found)}
    assert moved == {
        "乙": {"level_before": 2, "level_after": 1},
        "丙": {"grade_before": 2, "grade_after": 3},
    }
    told = {row["enterprise"]: row for row in rows(found)}
    assert sorted(told) == ["丙", "乙"]
    assert (told["丙"]["grade_before"], told["丙"]["grade_after"]) == (2, 3)
    assert (told["丙"]["level_before"], told["丙"]["level_after"]) == (2, 2)


def test_nobody_without_a_yes_has_a_grade_and_a_quotient_is_none() -> None:
    found = grades(changed().before)
    assert sorted(found) == ["grade", "level"]  # neither intensity nor index
    assert found["grade"].known.tolist() == [True] * 5 + [False] * 3


def test_a_rule_that_gives_sums_or_says_yes_has_no_grades() -> None:
    for name in ("ept-art13", "green-catalogue"):
        who, facts = sheet.read("enterprise,region\n甲,330100\n", rule(name))
        assert grades(Study(rule(name), who, facts, ON).base) == {}
