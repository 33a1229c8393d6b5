"""A market day under arbitrary orders: nothing is made, lost, or left frozen."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from ledger.accounts.models import balance_table
from ledger.credits.models import block_table
from market.listings.handlers import listing_name
from market.listings.models import listing_table
from market.settlement.models import deal_table, lot_table, trade_table
from tests.factories.machines import PARTIES, Day
from tests.factories.market import DAY_MS, EXCHANGE, VENUE

DATES = [f"2026-01-{day:02d}" for day in (1, 2, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16)]


class MarketDay(Day):
    """Places, takes, withdraws, closes, opens, suspends; answers may be refusals, never faults."""

    issued, cash = 120, 3_000_000

    def __init__(self) -> None:
        super().__init__()
        self.floor.rule("zhejiang.10.fee-buyer-rate", "0.0333")
        self.floor.rule("zhejiang.10.fee-seller-rate", "0.0177")
        self.floor.rule("zhejiang.10.fee-minimum-fen", "7")
        self.names: list[str] = []
        self.day = 0
        self.is_open = True

    @rule(
        party=st.sampled_from(PARTIES),
        price=st.integers(6_990, 7_000),
        quantity=st.integers(1, 60),
    )
    def place(self, party: str, price: int, quantity: int) -> None:
        salt = os.urandom(16).hex()
        body = {**self.floor.order(price, quantity), "salt": salt}
        if self.say(party, "listing.place", body):
            self.names.append(listing_name(salt))

    @precondition(lambda self: self.names)
    @rule(party=st.sampled_from(PARTIES), data=st.data(), quantity=st.integers(1, 60))
    def take(self, party: str, data: Any, quantity: int) -> None:
        name = data.draw(st.sampled_from(self.names))
        before = self.rows()
        if not self.say(party, "listing.take", {"listing": name, "quantity": quantity}):
            assert self.rows() == before

    @precondition(lambda self: self.names)
    @rule(party=st.sampled_from(PARTIES), data=st.data())
    def withdraw(self, party: str, data: Any) -> None:
        name = data.draw(st.sampled_from(self.names))
        self.say(party, "listing.withdraw", {"listing": name})

    @precondition(lambda self: self.day + 1 < len(DATES))
    @rule(leave_open=st.booleans())
    def turn(self, leave_open: bool) -> None:
        """Close today, or open the next trading day; the clock closes what nobody did."""
        if not self.is_open or leave_open:
            days = int(DATES[self.day + 1][-2:]) - int(DATES[self.day][-2:])
            self.floor.stage.clock.time += days * DAY_MS
            self.day += 1
            self.is_open = False
        kind = "close" if self.is_open else "open"
        body = {"venue": VENUE, "date": DATES[self.day]}
        assert self.say("exchange", f"session.{kind}", body, *EXCHANGE)
        self.is_open = not self.is_open

    def rows(self) -> list[Any]:
        stage = self.floor.stage
        return [stage.rows(t) for t in (balance_table, block_table, listing_table, deal_table)]

    @invariant()
    def what_is_frozen_is_what_is_offered(self) -> None:
        listings = self.floor.stage.rows(listing_table)
        for party in PARTIES:
            offered = [r for r in listings if (r["seller"], r["state"]) == (party, "open")]
            frozen = self.floor.held(f"{party}/trading", self.batch).get("frozen", 0)
            assert frozen == sum(row["remaining"] for row in offered)
            for row in offered:
                assert sum(portion[1] for portion in row["portions"]) == row["remaining"] > 0
        assert self.is_open or all(row["state"] != "open" for row in listings)

    @invariant()
    def what_was_bought_is_what_is_held_back(self) -> None:
        for party in PARTIES:
            lots = [r["quantity"] for r in self.floor.stage.rows(lot_table) if r["party"] == party]
            assert self.floor.held(f"{party}/trading", self.batch).get("bought", 0) == sum(lots)

    @invariant()
    def both_legs_or_none(self) -> None:
        told = ("sequence", "price_fen", "quantity")
        deals = sorted(self.floor.stage.rows(deal_table), key=lambda row: row["sequence"])
        trades = self.floor.stage.rows(trade_table)
        assert [row["sequence"] for row in trades] == list(range(1, len(deals) + 1))
        assert [[row[n] for n in told] for row in trades] == [[d[n] for n in told] for d in deals]
        cash, fees = self.after_deals()
        for party, wanted in cash.items():
            assert self.floor.held(f"{party}/trading", "CNY").get("available", 0) == wanted
        assert self.floor.held("exchange/income", "CNY").get("available", 0) == fees


MarketDay.TestCase.settings = settings(
    max_examples=6, stateful_step_count=25, deadline=None, parent=settings()
)
TestMarketDay = MarketDay.TestCase
