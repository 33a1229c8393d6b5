"""Sealed one-way auctions on the record: from the announcement to everybody's settlement."""

from __future__ import annotations

import pytest

from market.one_way.checking import differences
from market.one_way.sealing import reserve_commitment
from market.queries import instrument
from market.settlement.models import deal_table, trade_table
from tests.factories.auctions import AuctionRoom
from tests.factories.market import EXCHANGE, Floor

CASH = 10_000_000


@pytest.fixture
def room(floor: Floor) -> AuctionRoom:
    floor.prepare(900, CASH)
    floor.rule("zhejiang.21.holding-sessions", "1", "2025-12-31")
    return AuctionRoom(floor)


def test_winners_pay_one_price_and_everybody_else_gets_everything_back(room: AuctionRoom) -> None:
    """300 on offer: 200 at 70.00 and 150 at 69.00, so the second gets 100 and both pay 69.00."""
    room.begin(room.sealed())
    assert room.floor.held("owner/trading", "ZJ_FS-R1-2024") == {"available": 600, "frozen": 300}
    first = room.commit("buyer", 7_000, 200)
    second = room.commit("third", 6_900, 150)
    low = room.commit("third", 5_999, 50)
    assert room.floor.held("third/trading", "CNY") == {"available": 4_000_000, "frozen": 6_000_000}
    room.at(30)
    room.reveal("third", second, 6_900, 150)
    room.reveal("buyer", first, 7_000, 200)
    room.reveal("third", low, 5_999, 50)
    assert [entry["price_fen"] for entry in room.entries()] == [None] * 3  # not before the end
    row = room.clear()
    figures = ("state", "price_fen", "volume", "asked", "given", "bidders_counted")
    assert [row[name] for name in figures] == ["cleared", 6_900, 300, 150, 100, 2]
    assert [(e["state"], e["awarded"]) for e in room.entries()] == [
        ("won", 200),
        ("won", 100),
        ("lost", 0),
    ]
    batch = "ZJ_FS-R1-2024"
    assert room.floor.held("owner/trading", batch) == {"available": 600}
    assert room.floor.held("buyer/trading", batch) == {"bought": 200}
    assert room.floor.held("third/trading", batch) == {"bought": 100}
    assert room.floor.held("buyer/trading", "CNY") == {"available": CASH - 200 * 6_900}
    assert room.floor.held("third/trading", "CNY") == {"available": CASH - 100 * 6_900}
    assert room.floor.held("owner/trading", "CNY") == {"available": 300 * 6_900}
    (trade,) = room.stage.rows(trade_table)
    told = (trade["method"], trade["price_fen"], trade["quantity"])
    assert told == ("21", 6_900, 300)
    assert [deal["sequence"] for deal in room.stage.rows(deal_table)] == [None, None]
    assert differences(row, room.entries()) == []


def test_fees_are_those_of_the_announcement(room: AuctionRoom) -> None:
    """Half a thousandth of 6,900.00 is 3.45 from each side; a rate stated since changes nothing."""
    room.floor.rule("zhejiang.21.fee-buyer-rate", "0.0005", "2025-12-31")
    room.floor.rule("zhejiang.21.fee-seller-rate", "0.0005", "2025-12-31")
    room.begin(room.sealed())
    made = room.commit("buyer", 6_900, 100, deposit_fen=690_345)
    room.floor.rule("zhejiang.21.fee-buyer-rate", "0.5")
    room.at(30)
    room.reveal("buyer", made, 6_900, 100)
    room.clear()
    assert room.floor.held("buyer/trading", "CNY") == {"available": CASH - 690_345}
    assert room.floor.held("owner/trading", "CNY") == {"available": 690_000 - 345}
    assert room.floor.held("exchange/income", "CNY") == {"available": 690}


def test_a_commitment_that_nobody_opens_is_returned(room: AuctionRoom) -> None:
    room.begin(room.sealed())
    room.commit("buyer", 7_000, 100)
    row = room.clear()
    assert (row["state"], row["reason"], row["price_fen"]) == ("unsold", "no-bids", None)
    assert room.floor.held("buyer/trading", "CNY") == {"available": CASH}
    assert [entry["state"] for entry in room.entries()] == ["void"]
    assert room.floor.held("owner/trading", "ZJ_FS-R1-2024") == {"available": 900}


def test_a_deposit_is_forfeit_only_as_far_as_the_terms_say(room: AuctionRoom) -> None:
    room.begin(room.sealed(forfeit_fen=5_000))
    room.commit("buyer", 7_000, 100)
    short = {"auction": "A1", "commitment": room.commitment(7_000, 10), "deposit_fen": 4_999}
    assert room.stage.refused("buyer", "auction.commit", short, "a") == "deposit-short"
    room.clear()
    assert room.floor.held("buyer/trading", "CNY") == {"available": CASH - 5_000}
    assert room.floor.held("exchange/income", "CNY") == {"available": 5_000}


def test_a_sealed_reserve_counts_once_it_is_shown(room: AuctionRoom) -> None:
    secret = "0c" * 16
    sealed = reserve_commitment("A1", 6_950, secret)
    room.begin(room.sealed(reserve_fen=None, reserve_sha256=sealed))
    made = room.commit("buyer", 6_900, 100)
    shown = {"auction": "A1", "reserve_fen": 6_950, "secret": secret}
    code = room.stage.refused("exchange", "auction.unseal", shown, *EXCHANGE)
    assert code == "auction-not-closed"
    room.at(30)
    room.reveal("buyer", made, 6_900, 100)
    other = {**shown, "reserve_fen": 6_949}
    assert room.stage.refused("exchange", "auction.unseal", other, *EXCHANGE) == "reserve-differs"
    room.stage.do("exchange", "auction.unseal", shown, *EXCHANGE)
    assert room.stage.refused("exchange", "auction.unseal", shown, *EXCHANGE) == (
        "reserve-not-sealed"
    )
    row = room.clear()
    assert (row["state"], row["reason"]) == ("unsold", "not-covered")
    assert differences(row, room.entries()) == []


def test_a_sealed_reserve_that_is_not_shown_sells_nothing(room: AuctionRoom) -> None:
    sealed = reserve_commitment("A1", 1, "0c" * 16)
    room.begin(room.sealed(reserve_fen=None, reserve_sha256=sealed))
    made = room.commit("buyer", 6_900, 100)
    room.at(30)
    room.reveal("buyer", made, 6_900, 100)
    row = room.clear()
    assert (row["state"], row["reason"]) == ("unsold", "reserve-not-shown")
    assert room.floor.held("buyer/trading", "CNY") == {"available": CASH}
    assert differences(row, room.entries()) == []


def test_a_reverse_auction_buys_from_the_cheapest(room: AuctionRoom) -> None:
    """The third party wants 300 at 70.00 or less; the owner asks 68.00 for 200 of 300 units."""
    room.floor.rule("zhejiang.21.fee-buyer-rate", "0.001", "2025-12-31")
    room.begin(room.sealed(direction="reverse", principal="third", reserve_fen=7_000))
    held = room.floor.held("third/trading", "CNY")["frozen"]
    assert held == 300 * 7_000 + 2_100 + 50  # 50 bids at most, each fee rounded up by less than 1
    wrong = {"auction": "A1", "commitment": room.commitment(1, 10), "deposit_fen": 1}
    assert room.stage.refused("owner", "auction.commit", wrong, "a") == "deposit-other"
    made = room.commit("owner", 6_800, 200, deposit_quantity=250)
    assert room.floor.held("owner/trading", "ZJ_FS-R1-2024") == {"available": 650, "frozen": 250}
    room.at(30)
    room.reveal("owner", made, 6_800, 200)
    row = room.clear()
    assert (row["price_fen"], row["volume"]) == (6_800, 200)
    assert room.floor.held("owner/trading", "ZJ_FS-R1-2024") == {"available": 700}
    assert room.floor.held("third/trading", "CNY") == {"available": CASH - 1_360_000 - 1_360}
    assert room.floor.held("third/trading", "ZJ_FS-R1-2024") == {"bought": 200}


def test_pay_as_bid_is_told_at_each_price(room: AuctionRoom) -> None:
    room.begin(room.sealed(pricing="pay-as-bid"))
    first, second = room.commit("buyer", 7_000, 200), room.commit("third", 6_900, 150)
    room.at(30)
    room.reveal("buyer", first, 7_000, 200)
    room.reveal("third", second, 6_900, 150)
    row = room.clear()
    assert row["turnover_fen"] == 200 * 7_000 + 100 * 6_900
    told = [(trade["price_fen"], trade["quantity"]) for trade in room.stage.rows(trade_table)]
    assert told == [(7_000, 200), (6_900, 100)]


def test_what_an_auction_sells_moves_neither_close_nor_reference(room: AuctionRoom) -> None:
    room.begin(room.sealed())
    made = room.commit("buyer", 7_000, 200)
    room.at(30)
    room.reveal("buyer", made, 7_000, 200)
    room.clear()
    room.floor.close()
    with room.stage.ledger.record.reading() as connection:
        row = instrument(connection, "FS", room.stage.clock.time)
    assert row is not None
    assert (row["reference_fen"], row["day"]["method"]) == (7_075, "10")
    assert room.floor.held("buyer/trading", "ZJ_FS-R1-2024") == {"available": 200}


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ({"price_fen": 7_001}, "commitment:"),
        ({"awarded": 199}, "award:"),
        ({"secret": "00" * 16}, "commitment:"),
        ({"at": 2**50}, "late:"),
    ],
)
def test_anyone_finds_a_result_that_does_not_follow(
    room: AuctionRoom, planted: dict[str, object], found: str
) -> None:
    room.begin(room.sealed(tie="random"))
    made = room.commit("buyer", 7_000, 200)
    room.at(30)
    room.reveal("buyer", made, 7_000, 200)
    row = room.clear()
    assert differences(row, room.entries()) == []
    (entry,) = room.entries()
    assert f"{found}{made}" in differences(row, [{**entry, **planted}])
    assert "price_fen" in differences({**row, "price_fen": 1}, [entry])
    assert "seed" in differences({**row, "seed": "00" * 32}, [entry])
