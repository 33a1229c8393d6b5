"""Findings on the record: their states, guards, and what the detectors find in a real log."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from ledger.writer.store import read_head
from market.supervision.models import FINDING_MOVES, FindingState, finding_table, referral_table
from market.supervision.watch import found_between
from tests.factories.auctions import Blocks
from tests.factories.market import EXCHANGE, TODAY, Floor
from tests.factories.oversight import finding, limit, refused, state
from tests.factories.scene import ORIGIN

ENTRIES = [1, 2]
DECIDED = {"ground": "测试", "document": "监〔2026〕3"}
REFERRED = {**DECIDED, "authority": "有权机关"}
STEPS = {"explained": ("finding.explain", DECIDED), "referred": ("finding.refer", REFERRED)}


def opened(floor: Floor, author: str = "regulator") -> str:
    return state(floor, author, "finding.open", finding(ENTRIES))


def watched(floor: Floor, known_at: int | None = None, day: str = TODAY) -> dict[str, Any]:
    with floor.stage.ledger.record.reading() as connection:
        head = read_head(connection, ORIGIN)
        assert head is not None
        return found_between(connection, (day, day), known_at or head.size, head)


def test_a_finding_is_opened_once_with_its_evidence_in_order(floor: Floor) -> None:
    floor.prepare()
    name = state(floor, "regulator", "finding.open", finding([2, 1, 2], instrument="FS"))
    row = floor.stage.rows(finding_table)[0]
    assert (row["finding"], row["author"], row["state"]) == (name, "regulator", "open")
    assert (row["entries"], row["parties"]) == ([1, 2], ["buyer", "owner"])
    assert refused(floor, "exchange", "finding.open", finding([1, 2])) == "finding-on-record"
    state(floor, "exchange", "finding.open", finding([1, 2], detector="ring"))


@pytest.mark.parametrize("steps", list(itertools.product(STEPS, repeat=2)))
def test_every_pair_of_states_goes_as_the_table_says(floor: Floor, steps: tuple[str, str]) -> None:
    floor.prepare()
    name, stands = opened(floor), "open"
    for after in steps:
        type, body = STEPS[after]
        if after in FINDING_MOVES[stands]:
            state(floor, "regulator", type, {"finding": name, **body})
            stands = after
        else:
            code = refused(floor, "regulator", type, {"finding": name, **body})
            assert code == "finding-state"
    assert floor.stage.rows(finding_table)[0]["state"] == stands
    assert set(FINDING_MOVES) == set(FindingState)


def test_a_referral_tells_each_party_and_an_explanation_nobody(floor: Floor) -> None:
    floor.prepare()
    name = opened(floor)
    state(floor, "regulator", "finding.explain", {"finding": name, **DECIDED})
    assert floor.stage.rows(referral_table) == []
    state(floor, "regulator", "finding.refer", {"finding": name, **REFERRED})
    rows = floor.stage.rows(referral_table)
    assert [(row["party"], row["authority"]) for row in rows] == [
        ("buyer", "有权机关"),
        ("owner", "有权机关"),
    ]


def test_the_regulator_decides_on_the_exchanges_finding_and_not_the_other_way(
    floor: Floor,
) -> None:
    floor.prepare()
    name = opened(floor)
    explained = {"finding": name, **DECIDED}
    assert refused(floor, "exchange", "finding.explain", explained) == "finding-unknown"
    other = state(floor, "exchange", "finding.open", finding([3]))
    state(floor, "regulator", "finding.refer", {"finding": other, **REFERRED})
    unknown = {"finding": "none", **DECIDED}
    assert refused(floor, "regulator", "finding.explain", unknown) == "finding-unknown"


def test_evidence_parties_and_instrument_must_be_there(floor: Floor) -> None:
    floor.prepare()
    for body, code in (
        (finding([10_000]), "evidence-not-yet"),
        (finding([1], parties=["nobody"]), "party-unknown"),
        (finding([1], instrument="NONE"), "instrument-unknown"),
    ):
        assert refused(floor, "regulator", "finding.open", body) == code
    stage = floor.stage
    assert stage.refused("owner", "finding.open", finding([1]), "a", "b") == "role-not-allowed"
    assert stage.refused("exchange", "finding.open", finding([1]), EXCHANGE[0]) == "four-eyes"


def turn_over(floor: Floor) -> None:
    """buyer has 100 from owner and sells them back on the same day."""
    floor.rule("FS.10.holding-sessions", "0", "2025-12-31")
    for name, value in (("days", "5"), ("quantity", "100"), ("net-percent", "0")):
        limit(floor, f"surveillance.wash.{name}", value)
    floor.take(floor.place(7_000, 100), 100)
    floor.pay_in("owner", 1_000_000)
    floor.take(floor.place(7_000, 100, "buyer"), 100, "owner")


def test_a_planted_wash_is_found_in_the_log_and_leads_to_its_entries(floor: Floor) -> None:
    floor.prepare()
    turn_over(floor)
    (item,) = watched(floor)["items"]
    assert (item["detector"], item["parties"], item["state"]) == ("wash", ["buyer", "owner"], None)
    assert len(item["entries"]) == 2
    name = state(floor, "exchange", "finding.open", finding(item["entries"]))
    (again,) = watched(floor)["items"]
    assert {**item, "finding": name, "state": "open"} == again


def test_the_same_question_has_the_same_answer_and_an_older_size_knows_less(floor: Floor) -> None:
    floor.prepare()
    turn_over(floor)
    first = watched(floor)
    floor.place(7_000, 10)
    assert watched(floor, first["size"])["items"] == first["items"]
    assert watched(floor, first["items"][0]["entries"][1])["items"] == []
    assert watched(floor, day="2025-12-31")["items"] == []
    assert watched(floor, 1)["entries"] == [0, 1]


def test_holdings_are_those_of_the_size_that_is_asked_for(floor: Floor) -> None:
    batch = floor.prepare()
    limit(floor, "surveillance.corner.quantity", "100")
    limit(floor, "surveillance.corner.share-percent", "50")
    floor.take(floor.place(7_000, 500), 500)
    before = watched(floor)
    (item,) = before["items"]
    assert item["figures"][1:] == [
        {"name": "bought_credits", "value": 500},
        {"name": "float_credits", "value": 900},
        {"name": "share_bp", "value": 5_555},
    ]
    floor.close()
    body = {"batch": batch, "quantity": 400, "to": "registry"}
    floor.stage.do("buyer", "credit.move", body, "a")
    retired = {"batch": batch, "quantity": 400, "purpose": "public-good", "beneficiary": "甲"}
    floor.stage.do("buyer", "credit.retire", retired, "a", "b")
    assert watched(floor)["items"] == []
    assert watched(floor, before["size"])["items"] == before["items"]


def test_orders_taken_back_are_read_from_the_log(floor: Floor) -> None:
    """buyer shows 600 dear ones, buys cheap ones and withdraws, twice."""
    floor.prepare()
    floor.rule("FS.10.holding-sessions", "0", "2025-12-31")
    floor.take(floor.place(7_000, 600), 600)
    for _ in range(2):
        shown, cheap = floor.place(7_100, 600, "buyer"), floor.place(6_900, 10)
        floor.take(cheap, 10)
        floor.withdraw(shown, "buyer")
    found = [item for item in watched(floor)["items"] if item["detector"] == "layering"]
    assert [(item["parties"], len(item["entries"])) for item in found] == [(["buyer"], 6)]


def test_after_the_next_trade_of_the_pair_the_finding_goes_on_from_the_one_on_the_record(
    floor: Floor,
) -> None:
    floor.prepare()
    turn_over(floor)
    (first,) = watched(floor)["items"]
    assert first["earlier"] is None
    name = state(floor, "exchange", "finding.open", finding(first["entries"]))
    state(floor, "exchange", "finding.explain", {"finding": name, **DECIDED})
    floor.take(floor.place(7_000, 100), 100)
    floor.take(floor.place(7_000, 100, "buyer"), 100, "owner")
    (again,) = watched(floor)["items"]
    assert (again["finding"], again["state"]) == (None, None)
    new = sorted(set(again["entries"]) - set(first["entries"]))
    assert len(new) == 2
    told = {"finding": name, "state": "explained", "digest": first["digest"], "beyond": new}
    assert again["earlier"] == told
    other = state(floor, "exchange", "finding.open", finding(again["entries"]))
    (newest,) = watched(floor)["items"]
    assert (newest["finding"], newest["earlier"]) == (other, None)


def test_a_finding_about_others_is_not_gone_on_from(floor: Floor) -> None:
    floor.prepare()
    turn_over(floor)
    (first,) = watched(floor)["items"]
    state(floor, "exchange", "finding.open", finding(first["entries"][:1], parties=["owner"]))
    (again,) = watched(floor)["items"]
    assert again["earlier"] is None


def test_a_block_that_is_told_again_after_the_close_was_dealt_once(floor: Floor) -> None:
    floor.prepare()
    floor.pay_in("owner", 10_000_000)
    limit(floor, "surveillance.wash.quantity", "200")
    floor.rule("FS.20.holding-sessions", "0", "2025-12-31")
    blocks = Blocks(floor)
    blocks.afternoon()
    blocks.answer("accept", blocks.propose())
    blocks.answer("accept", blocks.propose("buyer", other="owner"), "owner")
    before = {item["digest"]: item for item in watched(floor)["items"]}
    (wash,) = [item for item in before.values() if item["detector"] == "wash"]
    figures = {row["name"]: row["value"] for row in wash["figures"]}
    assert figures["turned_credits"] == 400
    floor.close()
    after = watched(floor)["items"]
    assert {item["digest"]: item for item in after} == before
    assert len(after) == len(before)
