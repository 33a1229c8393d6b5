"""Rule files: what a sample reads to, and every part with what it must refuse."""

from __future__ import annotations

import hashlib
from datetime import date
from fractions import Fraction

import pytest

from incentives.rules.errors import RuleRefused
from incentives.rules.rule import fresh, read
from incentives.rules.values import not_in_force
from incentives.simulating import meant
from ledger.parties.errors import TextRefused
from tests.incentives.rules.sample import TEXT, rule

BONUS = "from: 2022-01-01, before: 2029-01-01, value: 0.5"
WHOLE = TEXT.replace(BONUS, "from: 2020-01-01, before: 2030-01-01, value: 0.5")
"""The sample with a bonus on every day of its force."""


def test_a_rule_reads_to_what_it_says() -> None:
    found = rule()
    assert (found.id, found.kind, found.review) == ("sample-award", "fiscal-award", "unverified")
    assert found.digest == hashlib.sha256(TEXT.encode("utf-8")).hexdigest()
    assert found.title == {"zh": "样例奖励", "en": "A sample award"}
    assert [s.name for s in found.steps if s.role == "condition"] == [
        "enough",
        "is_small",
        "trade_favoured",
    ]
    assert found.stacking.excludes == ("other-award",)
    assert found.readings["tonne"]["en"] == "A tonne is metric."


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("is: saved >= threshold", 'is: "small # saved >= threshold"', "expression-comment", 58),
        ('region: "330000"', 'region: "33000"', "region-malformed", 5),
        ('region: "330000"', "region: 浙江省", "region-malformed", 5),
        ("excludes: [other-award]", "excludes: [sample-award]", "excludes-itself", None),
        ("title: {zh: 样例奖励, en: A sample award}", "title: {zh: 样例奖励}", "words-missing", 4),
        ("{from: 2020-01-01, before: 2030-01-01, v", "{from: 2020-01-02, v", "parameter-gap", 31),
        ("value: 0.5,", "value: -0.5,", "parameter-out-of-range", 31),
        ("steel: 10", "steel: -10", "parameter-out-of-range", 37),
        (
            "CNY/t\n    values: [{from: 2020-01-01, before: 2030-01-01, value: 0.5",
            "share of it\n    values: [{from: 2020-01-01, value: 1.01",
            "parameter-out-of-range",
            31,
        ),
        ("{from: 2020-01-01, before: 2030-01-01, v", "{before: 2029-12-31, v", "parameter-gap", 31),
        (
            "{before: 2024-01-01, table",
            "{from: 2020-01-02, before: 2024-01-01, table",
            "parameter-gap",
            37,
        ),
    ],
)
def test_a_text_that_is_tried_or_published_is_read_more_strictly_than_one_on_the_record(
    old: str, new: str, code: str, line: int | None
) -> None:
    """What two people sign must be what is worked out; an older text is read as it was."""
    text = WHOLE.replace(old, new, 1)
    assert text != WHOLE
    read(text)
    with pytest.raises(RuleRefused) as caught:
        fresh(text)
    assert caught.value.code == code
    assert caught.value.params["column"] >= 1
    assert line in (None, caught.value.params["line"])


def test_a_sign_of_comments_within_a_text_is_no_comment() -> None:
    text = WHOLE.replace("is: trade in favoured", """is: 'trade == "#1" or trade in favoured'""", 1)
    assert fresh(text).digest == read(text).digest


@pytest.mark.parametrize(
    "values",
    [
        "values: [{value: 0.5,",
        "values: [{from: 2019-01-01, value: 0.5,",
        "clause: two\n    values: [{from: 2025-01-01, value: 0.5,",
        "values: [{from: 2020-01-01, before: 2022-01-01, unverified: {en: unread}, source: test, "
        "confidence: low}, {from: 2022-01-01, value: 0.5,",
    ],
    ids=["always", "earlier", "as-its-clause", "said-to-be-unread"],
)
def test_a_figure_needs_values_only_while_rule_and_clause_are_in_force(values: str) -> None:
    text = TEXT.replace(f"values: [{{{BONUS},", values)
    assert text != TEXT
    assert fresh(text).digest == read(text).digest


def test_every_change_of_the_text_is_another_version() -> None:
    assert rule().digest != rule(("A sample award", "A sample award.")).digest


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2019, 12, 31), not_in_force("threshold")),
        (date(2020, 1, 1), Fraction(100)),
        (date(2023, 12, 31), Fraction(100)),
        (date(2024, 1, 1), Fraction(120)),
    ],
)
def test_a_parameter_is_what_it_was_on_the_day(day: date, value: object) -> None:
    assert rule().parameters["threshold"].number(day) == value


def test_a_table_knows_keys_of_other_days_without_their_value() -> None:
    rate = rule().parameters["rate"]
    assert rate.table(date(2023, 12, 31)).rows == {("steel",): 10, ("paper",): 8}
    ended = not_in_force("rate[paper]")
    assert rate.table(date(2024, 1, 1)).rows == {("steel",): 12, ("paper",): ended}


def test_texts_without_dates_hold_always() -> None:
    assert rule().parameters["favoured"].texts(date(1900, 1, 1)) == frozenset({"steel", "paper"})


def test_a_rule_may_have_no_amount() -> None:
    assert rule(("amount: award\n", "")).amount is None


@pytest.mark.parametrize(
    ("old", "new", "code", "field"),
    [
        ("rule: sample-award\n", "", "field-missing", "rule"),
        ("sample-award", "Sample_Award", "text-malformed", "rule"),
        ("fiscal-award", "gift", "choice-unknown", "kind"),
        ("unverified", "certain", "choice-unknown", "review"),
        ("grantor: finance", "grantor: [finance]", "field-type", "grantor"),
        ("zh: 样例奖励", "fr: prix", "field-unknown", "title.fr"),
        ("before: 2030-01-01", "before: 2020-01-01", "span-empty", "force.before"),
        ("    text: 节能量达到起点的，每吨奖励若干元。\n", "", "clause-silent", "clauses.one"),
        ("    source: written for tests\n", "", "field-missing", "clauses.one.source"),
        ("confidence: low", "confidence: sure", "choice-unknown", "clauses.one.confidence"),
        ("  threshold:", "  Threshold:", "name-malformed", "parameters.Threshold"),
        ("clause: one", "clause: nine", "clause-unknown", "parameters.threshold.clause"),
        ("2024-01-01, value: 120", "2023-12-31, value: 120", "parameter-overlap",
         "parameters.threshold"),
        ("value: 120", "value: 1e2x", "number-malformed", "parameters.threshold.values[1].value"),
        ("value: 120", "texts: [a]", "parameter-mixed", "parameters.threshold"),
        ("value: 120,", "value: 120, texts: [a],", "field-missing",
         "parameters.threshold.values[1].value"),
        ("value: 120,", "", "field-missing", "parameters.threshold.values[1].value"),
        ("value: 120,", "value: 120, note: x,", "field-unknown",
         "parameters.threshold.values[1].note"),
        ("values: [{from: 2022-01-01, before: 2029-01-01, value: 0.5, source: test, "
         "confidence: low}]", "values: []", "parameter-empty", "parameters.bonus"),
        ("table: {steel: 12}", "table: {steel: {a: 12}}", "parameter-mixed", "parameters.rate"),
        ("table: {steel: 12}", "table: {steel: {a: 12}, x: 1}", "parameter-mixed",
         "parameters.rate"),
        ("{before: 2024-01-01, table", "{table", "parameter-overlap", "parameters.rate"),
        ("table: {steel: 10, paper: 8}", "unverified: {zh: x, en: x}, x: 1", "field-unknown",
         "parameters.rate.values[0].x"),
        ("value: 120,", "unverified: {zh: x, en: x}}\n      - {value: 120,",
         "field-missing", "parameters.threshold.values[1].source"),
        ("  trade: {kind", "  Trade: {kind", "name-malformed", "inputs.Trade"),
        ("kind: flag", "kind: boolean", "choice-unknown", "inputs.small.kind"),
        ("label: [site]", "label: [town]", "label-unknown", "inputs.sites.label"),
        ("      saved_t:", "      trade:", "name-twice", "inputs.trade"),
        ("  small: {", "  bonus: {", "name-twice", "inputs.bonus"),
        ("  - let: saved\n", "  - let: saved\n    check: x\n", "step-role", "steps[1].let"),
        ("  - let: saved\n", "  - title: {zh: x}\n", "step-role", "steps[1].let"),
        ("let: saved", "let: Saved", "name-malformed", "steps[1].let"),
        ("let: saved", "let: trade", "name-twice", "steps[1].let"),
        ("let: saved", "let: saved_t", "name-twice", "steps[1].let"),
        ("let: saved", "let: rate", "name-twice", "steps[1].let"),
        ("each: sites", "each: towns", "list-unknown", "steps[0].each"),
        ("is: plants > 0", "is: plants + 0", "kind-mismatch", "steps[0].is"),
        ("is: saved >= threshold", "is: saved + threshold", "kind-mismatch", "steps[2].is"),
        ("is: saved >= threshold", "is: award > 0", "name-unknown", "steps[2].is"),
        ("is: saved >= threshold", "is: saved.real > 0", "expression-not-allowed", "steps[2].is"),
        ("is: small\n    clause: two", "is: small\n    clause: six", "clause-unknown",
         "steps[3].clause"),
        ("is: small\n", "is: small\n    round: down\n", "round-without-number", "steps[3].round"),
        ("round: half-up", "round: nearest", "choice-unknown", "steps[5].round"),
        ("eligible: enough and trade_favoured", "eligible: saved", "kind-mismatch", "eligible"),
        ("eligible: enough and trade_favoured", "eligible: nothing", "name-unknown", "eligible"),
        ("amount: award", "amount: prize", "amount-unknown", "amount"),
        ("amount: award", "amount: saved", "amount-unknown", "amount"),
        ("    round: half-up\n", "", "amount-unknown", "amount"),
        ("excludes: [other-award]", "excludes: other-award", "field-type", "stacking.excludes"),
        ("readings:", "remarks:", "field-unknown", "remarks"),
    ],
)  # fmt: skip
def test_each_part_refuses_what_it_must(old: str, new: str, code: str, field: str) -> None:
    with pytest.raises(RuleRefused) as caught:
        rule((old, new))
    assert (caught.value.code, caught.value.params["field"]) == (code, field)


def test_a_list_without_items_is_refused() -> None:
    with pytest.raises(RuleRefused, match="list-empty"):
        rule(("  small: {kind: flag}\n", "  small: {items: {}}\n"))


def test_steps_are_bounded() -> None:
    many = "".join(f"  - {{let: x{i}, is: '1'}}\n" for i in range(96))
    with pytest.raises(RuleRefused, match="steps-too-many"):
        rule(("steps:\n", "steps:\n" + many))


def test_two_lists_may_share_the_name_of_a_field() -> None:
    second = "  towns: {items: {site: {kind: text}, heads: {kind: number}}}\nsteps:\n"
    found = rule(("steps:\n", second + "  - {let: heads_all, is: sum(heads for town in towns)}\n"))
    assert [rows.name for rows in found.inputs.lists] == ["sites", "towns"]


@pytest.mark.parametrize("text", ["", "[]", "rule"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(RuleRefused, match="field-type"):
        read(text)


def test_what_is_no_strict_yaml_is_refused() -> None:
    with pytest.raises(TextRefused, match="yaml-anchor"):
        read("rule: &a x\nkind: *a")


def test_a_number_may_have_other_names_in_terms_of_which_it_is_set() -> None:
    law = rule(
        (
            "unit: t\n    clause: one",
            'unit: t\n    clause: one\n    also: {hundreds: "100 * hundreds"}',
        )
    )
    assert meant(law, "hundreds", Fraction(3)) == ("threshold", Fraction(300))
    assert meant(law, "threshold", Fraction(3)) == ("threshold", Fraction(3))
    assert meant(law, "other", Fraction(3)) == ("other", Fraction(3))


@pytest.mark.parametrize(
    ("old", "also", "code", "field"),
    [
        (
            "unit: t\n    clause: one",
            "{Big: Big}",
            "name-malformed",
            "parameters.threshold.also.Big",
        ),
        ("unit: t\n    clause: one", "{bonus: bonus}", "name-twice", "parameters.bonus"),
        ("unit: t\n    clause: one", "{x: y + 1}", "name-unknown", "parameters.threshold.also.x"),
        ("unit: t\n    clause: one", "{x: x > 1}", "kind-mismatch", "parameters.threshold.also.x"),
        (
            "unit: t\n    clause: one",
            "{x: x.y}",
            "expression-not-allowed",
            "parameters.threshold.also.x",
        ),
        ("unit: trade", "{x: x}", "name-malformed", "parameters.favoured.also.x"),
    ],
)
def test_another_name_that_says_nothing_of_the_number_is_refused(
    old: str, also: str, code: str, field: str
) -> None:
    with pytest.raises(RuleRefused) as caught:
        rule((old, f"{old}\n    also: {also}"))
    assert (caught.value.code, caught.value.params["field"]) == (code, field)
