"""Answers that were given are given again byte for byte, whatever has been stated since.

A sample of what is asked of the whole: every answer is kept as the log grows, and then worked out
once more, in another order and with nothing remembered, from the record as it is in the end.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from incentives.asking import ask
from incentives.comparing import compare
from incentives.queries import laws_at
from incentives.rules.packaged import rule_text
from incentives.rules.rule import read
from ledger.facts.models import private_fact_table
from ledger.statements.canonical import encode
from tests.factories.facts import REGULATOR
from tests.factories.policy import RULE, define_discharge, discharge, publish_rule, report_month
from tests.factories.scene import HOUR_MS, OFFICERS, Scene
from tests.incentives.rules.sample import THRESHOLDS
from tests.incentives.test_recorded import GOLDEN, TEXT, retire

DAYS = (date(2025, 11, 30), date(2025, 12, 31), date(2026, 6, 30))
WHOLE = [date(2025, 9, 1) + timedelta(days=place) for place in range(334)]
"""HYPOTHESIS_PROFILE=deep asks of each of these days: 10,020 answers, some two minutes."""
PARTIES = ("owner", "buyer", "vvb1")
LOCAL = rule_text(RULE).replace('region: "330000"', 'region: "330100"')
DECLARED = {"sample-thresholds": {"staff": 3, "share": "0.95"}}
EPT = "rule: ept-art13\ncases: [{name: none, as_of: 2017-01-01, expect: {status: not-in-force}}]"


def history(stage: Scene) -> Iterator[None]:
    """Facts, corrections, rules, retirements and a move, one statement or a few at a time."""
    publish_rule(stage, text=TEXT, golden=GOLDEN)
    yield
    report_month(stage)
    yield
    retire(stage, 100)
    yield
    over = discharge("exceeded", "二氧化硫", 1, 0)
    stage.do("regulator", "fact.report", over, *REGULATOR)
    yield
    stage.clock.time += HOUR_MS
    text = LOCAL.replace("value: 1.2,", "value: 2.4,")
    publish_rule(stage, text=text, golden=EPT)
    yield
    report_month(stage, "buyer", [("烟尘", 218, 40)])
    yield
    moved = {"party": "owner", "region": "330200", "document": "d"}
    stage.do("registrar", "party.change", moved, *OFFICERS)
    yield
    publish_rule(stage, text=THRESHOLDS, golden=GOLDEN, valid_from="2025-12-01")
    yield
    mass = next(r for r in stage.rows(private_fact_table) if r["value"] == 950)
    stage.do(
        "owner", "fact.report", discharge("mass", "二氧化硫", 95, 0, corrects=mass["fact"]), "a"
    )
    retire(stage, 7)
    yield
    back = {"party": "owner", "region": "330100", "document": "d"}
    stage.do("registrar", "party.change", back, *OFFICERS)
    yield


def asked(stage: Scene, party: str, on: date, size: int) -> Any:
    with stage.ledger.record.reading() as connection:
        return ask(
            connection, party, on, size, explain=True, declared=declared(connection, on, size)
        )


def declared(connection: Any, on: date, size: int) -> dict[str, Any]:
    known = {row["rule"] for row, _ in laws_at(connection, on.isoformat(), size)}
    return DECLARED if known >= set(DECLARED) else {}


def head(stage: Scene) -> int:
    with stage.ledger.record.reading() as connection:
        return stage.ledger.record.head(connection).size


@pytest.mark.timeout(900)  # of ten thousand
def test_every_answer_is_given_again_with_the_same_bytes(stage: Scene) -> None:
    stage.issue(900)
    define_discharge(stage)
    publish_rule(stage, text=LOCAL)
    days = WHOLE if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else DAYS
    given: dict[tuple[str, date, int], bytes] = {}
    for _ in history(stage):
        size = head(stage)
        for party in PARTIES:
            for on in days:
                given[party, on, size] = encode(asked(stage, party, on, size))
    assert len(given) == 30 * len(days)
    assert len(set(given.values())) > 20 * len(days)  # they do differ
    read.cache_clear()
    order = sorted(given)
    random.Random(1).shuffle(order)
    for key in order:
        assert encode(asked(stage, *key)) == given[key], key


def test_two_answers_of_the_past_differ_for_the_same_reasons_for_ever(stage: Scene) -> None:
    stage.issue(900)
    define_discharge(stage)
    publish_rule(stage, text=LOCAL)
    sizes = [head(stage) for _ in history(stage)]
    on = DAYS[1]

    def why(first: int, second: int) -> Any:
        found: Any = compare(*(asked(stage, "owner", on, size) for size in (first, second)))
        tax = next(rule for rule in found["rules"] if rule["rule"] == RULE)
        return [(cause["kind"], cause["name"]) for cause in tax["causes"]]

    assert why(sizes[2], sizes[3]) == [("fact", "discharge.exceeded DA001 air 二氧化硫")]
    assert why(sizes[3], sizes[4]) == [("text", ""), ("parameter", "rate_air")]
    assert ("region", "") in why(sizes[5], sizes[6])
    assert why(sizes[2], sizes[2]) == []
