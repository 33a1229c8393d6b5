"""Law that nobody has read: never a yes and never a no, with the reason beside it."""

from __future__ import annotations

from datetime import date

import pytest

from incentives.rules.answer import Answer
from incentives.rules.assess import assess
from incentives.rules.errors import RuleRefused
from incentives.rules.report import plain
from incentives.rules.rule import Rule
from incentives.rules.values import Absent, merged, missing, not_in_force, unverified
from tests.incentives.rules.sample import FACTS, rule

WHY = "{zh: 未见原文, en: the text was not read}"
DOUBT = f"unverified: {{from: 2026-08-15, why: {WHY}}}"
FORCE = "force: {from: 2020-01-01, before: 2030-01-01}"
DOUBTED = FORCE.replace("}", f", {DOUBT}}}")
REPEALED = "review: repealed\nforce: {from: 2020-01-01}"
SINCE_2024 = "      - {from: 2024-01-01, value: 120, source: test, confidence: low}\n"
BEFORE, AFTER = date(2026, 8, 14), date(2026, 8, 15)
NOBODY: dict[str, object] = {}
ENOUGH = {**FACTS, "sites": [{"site": "A", "saved_t": 130, "plants": 1}]}
"""An enterprise that is over the threshold, so that what follows is asked at all."""


def doubted_rule() -> Rule:
    return rule((FORCE, DOUBTED))


def doubted_clause() -> Rule:
    return rule(("    article: 第一条\n", f"    article: 第一条\n    {DOUBT}\n"))


def doubted_figure() -> Rule:
    ended = SINCE_2024.replace("2024-01-01", "2024-01-01, before: 2026-08-15")
    unread = f"      - {{from: 2026-08-15, unverified: {WHY}, source: test, confidence: low}}\n"
    return rule((SINCE_2024, ended + unread))


TABLE = "      - {from: 2024-01-01, table: {steel: 12}, source: test, confidence: low}\n"
UNREAD = f"unverified: {WHY}, source: test, confidence: low}}\n"


def doubted_table() -> Rule:
    """A table whose later span nobody has read."""
    ended = TABLE.replace("2024-01-01", "2024-01-01, before: 2026-08-15")
    return rule((TABLE, f"{ended}      - {{from: 2026-08-15, {UNREAD}"))


def doubted_clause_of_a_figure() -> Rule:
    """A figure whose clause is in doubt, read by a condition that names no clause."""
    return rule(
        ("    article: 第一条\n", f"    article: 第一条\n    {DOUBT}\n"),
        ("    is: saved >= threshold\n    clause: one\n", "    is: saved >= threshold\n"),
    )


def doubted_clause_of(figure: str) -> Rule:
    """The same with a set of texts or a table."""
    return rule(
        ("    article: 第一条\n", f"    article: 第一条\n    {DOUBT}\n"),
        ("    unit: t\n    clause: one\n", "    unit: t\n"),
        ("    is: saved >= threshold\n    clause: one\n", "    is: saved >= threshold\n"),
        (f"  {figure}:\n", f"  {figure}:\n    clause: one\n"),
    )


def told(law: Rule, on: date, facts: dict[str, object] = FACTS) -> Answer:
    return assess(law, facts, on)


@pytest.mark.parametrize(
    "made",
    [
        doubted_rule,
        doubted_clause,
        doubted_figure,
        doubted_table,
        doubted_clause_of_a_figure,
        lambda: doubted_clause_of("favoured"),
        lambda: doubted_clause_of("rate"),
    ],
)
def test_from_the_day_of_the_doubt_on_nothing_is_said(made: object) -> None:
    law = made()  # type: ignore[operator]  # one of those above
    assert told(law, BEFORE, ENOUGH).status == "yes"
    after = told(law, AFTER, ENOUGH)
    assert (after.status, after.amount_fen) == ("unverified", None)
    assert after.wanting != ()


def test_no_fact_makes_doubted_law_say_no() -> None:
    for facts in (FACTS, NOBODY, {**FACTS, "trade": "glass", "small": False}):
        assert told(doubted_rule(), AFTER, facts).status == "unverified"


def test_a_figure_whose_clause_is_in_doubt_is_wanting_by_the_clause() -> None:
    found = told(doubted_clause_of_a_figure(), AFTER)
    assert found.wanting[:1] == ("one",)
    assert {c.name: c.state for c in found.conditions}["enough"] == "unverified"


def test_a_table_that_was_not_read_whole_gives_its_rows_and_doubts_the_others() -> None:
    part = rule((TABLE, f"{TABLE}      - {{from: 2024-01-01, {UNREAD}"))
    assert told(part, AFTER, ENOUGH).status == "yes"
    paper = told(part, AFTER, {**ENOUGH, "trade": "paper"})  # it has a row until 2024
    assert (paper.status, paper.wanting) == ("unverified", ("rate",))
    whole = told(rule(), AFTER, {**ENOUGH, "trade": "paper"})
    assert (whole.status, whole.wanting) == ("not-in-force", ("rate[paper]",))
    (doubt,) = plain(paper)["doubts"]  # type: ignore[misc]  # a list
    assert doubt["of"] == "rate"  # type: ignore[call-overload, index]  # a mapping


def test_the_reason_stands_in_the_answer() -> None:
    for law, of in (
        (doubted_rule(), "sample-award"),
        (doubted_clause(), "one"),
        (doubted_figure(), "threshold"),
    ):
        (doubt,) = plain(told(law, AFTER))["doubts"]  # type: ignore[misc]  # a list
        assert doubt == {"of": of, "why": {"zh": "未见原文", "en": "the text was not read"}}
        assert plain(told(law, BEFORE))["doubts"] == []


def test_of_a_draft_everything_is_shown_and_nothing_follows() -> None:
    found = told(rule(("review: unverified", "review: draft")), BEFORE)
    assert (found.status, found.amount_fen, found.wanting) == (
        "unverified",
        None,
        ("sample-award",),
    )
    assert {c.state for c in found.conditions} <= {"yes", "no", "missing", "not-in-force"}
    assert found.conditions != ()


def test_without_force_nothing_else_matters_and_doubt_says_more_than_a_gap() -> None:
    absent = [missing("fact"), unverified("clause"), not_in_force("figure")]
    assert merged(absent) == Absent("not-in-force", ("fact", "clause", "figure"))
    assert merged(absent[:2]) == Absent("unverified", ("fact", "clause"))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (FORCE, DOUBTED.replace("2026-08-15", "2030-01-01"), "doubt-outside"),
        (FORCE, DOUBTED.replace("2026-08-15", "2019-12-31"), "doubt-outside"),
        (f"review: unverified\n{FORCE}", REPEALED, "repeal-undated"),
        ("2024-01-01, value: 120", "2024-01-02, value: 120", "parameter-gap"),
    ],
)  # fmt: skip
def test_what_leaves_a_day_open_is_refused(old: str, new: str, code: str) -> None:
    with pytest.raises(RuleRefused) as fault:
        rule((old, new))
    assert fault.value.code == code
