"""Block trades: two entries, own band and size, told after the close, outside the quote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.writer.versions import REFERENCE_OF_DAY
from market.blocks.models import MOVES, ProposalState, proposal_table
from market.queries import depth, instrument
from market.sessions.models import day_table
from market.settlement.models import deal_table, trade_table
from tests.factories.auctions import Blocks
from tests.factories.market import EXCHANGE, REGULATOR, TOMORROW, Floor
from tests.factories.scene import OFFICERS, scene

BATCH = "ZJ_FS-R1-2024"
CASH = 10_000_000


@pytest.fixture
def blocks(floor: Floor) -> Blocks:
    floor.prepare(900, CASH)
    made = Blocks(floor)
    made.afternoon()
    return made


def proposals(blocks: Blocks) -> list[dict[str, Any]]:
    rows = blocks.stage.rows(proposal_table)
    return sorted(rows, key=lambda row: row["index"])


def test_a_seller_proposes_and_a_buyer_accepts(blocks: Blocks) -> None:
    name = blocks.propose()
    assert blocks.floor.held("owner/trading", BATCH) == {"available": 700, "frozen": 200}
    blocks.answer("accept", name)
    assert blocks.floor.held("owner/trading", BATCH) == {"available": 700}
    assert blocks.floor.held("buyer/trading", BATCH) == {"bought": 200}
    assert blocks.floor.held("buyer/trading", "CNY") == {"available": CASH - 1_400_000}
    assert blocks.floor.held("owner/trading", "CNY") == {"available": 1_400_000}
    assert blocks.refused("accept", name) == "block-closed"


def test_a_buyer_proposes_with_price_and_fee_frozen(blocks: Blocks) -> None:
    """0.1 % of 14,000.00 is 14.00; the fee then doubles, and the buyer's cash follows."""
    blocks.floor.rule("zhejiang.20.fee-buyer-rate", "0.001")
    name = blocks.propose("buyer", side="buy", other="owner")
    assert blocks.floor.held("buyer/trading", "CNY")["frozen"] == 1_401_400
    blocks.floor.rule("zhejiang.20.fee-seller-rate", "0.002")
    blocks.answer("accept", name, "owner")
    assert blocks.floor.held("buyer/trading", "CNY") == {"available": CASH - 1_401_400}
    assert blocks.floor.held("owner/trading", "CNY") == {"available": 1_400_000 - 2_800}
    assert blocks.floor.held("exchange/income", "CNY") == {"available": 4_200}


@pytest.mark.parametrize(("rate", "paid"), [("0.002", 1_402_800), ("0.0005", 1_400_700)])
def test_a_fee_that_changes_before_the_answer_is_the_one_of_the_trade(
    blocks: Blocks, rate: str, paid: int
) -> None:
    blocks.floor.rule("zhejiang.20.days-open", "2", "2025-12-31")
    blocks.floor.rule("zhejiang.20.fee-buyer-rate", "0.001")
    blocks.floor.rule("zhejiang.20.fee-buyer-rate", rate, TOMORROW)
    name = blocks.propose("buyer", side="buy", other="owner", until=TOMORROW)
    blocks.floor.close()
    blocks.floor.next_day()
    blocks.floor.open(TOMORROW)
    blocks.answer("accept", name, "owner")
    assert blocks.floor.held("buyer/trading", "CNY") == {"available": CASH - paid}


def test_the_tape_tells_of_blocks_after_the_close_alone(blocks: Blocks) -> None:
    blocks.floor.stage.clock.time -= 2 * 3_600_000
    blocks.floor.take(blocks.floor.place(7_000, 10), 10)
    blocks.floor.stage.clock.time += 2 * 3_600_000
    before = public(blocks)
    blocks.answer("accept", blocks.propose(price_fen=9_000))
    blocks.answer("accept", blocks.propose(price_fen=9_100, quantity=100, other="third"), "third")
    assert public(blocks) == before
    blocks.floor.close()
    trades = blocks.stage.rows(trade_table)
    told = [(row["method"], row["price_fen"], row["quantity"]) for row in trades]
    assert told == [("10", 7_000, 10), ("20", 9_000, 200), ("20", 9_100, 100)]
    assert [row["state"] for row in proposals(blocks)] == ["told", "told"]
    assert sorted(row["sequence"] for row in blocks.stage.rows(deal_table)) == [1, 2, 3]
    days = {row["method"]: row for row in blocks.stage.rows(day_table)}
    assert (days["10"]["close_fen"], days["10"]["volume"]) == (7_000, 10)
    assert (days["20"]["volume"], days["20"]["turnover_fen"]) == (300, 1_800_000 + 910_000)
    assert {days[method]["reference_fen"] for method in ("10", "20")} == {7_075}
    with blocks.stage.ledger.record.reading() as connection:
        row = instrument(connection, "FS", blocks.stage.clock.time)
    assert row is not None
    assert (row["reference_fen"], row["day"]["method"], row["day"]["volume"]) == (7_000, "10", 10)


def test_before_its_version_a_block_stands_beside_the_reference_of_the_next_day(
    home: Path, vacant_database_url: str
) -> None:
    with scene(home, vacant_database_url, REFERENCE_OF_DAY - 1) as stage:
        floor = Floor(stage)
        floor.prepare(900, CASH)
        floor.take(floor.place(7_000, 10), 10)
        made = Blocks(floor)
        made.afternoon()
        made.answer("accept", made.propose(price_fen=9_000))
        floor.close()
        days = {row["method"]: row["reference_fen"] for row in stage.rows(day_table)}
        assert days == {"10": 7_075, "20": 7_000}


def public(blocks: Blocks) -> Any:
    with blocks.stage.ledger.record.reading() as connection:
        quote = depth(connection, "FS", blocks.stage.clock.time)
    return quote, blocks.stage.rows(trade_table), blocks.stage.rows(day_table)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"quantity": 99}, "quantity-too-small"),
        ({"price_fen": 4_952}, "price-outside-band"),
        ({"price_fen": 9_198}, "price-outside-band"),
        ({"instrument": "XX"}, "instrument-unknown"),
        ({"counterparty": "owner"}, "self-trade"),
        ({"counterparty": "vvb1"}, "counterparty-not-eligible"),
        ({"counterparty": "nobody"}, "party-unknown"),
        ({"until": "2026-01-02"}, "block-until"),
        ({"until": "2025-12-31"}, "block-until"),
        ({"until": "9999-12-31"}, "block-until"),
        ({"batch": "nothing"}, "batch-unknown"),
        ({"quantity": 901}, "balance-short"),
        ({"side": "buy", "price_fen": 9_197, "quantity": 1_100}, "balance-short"),
        ({"side": "buy", "batch": "nothing"}, "batch-unknown"),
    ],
)
def test_a_proposal_is_refused(blocks: Blocks, change: dict[str, Any], code: str) -> None:
    """The band is 30 % of 70.75: from 49.53 to 91.97."""
    body = {**blocks.body(), **change}
    assert blocks.stage.refused("owner", "block.propose", body, "a") in (code,)
    for price in (4_953, 9_197):
        blocks.answer("withdraw", blocks.propose(price_fen=price), "owner")


def test_blocks_have_hours_of_their_own(blocks: Blocks) -> None:
    name = blocks.propose()
    blocks.floor.rule("zhejiang.20.hours", "14:00-15:00")
    code = blocks.stage.refused("owner", "block.propose", blocks.body(), "a")
    assert code == "outside-hours"
    assert blocks.refused("accept", name) == "outside-hours"


def test_a_batch_that_the_instrument_does_not_take_is_not_delivered(blocks: Blocks) -> None:
    blocks.floor.list("FS25", vintage=2025)
    body = blocks.body(instrument="FS25", batch=BATCH)
    assert blocks.stage.refused("owner", "block.propose", body, "a") == "batch-not-of-instrument"
    name = blocks.propose(batch=BATCH)
    assert proposals(blocks)[0]["batch"] == BATCH
    blocks.answer("accept", name)


def test_only_the_named_party_answers_and_only_the_proposer_withdraws(blocks: Blocks) -> None:
    name = blocks.propose()
    for act, party in (("accept", "third"), ("decline", "owner"), ("withdraw", "buyer")):
        assert blocks.refused(act, name, party) == "block-proposal-unknown"
    assert blocks.refused("accept", "nothing") == "block-proposal-unknown"
    blocks.answer("decline", name)
    assert blocks.floor.held("owner/trading", BATCH) == {"available": 900}


def test_the_same_person_is_not_both_sides(blocks: Blocks) -> None:
    blocks.stage.admit("sister", "enterprise", 9, a="owner.a")
    name = blocks.propose(other="sister")
    assert blocks.refused("accept", name, "sister") == "self-trade"


def test_a_position_limit_binds_both_ways(blocks: Blocks) -> None:
    blocks.floor.rule("zhejiang.20.position-limit", "150")
    assert blocks.refused("accept", blocks.propose()) == "position-over-limit"
    body = blocks.body("buy", "owner")
    assert blocks.stage.refused("buyer", "block.propose", body, "a") == "position-over-limit"


def test_what_was_bought_today_is_not_sold_today(blocks: Blocks) -> None:
    blocks.answer("accept", blocks.propose())
    body = blocks.body(other="third")
    assert blocks.stage.refused("buyer", "block.propose", body, "a") == "balance-short"


def test_a_proposal_of_the_day_ends_at_its_close(blocks: Blocks) -> None:
    blocks.propose("buyer", side="buy", other="owner")
    blocks.floor.close()
    assert [row["state"] for row in proposals(blocks)] == ["lapsed"]
    assert blocks.floor.held("buyer/trading", "CNY") == {"available": CASH}


def test_a_proposal_that_may_stay_lapses_after_its_last_day(blocks: Blocks) -> None:
    blocks.floor.rule("zhejiang.20.days-open", "2", "2025-12-31")
    name = blocks.propose(until=TOMORROW)
    blocks.floor.close()
    assert [row["state"] for row in proposals(blocks)] == ["open"]
    for _ in range(2):
        blocks.floor.next_day()
    blocks.stage.ledger.writer.tick().result(30)
    assert [row["state"] for row in proposals(blocks)] == ["lapsed"]
    assert blocks.refused("accept", name) == "block-closed"


def halt(blocks: Blocks) -> None:
    body = {"instrument": "FS", "document": "d"}
    blocks.stage.do("exchange", "instrument.suspend", body, *EXCHANGE)


def suspend(blocks: Blocks, party: str) -> None:
    body = {"party": party, "document": "d"}
    blocks.stage.do("regulator", "party.suspend", body, *REGULATOR)


def freeze(blocks: Blocks) -> None:
    body = {"asset": BATCH, "quantity": 800, "until": "2026-01-09", "authority": "法院"}
    blocks.stage.do(
        "registrar", "freeze.order", {**body, "party": "owner", "document": "1"}, *OFFICERS
    )


@pytest.mark.parametrize(
    "act",
    [halt, freeze, lambda b: suspend(b, "owner"), lambda b: suspend(b, "buyer")],
    ids=["halt", "claim", "proposer", "counterparty"],
)
def test_a_proposal_stops_when_its_ground_is_gone(blocks: Blocks, act: Any) -> None:
    blocks.propose()
    act(blocks)
    assert [row["state"] for row in proposals(blocks)] == ["stopped"]
    frozen = 800 if act is freeze else 0
    assert blocks.floor.held("owner/trading", BATCH).get("frozen", 0) == frozen


def test_every_pair_of_the_state_table(blocks: Blocks) -> None:
    """Open may become anything but told; agreed becomes told; nothing else moves."""
    assert set(MOVES) == set(ProposalState)
    for before in ProposalState:
        for after in ProposalState:
            allowed = (before == "open" and after not in ("open", "told")) or (
                before == "agreed" and after == "told"
            )
            assert (after in MOVES[before]) is allowed, (before, after)
    ends = {
        "agreed": lambda name: blocks.answer("accept", name),
        "declined": lambda name: blocks.answer("decline", name),
        "withdrawn": lambda name: blocks.answer("withdraw", name, "owner"),
    }
    for state, act in ends.items():
        name = blocks.propose(quantity=100)
        act(name)
        for again, party in (("accept", "buyer"), ("decline", "buyer"), ("withdraw", "owner")):
            assert blocks.refused(again, name, party) == "block-closed", state


def test_cash_that_is_short_refuses_the_acceptance_whole(floor: Floor) -> None:
    floor.prepare(900, 1_399_999)
    made = Blocks(floor)
    made.afternoon()
    name = made.propose()  # 14,000.00
    assert made.refused("accept", name) == "balance-short"
    assert [row["state"] for row in proposals(made)] == ["open"]
