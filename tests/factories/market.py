"""A trading floor for tests: an instrument, a session, credits and cash on trading accounts."""

from __future__ import annotations

import os
from typing import Any

from ledger.accounts.models import BUCKETS, balance_table
from market.listings.handlers import listing_name
from market.listings.models import listing_table
from market.settlement.models import deal_table
from tests.factories.cash import deposit
from tests.factories.scene import Scene, once

EXCHANGE = ("exchange-1", "exchange-2")
BANK = ("bank-1", "bank-2")
REGULATOR = ("regulator-1", "regulator-2")
TODAY, TOMORROW = "2026-01-01", "2026-01-02"  # Thursday and Friday; the test clock's day
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
VENUE = "zhejiang"


class Floor:
    """Speaks on the exchange; ``owner`` sells, ``buyer`` and ``third`` buy."""

    def __init__(self, stage: Scene) -> None:
        self.stage = stage
        stage.clock.time += 2 * HOUR_MS  # 10:00 in Shanghai: the exchange trades
        _state(stage, f"{VENUE}.10.holding-sessions", "1", "2025-12-31")  # a test sees its end

    def prepare(self, quantity: int = 900, cash_fen: int = 10_000_000) -> str:
        """Issue, move to trading, pay in, list ``FS`` at 70.75 and open; gives the batch."""
        return _prepare(self.stage, quantity, cash_fen)

    def to_trading(self, party: str, batch: str, quantity: int) -> None:
        body = {"batch": batch, "quantity": quantity, "to": "trading"}
        self.stage.do(party, "credit.move", body, "a")

    def pay_in(self, party: str, amount_fen: int) -> None:
        deposit(self.stage, party, amount_fen)

    def instrument(self, code: str = "FS", **more: Any) -> dict[str, Any]:
        return {
            "instrument": code,
            "venue": VENUE,
            "name": "林业碳汇",
            "credit_class": "ZJ_FS",
            "reference_fen": 7_075,
            "reference_source": "test",
            **more,
        }

    def list(self, code: str = "FS", **more: Any) -> None:
        self.stage.do("exchange", "instrument.list", self.instrument(code, **more), *EXCHANGE)

    def open(self, date: str = TODAY) -> None:
        self.stage.do("exchange", "session.open", {"venue": VENUE, "date": date}, *EXCHANGE)

    def close(self, date: str = TODAY) -> None:
        self.stage.do("exchange", "session.close", {"venue": VENUE, "date": date}, *EXCHANGE)

    def next_day(self) -> None:
        self.stage.clock.time += DAY_MS

    def rule(self, code: str, value: str, valid_from: str = TODAY) -> None:
        _state(self.stage, code, value, valid_from)

    def order(self, price_fen: int, quantity: int, code: str = "FS") -> dict[str, Any]:
        return {"instrument": code, "price_fen": price_fen, "quantity": quantity}

    def place(self, price_fen: int, quantity: int, party: str = "owner", code: str = "FS") -> str:
        """Place a listing that must be accepted; gives its name."""
        salt = os.urandom(16).hex()
        body = {**self.order(price_fen, quantity, code), "salt": salt}
        self.stage.do(party, "listing.place", body, "a")
        return listing_name(salt)

    def take(self, listing: str, quantity: int, party: str = "buyer") -> str:
        """Take from a listing, which must be accepted; gives the name of the deal."""
        id = self.stage.do(party, "listing.take", {"listing": listing, "quantity": quantity}, "a")
        return next(row["deal"] for row in self.stage.rows(deal_table) if row["bid"] == id)

    def take_refused(self, listing: str, quantity: int, party: str = "buyer") -> str:
        body = {"listing": listing, "quantity": quantity}
        return self.stage.refused(party, "listing.take", body, "a")

    def withdraw(self, listing: str, party: str = "owner") -> None:
        self.stage.do(party, "listing.withdraw", {"listing": listing}, "a")

    def listing(self, name: str) -> dict[str, Any]:
        return next(row for row in self.stage.rows(listing_table) if row["listing"] == name)

    def held(self, account: str, asset: str) -> dict[str, int]:
        """The buckets of an account that are not empty."""
        for row in self.stage.rows(balance_table):
            if (row["account"], row["asset"]) == (account, asset):
                return {bucket: row[bucket] for bucket in BUCKETS if row[bucket]}
        return {}


@once
def _state(stage: Scene, code: str, value: str, valid_from: str) -> None:
    body = {
        "code": f"market.{code}",
        "valid_from": valid_from,
        "value": value,
        "unit": "test",
        "source": "test",
        "confidence": "low",
    }
    stage.do("regulator", "parameter.set", body, *REGULATOR)


@once
def _prepare(stage: Scene, quantity: int, cash_fen: int) -> str:
    floor = Floor.__new__(Floor)  # on which the rule has been stated
    floor.stage = stage
    batch = stage.issue(quantity)
    floor.to_trading("owner", batch, quantity)
    stage.admit("third", "enterprise", 7)
    for party in ("buyer", "third"):
        floor.pay_in(party, cash_fen)
    floor.list()
    floor.open()
    return batch
