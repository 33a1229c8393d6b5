"""A day of auctions and blocks under arbitrary acts: nothing is made, lost, or left frozen."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from market.blocks import handlers as block_handlers
from market.blocks.models import proposal_table
from market.one_way import clearing, freezing
from market.one_way.checking import differences
from market.one_way.models import auction_table, bid_table, entry_table, offer_table
from market.one_way.sealing import bid_commitment
from market.settlement.models import deal_table
from tests.factories.auctions import AuctionRoom, Blocks
from tests.factories.machines import PARTIES, Day
from tests.factories.market import EXCHANGE
from tests.factories.scene import OFFICERS

ISSUED, CASH = 600, 4_000_000
PRICES, SIZES = st.integers(6_000, 6_004), st.integers(1, 20).map(lambda n: n * 5)


class AuctionDay(Day):
    """Announces, offers, commits, reveals, bids, cancels, halts, blocks; time goes on."""

    issued, cash = ISSUED, CASH

    def __init__(self) -> None:
        super().__init__()
        for method in ("20", "21"):
            self.floor.rule(f"zhejiang.{method}.fee-buyer-rate", "0.0333", "2025-12-31")
            self.floor.rule(f"zhejiang.{method}.fee-seller-rate", "0.0177", "2025-12-31")
            self.floor.rule(f"zhejiang.{method}.fee-minimum-fen", "7", "2025-12-31")
        self.floor.rule("zhejiang.20.hours", "09:30-11:30,13:00-15:00", "2025-12-31")
        self.blocks = Blocks(self.floor)
        self.floor.rule("zhejiang.20.size-from", "5")
        self.room = AuctionRoom(self.floor)
        self.minutes = 0
        self.codes: list[str] = []
        self.made: list[tuple[str, str, dict[str, Any]]] = []
        self.proposals: list[str] = []

    @rule(
        form=st.sampled_from(("sealed", "open")),
        direction=st.sampled_from(("forward", "reverse")),
        tie=st.sampled_from(("time", "pro-rata", "pro-rata-queue")),
        pricing=st.sampled_from(("uniform", "pay-as-bid")),
        short=st.sampled_from(("sell", "cancel")),
        forfeit=st.sampled_from((None, 500)),
    )
    def announce(
        self, form: str, direction: str, tie: str, pricing: str, short: str, forfeit: int | None
    ) -> None:
        now = self.minutes
        more: dict[str, Any] = {
            "auction": f"A{len(self.codes)}",
            "direction": direction,
            "principal": "owner" if direction == "forward" else "third",
            "tie": tie,
            "pricing": pricing,
            "undersubscribed": short,
            "quantity": 100,
            "lot": 5,
            "bid_minimum": 5,
            "reserve_fen": 6_001 if direction == "forward" else 6_003,
            "forfeit_fen": forfeit if (form, direction) == ("sealed", "forward") else None,
            "opens_at": self.room.instant(now + 1),
            "closes_at": self.room.instant(now + 3),
        }
        if form == "sealed":
            body = self.room.sealed(**{**more, "reveal_until": self.room.instant(now + 5)})
        else:
            body = self.room.open(**{**more, "step_fen": 1})
        if self.say("exchange", "auction.announce", body, *EXCHANGE):
            self.codes.append(body["auction"])
            self.say(body["principal"], "auction.offer", {"auction": body["auction"]})

    @precondition(lambda self: self.codes)
    @rule(party=st.sampled_from(PARTIES), price=PRICES, quantity=SIZES, least=st.booleans())
    def commit(self, party: str, price: int, quantity: int, least: bool) -> None:
        code, secret = self.codes[-1], os.urandom(16).hex()
        shown = {"price_fen": price, "quantity": quantity, "least": quantity if least else 0}
        made = bid_commitment(code, price, quantity, secret, shown["least"])
        reverse = self.auction(code)["direction"] == "reverse"
        deposit = {"deposit_quantity": quantity} if reverse else {"deposit_fen": 650_000}
        if self.say(party, "auction.commit", {"auction": code, "commitment": made, **deposit}):
            self.made.append((party, code, {**shown, "secret": secret}))

    @precondition(lambda self: self.made)
    @rule(data=st.data())
    def reveal(self, data: Any) -> None:
        party, code, shown = data.draw(st.sampled_from(self.made))
        self.say(party, "auction.reveal", {"auction": code, **shown})

    @precondition(lambda self: self.codes)
    @rule(party=st.sampled_from(PARTIES), price=PRICES, quantity=SIZES)
    def bid(self, party: str, price: int, quantity: int) -> None:
        body = {"auction": self.codes[-1], "price_fen": price, "quantity": quantity}
        self.say(party, "auction.bid", body)

    @rule(minutes=st.integers(1, 3))
    def wait(self, minutes: int) -> None:
        self.minutes += minutes
        self.room.at(self.minutes)
        self.floor.stage.ledger.writer.tick().result(30)

    @precondition(lambda self: self.codes)
    @rule()
    def cancel(self) -> None:
        body = {"auction": self.codes[-1], "document": "d"}
        self.say("exchange", "auction.cancel", body, *EXCHANGE)

    @rule(act=st.sampled_from(("suspend", "resume")))
    def halt(self, act: str) -> None:
        body = {"instrument": "FS", "document": "d"}
        self.say("exchange", f"instrument.{act}", body, *EXCHANGE)

    @rule(
        party=st.sampled_from(PARTIES),
        other=st.sampled_from(PARTIES),
        side=st.sampled_from(("sell", "buy")),
        price=PRICES,
        quantity=SIZES,
    )
    def propose(self, party: str, other: str, side: str, price: int, quantity: int) -> None:
        body = self.blocks.body(side, other, price_fen=price, quantity=quantity)
        if self.say(party, "block.propose", body):
            rows = self.floor.stage.rows(proposal_table)
            self.proposals.append(max(rows, key=lambda row: row["index"])["proposal"])

    @precondition(lambda self: self.proposals)
    @rule(
        party=st.sampled_from(PARTIES),
        act=st.sampled_from(("accept", "decline", "withdraw")),
        data=st.data(),
    )
    def answer(self, party: str, act: str, data: Any) -> None:
        name = data.draw(st.sampled_from(self.proposals))
        self.say(party, f"block.{act}", {"proposal": name})

    @rule(first=st.integers(1, ISSUED), size=st.integers(1, 150))
    def lock(self, first: int, size: int) -> None:
        last = min(ISSUED, first + size - 1)
        body = {"batch": self.batch, "first": first, "last": last, "ground": "dispute"}
        more = {"reason": "r", "document": "d"}
        self.say("registrar", "serial.lock", {**body, **more}, *OFFICERS)

    def auction(self, code: str) -> dict[str, Any]:
        return next(r for r in self.floor.stage.rows(auction_table) if r["auction"] == code)

    @invariant()
    def what_is_frozen_is_what_is_promised(self) -> None:
        """I8: whatever is frozen stands behind something that still waits, to the unit."""
        stage = self.floor.stage
        cash, units = dict.fromkeys(PARTIES, 0), dict.fromkeys(PARTIES, 0)
        for table, who in ((offer_table, "principal"), (bid_table, "bidder")):
            for row in stage.rows(table):
                assert row["stands"] == "pending" or not (row["portions"] or row["frozen_fen"])
                cash[row[who]] += row["frozen_fen"]
                units[row[who]] += sum(part for _, part in row["portions"])
        for row in stage.rows(proposal_table):
            assert row["state"] == "open" or not (row["portions"] or row["frozen_fen"])
            cash[row["proposer"]] += row["frozen_fen"]
            units[row["proposer"]] += sum(part for _, part in row["portions"])
        for party in PARTIES:
            assert self.floor.held(f"{party}/trading", "CNY").get("frozen", 0) == cash[party]
            assert self.floor.held(f"{party}/trading", self.batch).get("frozen", 0) == units[party]
        waiting = {r["auction"] for r in stage.rows(auction_table) if r["stands"] == "pending"}
        pending = [r for r in stage.rows(bid_table) if r["stands"] == "pending"]
        assert {row["auction"] for row in pending} <= waiting

    @invariant()
    def both_legs_or_none(self) -> None:
        """I8, I10: cash moves by the deals and what was forfeit, and by nothing else."""
        cash, fees = self.after_deals()
        deals = self.floor.stage.rows(deal_table)
        assert all(deal["buyer"] != deal["seller"] for deal in deals)
        auctions = {row["auction"]: row for row in self.floor.stage.rows(auction_table)}
        for bid in self.floor.stage.rows(bid_table):
            if bid["state"] == "void":
                lost = min(auctions[bid["auction"]]["forfeit_fen"], 650_000)
                cash[bid["bidder"]] -= lost
                fees += lost
        for party, wanted in cash.items():
            assert sum(self.floor.held(f"{party}/trading", "CNY").values()) == wanted
        assert self.floor.held("exchange/income", "CNY").get("available", 0) == fees

    @invariant()
    def results_follow_from_what_is_public(self) -> None:
        entries = self.floor.stage.rows(entry_table)
        for row in self.floor.stage.rows(auction_table):
            mine = [entry for entry in entries if entry["auction"] == row["auction"]]
            assert differences(row, mine) == []
            if row["state"] == "cleared":
                assert row["volume"] == sum(entry["awarded"] or 0 for entry in mine)
                deals = [d for d in self.floor.stage.rows(deal_table) if of(d, row["auction"])]
                assert row["volume"] == sum(deal["quantity"] for deal in deals)
                assert row["turnover_fen"] == sum(deal["amount_fen"] for deal in deals)


def of(deal: dict[str, Any], auction: str) -> bool:
    return auction in (deal["bid"], deal["offer"])


AuctionDay.TestCase.settings = settings(
    max_examples=5, stateful_step_count=22, deadline=None, parent=settings()
)
TestAuctionDay = AuctionDay.TestCase


INVARIANTS = (
    AuctionDay.nothing_is_made_or_lost,
    AuctionDay.what_is_frozen_is_what_is_promised,
    AuctionDay.both_legs_or_none,
    AuctionDay.results_follow_from_what_is_public,
    AuctionDay.serials_are_disjoint_and_complete,
)


def walk(day: AuctionDay) -> None:
    """One of everything, with all invariants after each step."""
    steps: list[Any] = [
        lambda: day.announce("sealed", "forward", "time", "uniform", "sell", None),
        lambda: day.wait(1),
        lambda: day.commit("buyer", 6_004, 60, False),
        lambda: day.commit("third", 6_002, 60, False),
        lambda: day.wait(2),
        lambda: day.say("buyer", "auction.reveal", {"auction": "A0", **day.made[0][2]}),
        lambda: day.say("third", "auction.reveal", {"auction": "A0", **day.made[1][2]}),
        lambda: day.wait(2),
        lambda: day.propose("owner", "buyer", "sell", 7_000, 20),
        lambda: day.say("buyer", "block.decline", {"proposal": day.proposals[0]}),
    ]
    for step in steps:
        step()
        for check in INVARIANTS:
            check(day)
    assert day.auction("A0")["state"] == "cleared"


def forgets(*_: Any) -> None:
    """Gives nothing back."""


def dearer(*args: Any) -> Any:
    sale = SALE(*args)
    return replace(sale, price_fen=sale.price_fen + 1)


def kept(context: Any, row: Any, state: Any) -> None:
    block_handlers.put(context, {**row, "state": state})


SALE = clearing._sale
PLANTED: list[tuple[Any, str, Any]] = [
    (freezing, "unfreeze", forgets),
    (clearing, "_sale", dearer),
    (clearing, "_settle", forgets),
    (block_handlers, "end", kept),
]


@pytest.mark.parametrize("planted", [None, *PLANTED], ids=lambda p: p[1] if p else "sound")
def test_a_planted_fault_is_found(planted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    day = AuctionDay()
    try:
        if planted is None:
            walk(day)
            return
        monkeypatch.setattr(*planted)
        with pytest.raises(AssertionError):
            walk(day)
    finally:
        day.teardown()
