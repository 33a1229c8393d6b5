"""A small rule of an invented award, for tests of the format: law that changes, facts, a list."""

from __future__ import annotations

from incentives.rules.rule import Rule, read

TEXT = """
rule: sample-award
kind: fiscal-award
title: {zh: 样例奖励, en: A sample award}
region: "330000"
grantor: finance
review: unverified
force: {from: 2020-01-01, before: 2030-01-01}
clauses:
  one:
    document: 样例办法
    article: 第一条
    text: 节能量达到起点的，每吨奖励若干元。
    source: written for tests
    confidence: low
  two:
    document: 样例办法
    article: 第二条
    summary: Size counts from 2025 on.
    source: written for tests
    confidence: low
    from: 2025-01-01
parameters:
  threshold:
    unit: t
    clause: one
    values:
      - {from: 2020-01-01, before: 2024-01-01, value: 100, source: test, confidence: low}
      - {from: 2024-01-01, value: 120, source: test, confidence: low}
  bonus:
    unit: CNY/t
    values: [{from: 2022-01-01, before: 2029-01-01, value: 0.5, source: test, confidence: low}]
  favoured:
    unit: trade
    values: [{texts: [steel, paper], source: test, confidence: low}]
  rate:
    unit: CNY/t
    values:
      - {before: 2024-01-01, table: {steel: 10, paper: 8}, source: test, confidence: low}
      - {from: 2024-01-01, table: {steel: 12}, source: test, confidence: low}
inputs:
  trade: {kind: text, choices: [steel, paper, glass]}
  small: {kind: flag}
  sites:
    label: [site]
    items:
      site: {kind: text}
      saved_t: {kind: number, unit: t, least: 0, most: 1000000}
      plants: {kind: number, whole: true}
steps:
  - check: plants_positive
    each: sites
    is: plants > 0
  - let: saved
    is: sum(saved_t for site in sites)
    unit: t
  - condition: enough
    is: saved >= threshold
    clause: one
  - condition: is_small
    is: small
    clause: two
  - condition: trade_favoured
    is: trade in favoured
  - let: award
    is: 100 * saved * (lookup(rate, trade) + bonus)
    unit: fen
    round: half-up
eligible: enough and trade_favoured
amount: award
stacking: {excludes: [other-award], note: not twice for one tonne}
readings:
  tonne: {zh: 吨按公吨, en: A tonne is metric.}
"""

THRESHOLDS = """
rule: sample-thresholds
kind: fiscal-award
title: {zh: 样例, en: Thresholds}
region: "330000"
grantor: finance
review: unverified
force: {from: 2020-01-01}
clauses: {one: {document: 样例, article: 第一条, text: 一, source: test, confidence: low}}
parameters:
  least: {unit: people, values: [{value: 5, source: test, confidence: low}]}
inputs:
  staff: {kind: number, unit: people, whole: true, least: 0}
  share: {kind: number, unit: "1", least: 0, most: 1}
  spend: {kind: number, unit: CNY}
  base: {kind: number, unit: CNY}
  clean: {kind: flag}
steps:
  - let: half
    is: spend * 2
  - condition: enough_staff
    is: staff > least
  - condition: share_high
    is: share >= 0.6 and share <= 0.9
  - condition: spend_low
    is: half <= base
  - condition: is_clean
    is: clean
  - let: award
    is: 100 * spend
    unit: fen
    round: half-up
eligible: enough_staff and share_high and spend_low and is_clean
amount: award
"""


def rule(*changes: tuple[str, str]) -> Rule:
    """The sample with some of its text replaced."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return read(text)


FACTS: dict[str, object] = {
    "trade": "steel",
    "small": True,
    "sites": [
        {"site": "A", "saved_t": "100.5", "plants": 1},
        {"site": "B", "saved_t": 19, "plants": 2},
    ],
}
