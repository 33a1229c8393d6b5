"""The two back ends say the same of every enterprise, to the fen, whatever the rule."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from incentives.rules.packaged import rule_text
from incentives.rules.rule import read
from tests.incentives.population.same import both, differing
from tests.incentives.rules.sample import rule as sample_rule

DAYS = ["2019-12-31", "2020-01-01", "2021-06-01", "2023-12-31", "2024-01-01", "2025-01-01",
        "2028-12-31", "2029-01-01", "2030-01-01"]  # fmt: skip
AIR = ("二氧化硫", "氮氧化物", "烟尘", "一氧化碳", "汞及其化合物", "甲苯", "unknown")
WATER = ("化学需氧量", "生化需氧量", "氨氮", "总磷", "总汞", "苯并(a)芘")
EPT = read(rule_text("ept-art13"))


def awards(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    """Facts for the sample rule: some missing, some that fail its check."""
    for _ in range(count):
        one: dict[str, Any] = {
            "trade": chance.choice(("steel", "paper", "glass")),
            "small": chance.random() < 0.5,
            "sites": [
                _some(
                    chance,
                    site="A",
                    saved_t=f"{chance.randrange(12_000) / 100:.2f}",
                    plants=0 if chance.random() < 0.01 else chance.randrange(1, 5),
                )
                for _ in range(chance.randrange(4))
            ],
        }
        yield _some(chance, **one)


def discharges(
    chance: random.Random, count: int, outlets: int = 3, most: int = 7
) -> Iterator[dict[str, Any]]:
    """Months for the tax rule: pollutants in and out of the table, gaps, contradictions."""
    known = [("air", name) for name in AIR] + [("water", name) for name in WATER]
    for _ in range(count):
        items = [
            _some(
                chance,
                0.004,
                outlet=f"DA{outlet}",
                medium=medium,
                pollutant=name,
                mass_kg=f"{chance.randrange(100_000)}e-1",
                ratio=f"0.{chance.randrange(100):02d}",
                exceeded=chance.random() < 0.05,
            )
            for outlet in range(chance.randrange(outlets))
            for medium, name in chance.sample(known, chance.randrange(1, most))
        ]
        yield _some(chance, emissions=items)


def _some(chance: random.Random, gap: float = 0.05, **facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if chance.random() >= gap}


ANJI = rule_text("anji-bamboo")
UNREAD = """
  mode:
    unit: "1"
    clause: storage
    values:
      - from: 2021-12-01
        unverified: {zh: 未读到, en: not read}
        source: none
        confidence: low
"""


def test_a_choice_by_a_figure_that_was_not_verified_is_no_yes_for_anybody() -> None:
    """Whoever has no contract is told yes by the area alone, if at all."""
    text = ANJI.replace("parameters:\n", "parameters:" + UNREAD, 1)
    text = text.replace("is: area > 0", "is: area >= 100 if mode == 1 else area >= 50")
    text = text.replace("in_contract and has_area", "in_contract or has_area")
    text = text.replace('region: "330523"', 'region: "330100"')
    facts = [{"contracted": c, "area": 200, "mean_price": 50} for c in (False, True)]
    alone, at_once = both(read(text), facts, date(2026, 3, 31))
    assert alone == at_once
    assert [status for status, _ in alone] == ["unverified", "yes"]


@pytest.mark.parametrize("on", DAYS)
def test_every_enterprise_is_answered_alike_by_the_sample_rule(on: str) -> None:
    found = list(awards(random.Random(on), 2_500))
    assert not differing(sample_rule(), found, date.fromisoformat(on))


@pytest.mark.parametrize("part", range(4))
def test_every_taxpayer_is_answered_alike(part: int) -> None:
    found = list(discharges(random.Random(part), 250))
    assert not differing(EPT, found, date(2024, 6, 1))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_a_sample_of_twenty_thousand_is_answered_alike(part: int) -> None:
    found = list(discharges(random.Random(1_000 + part), 2_000, 2, 4))
    assert not differing(EPT, found, date(2026, 3, 31))


# Expressions of every form over numbers with many decimals, flags, texts and a list.
NUMBERS = ("months(d, e)", "x", "y", "big", "0", "1", "3", "0.07", "12.5", "p", "q", "r")
ITEM_NUMBERS = (*NUMBERS, "a", "b", "lookup(table, k)", "lookup(part, k)",
                "lookup(doubted, k)", "lookup(part, t)", "lookup(part, 'two')")  # fmt: skip
FLAGS = ("f", "g", "t in unread", "t in words", "t == 'one'", "given(x)", "u != t")
ITEM_FLAGS = (*FLAGS, "h", "k in words", "k == t")


def _numbers(names: tuple[str, ...], flags: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pair = st.tuples(inner, inner)
        return st.one_of(
            st.tuples(pair, st.sampled_from("+-*/")).map(lambda t: f"({t[0][0]} {t[1]} {t[0][1]})"),
            pair.map(lambda t: f"min({t[0]}, {t[1]})"),
            pair.map(lambda t: f"max({t[0]}, {t[1]})"),
            inner.map(lambda t: f"(-{t})"),
            inner.map(lambda t: f"abs({t})"),
            inner.map(lambda t: f"floor({t})"),
            inner.map(lambda t: f"ceil({t})"),
            st.tuples(inner, flags, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        )

    return st.recursive(st.sampled_from(names), grown, max_leaves=6)


def _flags(names: tuple[str, ...], numbers: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.tuples(inner, st.sampled_from(("and", "or")), inner).map(
                lambda t: f"({t[0]} {t[1]} {t[2]})"
            ),
            inner.map(lambda t: f"(not {t})"),
        )

    ops = st.sampled_from(("<", "<=", ">", ">=", "==", "!="))
    compared = st.tuples(numbers, ops, numbers).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
    return st.recursive(st.one_of(st.sampled_from(names), compared), grown, max_leaves=4)


plain_numbers = _numbers(NUMBERS, st.sampled_from(FLAGS))
plain_flags = _flags(FLAGS, plain_numbers)
item_numbers = _numbers(ITEM_NUMBERS, st.sampled_from(ITEM_FLAGS))
item_flags = _flags(ITEM_FLAGS, item_numbers)
decimals = st.tuples(st.integers(-2_000, 2_000), st.integers(0, 4)).map(lambda t: f"{t[0]}e-{t[1]}")
days = st.dates(date(1999, 1, 1), date(2030, 12, 31)).map(date.isoformat)
words = st.sampled_from(("one", "two", "three"))


def _facts(**kinds: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """One in twenty is missing."""
    return st.fixed_dictionaries(
        {n: st.one_of(*[kind] * 19, st.none()) for n, kind in kinds.items()}
    )


items = _facts(a=decimals, b=decimals, h=st.booleans(), k=words)
enterprises = _facts(
    d=days, e=days, x=decimals, y=decimals,
    big=st.integers(-(10**18), 10**18), f=st.booleans(), g=st.booleans(), t=words, u=words,
    rows=st.lists(items, max_size=4),
)  # fmt: skip

HEAD = """
rule: any-rule
kind: fiscal-award
title: {zh: 任意, en: any}
region: "330000"
grantor: finance
review: unverified
force: {from: 2020-01-01}
clauses:
  doubt:
    document: d
    article: a
    text: t
    source: test
    confidence: low
    unverified: {from: 2025-01-01, why: {zh: 未读, en: unread}}
parameters:
  p: {unit: "1", values: [{value: 0.3, source: test, confidence: low}]}
  q: {unit: "1", values: [{before: 2020-01-01, value: 2, source: test, confidence: low}]}
  words: {unit: "1", values: [{texts: [one, two], source: test, confidence: low}]}
  table:
    unit: "1"
    values:
      - {before: 2021-01-01, table: {three: 5}, source: test, confidence: low}
      - {from: 2021-01-01, table: {one: 0.95, two: 16.7}, source: test, confidence: low}
  part:
    unit: "1"
    values:
      - {table: {one: 2}, source: test, confidence: low}
      - {from: 2021-01-01, unverified: {zh: 未读, en: unread}, source: test, confidence: low}
  doubted: {unit: "1", clause: doubt, values: [{table: {one: 2}, source: test, confidence: low}]}
  r: {unit: "1", clause: doubt, values: [{value: 3, source: test, confidence: low}]}
  unread: {unit: "1", clause: doubt, values: [{texts: [one], source: test, confidence: low}]}
inputs:
  d: {kind: day}
  e: {kind: day}
  x: {kind: number}
  y: {kind: number}
  big: {kind: number}
  f: {kind: flag}
  g: {kind: flag}
  t: {kind: text}
  u: {kind: text}
  rows:
    items:
      a: {kind: number}
      b: {kind: number}
      h: {kind: flag}
      k: {kind: text}
steps:
"""


@settings(deadline=None, phases=(Phase.generate,), max_examples=150)
@given(
    given_=st.lists(enterprises, min_size=1, max_size=8),
    each=item_numbers,
    which=item_flags,
    keys=st.sampled_from(("k", "k, t", "t")),
    folded=st.sampled_from(("sum", "min", "max")),
    flagged=st.sampled_from(("any", "all")),
    one=plain_numbers,
    eligible=plain_flags,
    mode=st.sampled_from(("half-up", "half-even", "down", "up")),
)
def test_any_expression_is_answered_alike(
    given_: list[dict[str, Any]], each: str, which: str, keys: str, folded: str, flagged: str,
    one: str, eligible: str, mode: str,
) -> None:  # fmt: skip
    steps = f"""
  - {{let: each_one, each: rows, is: "{each}"}}
  - {{let: place, each: rows, is: "position(each_one, {keys})"}}
  - {{let: others, each: rows, is: "members({keys})"}}
  - {{condition: which, each: rows, is: "{which}"}}
  - {{let: folded, is: "{folded}(each_one for row in rows if which)"}}
  - {{let: placed, is: "sum(place + others for row in rows if h)"}}
  - {{let: counted, is: "count(which for row in rows)"}}
  - {{condition: flagged, is: "{flagged}(which for row in rows if h)"}}
  - {{let: later, is: "d if d >= e and d < as_of else day('2026-02-28')"}}
  - {{condition: aged, is: "months(d, later) + days(e, as_of) > year(e)"}}
  - {{let: whole, is: "{one} + months(e, d) if aged else {one}"}}
  - let: award
    is: "whole if {eligible} else folded + placed + counted"
    unit: fen
    round: {mode}
eligible: "flagged or {eligible}"
amount: award
"""
    scalar, vector = both(read(HEAD + steps), given_, date(2026, 1, 1))
    assert scalar == vector


QUOTIENTS = """
  - {let: share, each: rows, is: "a / b"}
  - {let: place, each: rows, is: "position(share, k)"}
  - {let: whole, is: "sum(share for row in rows) + sum(a / b for row in rows if h)"}
  - {let: edge, is: "max(share for row in rows) - min(share for row in rows if place <= 2)"}
  - {condition: enough, is: "whole > x / y"}
  - let: award
    is: "1000 * (whole + edge) + sum(place * share for row in rows)"
    unit: fen
    round: half-even
eligible: enough or f
amount: award
"""


def test_folds_of_a_quotient_of_facts_are_answered_alike() -> None:
    chance = random.Random(7)

    def decimal() -> str:
        return f"{chance.randrange(-9_999, 9_999)}e-{chance.randrange(4)}"

    found = [
        _some(
            chance, 0.02, x=decimal(), y=decimal(), f=chance.random() < 0.5,
            rows=[
                _some(chance, 0.01, a=decimal(), b=decimal(), h=chance.random() < 0.5,
                      k=chance.choice(("one", "two")))
                for _ in range(chance.randrange(6))
            ],
        )
        for _ in range(3_000)
    ]  # fmt: skip
    assert not differing(read(HEAD + QUOTIENTS), found, date(2026, 1, 1))
