"""What auctions refuse: every rule with its code, tried with what it must refuse."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ledger.writer.versions import VALUES_BOUNDED
from market.one_way.models import AUCTION_MOVES, BID_MOVES, AuctionState, BidState
from tests.factories.auctions import AuctionRoom
from tests.factories.market import EXCHANGE, REGULATOR, Floor
from tests.factories.scene import OFFICERS, scene

OPENLY = {"format": "open", "reveal_until": None, "step_fen": 1}


@pytest.fixture
def room(floor: Floor) -> AuctionRoom:
    floor.prepare(900)
    return AuctionRoom(floor)


def test_announcements_are_held_to_their_form(room: AuctionRoom) -> None:
    """Each change of a good announcement is refused for one reason; the good one is taken."""
    instant = room.instant
    cases: list[tuple[dict[str, Any], str]] = [
        ({"instrument": "XX"}, "instrument-unknown"),
        ({"principal": "vvb1"}, "principal-not-eligible"),
        ({"principal": "nobody"}, "party-unknown"),
        ({"reveal_until": None}, "auction-field-missing"),
        ({"step_fen": 1}, "auction-field-extra"),
        ({"format": "open", "step_fen": 1}, "auction-field-extra"),
        ({"format": "open", "reveal_until": None}, "auction-field-missing"),
        (
            {**OPENLY, "extension_minutes": 5},
            "auction-extension-bound",
        ),
        (
            {"format": "open", "reveal_until": None, "step_fen": 1, "tie": "random"},
            "tie-needs-sealed",
        ),
        ({"reserve_sha256": "0" * 64}, "reserve-twice"),
        ({"direction": "reverse", "reserve_fen": None}, "reverse-needs-ceiling"),
        ({"direction": "reverse", "forfeit_fen": 1}, "auction-field-extra"),
        ({"lot": 7}, "quantity-off-lot"),
        ({"lot": 20, "bid_minimum": 10}, "quantity-off-lot"),
        ({"bid_minimum": 301}, "auction-bid-sizes"),
        ({"cap_percent": 3}, "auction-bid-sizes"),
        ({"opens_at": instant(0)}, "auction-times"),
        ({"closes_at": instant(10)}, "auction-times"),
        ({"reveal_until": instant(30)}, "auction-times"),
        ({"reveal_until": instant(91)}, "auction-outside-hours"),
        ({"reveal_until": instant(3 * 1440)}, "auction-outside-hours"),  # a Sunday
        ({"reveal_until": "9999-12-31T23:59:59.999Z"}, "auction-outside-hours"),
        ({"batches": ["ZJ_FS-R1-2024", "ZJ_FS-R1-2024"]}, "batch-twice"),
        ({"batches": ["nothing"]}, "batch-unknown"),
    ]
    for change, code in cases:
        body = room.sealed(**change)
        found = room.stage.refused("exchange", "auction.announce", body, *EXCHANGE)
        assert found == code, change
    room.announce(room.sealed())
    assert room.stage.refused("exchange", "auction.announce", room.sealed(), *EXCHANGE) == (
        "auction-exists"
    )


@pytest.mark.parametrize("version", [VALUES_BOUNDED, VALUES_BOUNDED - 1])
def test_a_reverse_auction_asks_for_no_more_than_a_buyer_could_freeze(
    home: Path, version: int
) -> None:
    with scene(home, None, version) as stage:
        floor = Floor(stage)
        floor.prepare(900)
        room = AuctionRoom(floor)
        most = (2**53 - 1) // 6_500
        body = room.sealed(direction="reverse", reserve_fen=6_500, quantity=most + 1)
        bounded = version == VALUES_BOUNDED
        reply = stage.say("exchange", "auction.announce", body, *EXCHANGE)
        assert reply.answer.get("code") == ("value-too-large" if bounded else None)


def test_an_announcement_needs_two_people_of_the_exchange(room: AuctionRoom) -> None:
    body = room.sealed()
    assert room.stage.refused("exchange", "auction.announce", body, EXCHANGE[0]) == "four-eyes"
    assert room.stage.refused("owner", "auction.announce", body, "a", "b") == "role-not-allowed"


def test_a_venue_that_does_not_have_the_method_announces_nothing(room: AuctionRoom) -> None:
    room.floor.rule("zhejiang.methods", "10,20")
    found = room.stage.refused("exchange", "auction.announce", room.sealed(), *EXCHANGE)
    assert found == "method-not-open"


def test_a_batch_of_another_instrument_cannot_be_named(room: AuctionRoom) -> None:
    room.floor.list("FS25", vintage=2025)
    body = room.sealed(instrument="FS25", batches=["ZJ_FS-R1-2024"])
    found = room.stage.refused("exchange", "auction.announce", body, *EXCHANGE)
    assert found == "batch-not-of-instrument"


def test_only_the_principal_offers_and_only_before_the_bidding(room: AuctionRoom) -> None:
    room.announce(room.sealed(quantity=901))
    offer = {"auction": "A1"}
    assert room.stage.refused("buyer", "auction.offer", offer, "a") == "auction-of-other"
    assert room.stage.refused("owner", "auction.offer", offer, "a") == "balance-short"
    room.at(10)
    assert room.stage.refused("owner", "auction.offer", offer, "a") == "auction-not-announced"
    assert room.auction()["state"] == AuctionState.LAPSED


def test_named_batches_alone_are_offered(room: AuctionRoom) -> None:
    room.begin(room.sealed(batches=["ZJ_FS-R1-2024"], quantity=900))
    assert room.floor.held("owner/trading", "ZJ_FS-R1-2024") == {"frozen": 900}


def commit_body(room: AuctionRoom, deposit: int = 1_000_000) -> dict[str, Any]:
    made = room.commitment(7_000, 100)
    return {"auction": "A1", "commitment": made, "deposit_fen": deposit}


def test_commitments_are_refused_outside_their_time_and_terms(room: AuctionRoom) -> None:
    stage = room.stage
    room.announce(room.sealed(bidders=["third", "owner"], bids_max=1))
    room.at(5)
    body = commit_body(room)
    assert stage.refused("third", "auction.commit", body, "a") == "auction-not-open"  # no offer
    room.offer()
    assert stage.refused("third", "auction.commit", commit_body(room), "a") == "auction-not-open"
    room.at(10)
    assert stage.refused("owner", "auction.commit", commit_body(room), "a") == "self-trade"
    assert stage.refused("buyer", "auction.commit", commit_body(room), "a") == "bidder-not-admitted"
    assert stage.refused("third", "auction.commit", commit_body(room, 10**9), "a") == (
        "balance-short"
    )
    both = {**commit_body(room), "deposit_quantity": 1}
    assert stage.refused("third", "auction.commit", both, "a") == "deposit-other"
    assert room.bid_refused("third", 7_000, 10) == "auction-format"
    made = room.commit("third", 7_000, 100)
    assert stage.refused("third", "auction.commit", commit_body(room), "a") == "auction-full"
    again = {"auction": "A1", "commitment": made, "deposit_fen": 1}
    assert stage.refused("third", "auction.commit", again, "a") in (
        "auction-full",
        "commitment-exists",
    )
    room.at(30)
    assert stage.refused("third", "auction.commit", commit_body(room), "a") == "auction-not-open"


def test_the_same_commitment_stands_once(room: AuctionRoom) -> None:
    room.begin(room.sealed())
    made = room.commit("buyer", 7_000, 100)
    copied = {"auction": "A1", "commitment": made, "deposit_fen": 1}
    assert room.stage.refused("third", "auction.commit", copied, "a") == "commitment-exists"


def test_whoever_shares_a_person_with_the_principal_cannot_bid(room: AuctionRoom) -> None:
    room.stage.admit("sister", "enterprise", 9, a="owner.a")
    room.begin(room.sealed())
    assert room.stage.refused("sister", "auction.commit", commit_body(room), "a") == "self-trade"


@pytest.mark.parametrize(
    ("price", "quantity", "more", "code"),
    [
        (7_001, 105, {}, "price-off-tick"),
        (9_910, 105, {}, "auction-price-limits"),
        (7_000, 104, {}, "quantity-off-lot"),
        (7_000, 5, {}, "quantity-too-small"),
        (7_000, 205, {}, "bid-too-large"),
        (7_000, 155, {}, "bidder-over-cap"),
        (7_000, 105, {"least": 110}, "bid-least"),
        (7_000, 105, {"least": 3}, "bid-least"),
        (9_000, 150, {}, "deposit-short"),
    ],
)
def test_a_bid_is_held_to_the_announced_terms(
    room: AuctionRoom, price: int, quantity: int, more: dict[str, int], code: str
) -> None:
    room.floor.rule("zhejiang.21.tick-fen", "10", "2025-12-31")
    room.floor.rule("zhejiang.21.band-percent", "40", "2025-12-31")
    terms = {"lot": 5, "bid_maximum": 200, "cap_percent": 50}
    room.begin(room.sealed(reserve_fen=None, **terms))
    made = room.commit("buyer", price, quantity, deposit_fen=1_349_999, **more)
    room.at(30)
    body = room.shown(made, price, quantity, **more)
    assert room.stage.refused("buyer", "auction.reveal", body, "a") == code


def test_reveals_are_refused_outside_their_time_and_for_others_bids(room: AuctionRoom) -> None:
    stage = room.stage
    room.begin(room.sealed())
    made = room.commit("buyer", 7_000, 100)
    body = room.shown(made, 7_000, 100)
    assert stage.refused("buyer", "auction.reveal", body, "a") == "auction-not-revealing"
    room.at(30)
    assert stage.refused("third", "auction.reveal", body, "a") == "bid-commitment-differs"
    other = {**body, "price_fen": 7_001}
    assert stage.refused("buyer", "auction.reveal", other, "a") == "bid-commitment-differs"
    room.reveal("buyer", made, 7_000, 100)
    assert stage.refused("buyer", "auction.reveal", body, "a") == "bid-state"
    room.at(50)
    assert stage.refused("buyer", "auction.reveal", body, "a") == "auction-not-open"


def test_a_position_limit_binds_bids_too(room: AuctionRoom) -> None:
    room.floor.rule("zhejiang.21.position-limit", "150", "2025-12-31")
    room.begin(room.sealed())
    first, second = room.commit("buyer", 7_000, 100), room.commit("buyer", 6_900, 60)
    room.at(30)
    room.reveal("buyer", first, 7_000, 100)
    body = room.shown(second, 6_900, 60)
    assert room.stage.refused("buyer", "auction.reveal", body, "a") == "position-over-limit"


def test_open_bids_must_be_better_and_are_never_taken_back(room: AuctionRoom) -> None:
    room.begin(room.open(extension_minutes=5, latest_at=room.instant(33)))
    assert room.bid_refused("buyer", 5_999, 100) == "price-beyond-reserve"
    assert room.stage.refused("buyer", "auction.commit", commit_body(room), "a") == (
        "auction-format"
    )
    reveal = {"auction": "A1", "price_fen": 1, "quantity": 1, "secret": "0" * 32}
    assert room.stage.refused("buyer", "auction.reveal", reveal, "a") == "auction-format"
    room.bid("buyer", 6_000, 300)
    assert room.bid_refused("third", 6_009, 100) == "bid-not-better"  # all is covered at 60.00
    room.bid("third", 6_010, 100)
    assert room.bid_refused("buyer", 6_005, 300) == "bid-not-better"
    assert room.bid_refused("buyer", 6_020, 299) == "bid-smaller"
    room.bid("buyer", 6_020, 300)
    assert room.bid_refused("third", 6_020, 100) == "bid-not-better"
    states = [entry["state"] for entry in room.entries()]
    assert states == ["replaced", "open", "open"]
    room.at(29)
    room.bid("third", 6_100, 100)
    assert room.auction()["closes_at"] == room.started + 33 * 60_000  # 10:34, but 10:33 is last
    row = room.clear(33)
    assert (row["price_fen"], row["volume"]) == (6_020, 300)
    assert [(e["state"], e["awarded"]) for e in room.entries()] == [
        ("replaced", None),
        ("replaced", None),
        ("won", 200),
        ("won", 100),
    ]
    assert room.floor.held("third/trading", "CNY") == {"available": 10_000_000 - 602_000}


def test_an_open_bid_needs_a_salt_of_its_own(room: AuctionRoom) -> None:
    room.begin(room.open())
    salt = os.urandom(16).hex()
    body = {"auction": "A1", "price_fen": 6_000, "quantity": 10, "salt": salt}
    room.stage.do("buyer", "auction.bid", body, "a")
    assert room.bid_refused("third", 6_100, 10, salt=salt) == "salt-spent"


def test_an_auction_is_cancelled_by_its_exchange_before_it_is_cleared(room: AuctionRoom) -> None:
    room.begin(room.sealed())
    room.commit("buyer", 7_000, 100)
    body = {"auction": "A1", "document": "撤销1"}
    assert room.stage.refused("exchange", "auction.cancel", body, EXCHANGE[0]) == "four-eyes"
    room.stage.do("exchange", "auction.cancel", body, *EXCHANGE)
    assert room.stage.refused("exchange", "auction.cancel", body, *EXCHANGE) == "auction-ended"
    assert [entry["state"] for entry in room.entries()] == ["returned"]
    nothing_frozen(room)


def test_a_halt_and_a_suspended_principal_end_an_auction(room: AuctionRoom) -> None:
    room.begin(room.sealed())
    room.commit("buyer", 7_000, 100)
    halt = {"instrument": "FS", "document": "d"}
    room.stage.do("exchange", "instrument.suspend", halt, *EXCHANGE)
    assert room.auction()["state"] == AuctionState.STOPPED
    nothing_frozen(room)
    room.stage.do("exchange", "instrument.resume", halt, *EXCHANGE)
    instant = room.instant
    later = room.sealed(auction="A2", opens_at=instant(15), bidders=["buyer"])
    room.announce(later)
    room.offer(auction="A2")
    room.stage.do("regulator", "party.suspend", {"party": "owner", "document": "d"}, *REGULATOR)
    nothing_frozen(room)


def test_a_suspended_bidder_is_out_and_looks_like_one_that_never_revealed(
    room: AuctionRoom,
) -> None:
    room.begin(room.sealed())
    made = room.commit("buyer", 7_000, 100)
    room.at(30)
    room.reveal("buyer", made, 7_000, 100)
    room.stage.do("regulator", "party.suspend", {"party": "buyer", "document": "d"}, *REGULATOR)
    assert room.floor.held("buyer/trading", "CNY") == {"available": 10_000_000}
    assert [entry["state"] for entry in room.entries()] == ["sealed"]
    row = room.clear()
    assert (row["state"], row["bidders_counted"]) == ("unsold", 0)
    (entry,) = room.entries()
    assert (entry["state"], entry["price_fen"], entry["secret"]) == ("void", None, None)


def test_a_claim_on_the_offered_units_is_older_than_the_auction(room: AuctionRoom) -> None:
    room.begin(room.sealed(quantity=900))
    made = room.commit("buyer", 7_000, 100)
    freeze = {
        "party": "owner",
        "asset": "ZJ_FS-R1-2024",
        "quantity": 5,
        "until": "2026-01-09",
        "authority": "法院",
        "document": "1",
    }
    room.stage.do("registrar", "freeze.order", freeze, *OFFICERS)
    assert room.auction()["state"] == AuctionState.STOPPED
    batch = "ZJ_FS-R1-2024"
    assert room.floor.held("owner/trading", batch) == {"available": 895, "frozen": 5}
    assert room.floor.held("buyer/trading", "CNY") == {"available": 10_000_000}
    assert [bid["state"] for bid in room.bids() if bid["entry"] == made] == ["returned"]


def test_a_claim_on_cash_is_older_than_a_bid_and_than_a_buyers_auction(room: AuctionRoom) -> None:
    room.begin(room.sealed())
    room.commit("buyer", 7_000, 100)
    third = room.commit("third", 7_000, 100)
    order = {"asset": "CNY", "until": "2026-01-09", "authority": "法院", "document": "1"}
    freeze = {**order, "party": "buyer", "quantity": 7_000_000}
    room.stage.do("registrar", "freeze.order", freeze, *OFFICERS)
    # 7,000,000 fen were available beside the deposit: nothing stands in the way
    assert room.floor.held("buyer/trading", "CNY") == {"frozen": 10_000_000}
    room.stage.do(
        "registrar", "freeze.order", {**freeze, "document": "2", "quantity": 5}, *OFFICERS
    )
    held = {"available": 2_999_995, "frozen": 7_000_005}
    assert room.floor.held("buyer/trading", "CNY") == held
    stands = {bid["entry"]: bid["state"] for bid in room.bids()}
    assert (stands.pop(third), set(stands.values())) == ("sealed", {"stopped"})


def nothing_frozen(room: AuctionRoom) -> None:
    for party in ("owner", "buyer", "third"):
        for asset in ("CNY", "ZJ_FS-R1-2024"):
            assert "frozen" not in room.floor.held(f"{party}/trading", asset)


def test_every_pair_of_the_state_tables_is_decided() -> None:
    """The figures of the tables: what each state may become, and that the final ones are final."""
    moves = {(a, b) for a, after in AUCTION_MOVES.items() for b in after}
    assert set(AUCTION_MOVES) == set(AuctionState)
    assert set(BID_MOVES) == set(BidState)
    for before in AuctionState:
        for after in AuctionState:
            ended = after in (AuctionState.CANCELLED, AuctionState.STOPPED)
            allowed = {
                AuctionState.ANNOUNCED: ended or after in ("offered", "lapsed"),
                AuctionState.OFFERED: ended or after in ("cleared", "unsold"),
            }.get(before, False)
            assert ((before, after) in moves) is allowed, (before, after)
    final = {state for state, after in BID_MOVES.items() if not after}
    assert final == set(BidState) - {BidState.SEALED, BidState.REVEALED, BidState.OPEN}
    assert BidState.WON not in BID_MOVES[BidState.SEALED]
    assert BidState.REPLACED not in BID_MOVES[BidState.REVEALED]


@pytest.mark.parametrize("state", ["announced", "lapsed", "stopped", "cleared", "cancelled"])
def test_each_act_is_refused_in_a_state_that_it_does_not_fit(room: AuctionRoom, state: str) -> None:
    room.announce(room.sealed())
    document = {"auction": "A1", "document": "d"}
    if state == "lapsed":
        room.clear(10)
    elif state == "cancelled":
        room.stage.do("exchange", "auction.cancel", document, *EXCHANGE)
    elif state == "stopped":
        halt = {"instrument": "FS", "document": "d"}
        room.stage.do("exchange", "instrument.suspend", halt, *EXCHANGE)
        room.stage.do("exchange", "instrument.resume", halt, *EXCHANGE)
    elif state == "cleared":
        room.offer()
        room.at(10)
        made = room.commit("buyer", 7_000, 300)
        room.at(30)
        room.reveal("buyer", made, 7_000, 300)
        room.clear()
    assert room.auction()["state"] == state
    say = room.stage.refused
    body = commit_body(room)
    assert say("buyer", "auction.commit", body, "a") == "auction-not-open"
    shown = room.shown(body["commitment"], 7_000, 100)
    assert say("buyer", "auction.reveal", shown, "a") == "auction-not-open"
    unsealed = {"auction": "A1", "reserve_fen": 1, "secret": "0" * 32}
    assert say("exchange", "auction.unseal", unsealed, *EXCHANGE) == "reserve-not-sealed"
    if state != "announced":
        offer = {"auction": "A1"}
        assert say("owner", "auction.offer", offer, "a") == "auction-not-announced"
        assert say("exchange", "auction.cancel", document, *EXCHANGE) == "auction-ended"
