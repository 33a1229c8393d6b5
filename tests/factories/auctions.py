"""One-way auctions and blocks for tests, on the floor of tests/factories/market.py."""

from __future__ import annotations

import os
from typing import Any

from ledger.statements.instants import format_instant
from market.one_way.models import auction_table, bid_table, entry_table
from market.one_way.sealing import bid_commitment, bid_name
from tests.factories.market import EXCHANGE, Floor

MINUTE_MS = 60_000


class AuctionRoom:
    """Speaks in auctions; the floor's ``owner`` sells, ``buyer`` and ``third`` bid.

    The floor stands at 10:00; an auction opens at 10:10, closes at 10:30 and reveals until 10:50.
    """

    def __init__(self, floor: Floor) -> None:
        self.floor, self.stage = floor, floor.stage
        self.started = self.stage.clock.time
        self.secrets: dict[str, str] = {}

    def at(self, minutes: int) -> None:
        """So many minutes after 10:00 of the first day."""
        self.stage.clock.time = self.started + minutes * MINUTE_MS

    def instant(self, minutes: int) -> str:
        return format_instant(self.started + minutes * MINUTE_MS)

    def sealed(self, **more: Any) -> dict[str, Any]:
        """An announcement of a sealed auction of 300 credits; None leaves a field out."""
        body = {
            "auction": "A1",
            "instrument": "FS",
            "principal": "owner",
            "direction": "forward",
            "format": "sealed",
            "pricing": "uniform",
            "tie": "time",
            "undersubscribed": "sell",
            "quantity": 300,
            "lot": 1,
            "bid_minimum": 10,
            "cap_percent": 100,
            "reserve_fen": 6_000,
            "bids_max": 50,
            "opens_at": self.instant(10),
            "closes_at": self.instant(30),
            "reveal_until": self.instant(50),
            "document": "公告1",
            **more,
        }
        return {name: value for name, value in body.items() if value is not None}

    def open(self, **more: Any) -> dict[str, Any]:
        """An announcement of an open auction with a step of 10 fen."""
        return self.sealed(**{"format": "open", "reveal_until": None, "step_fen": 10, **more})

    def announce(self, body: dict[str, Any]) -> None:
        self.stage.do("exchange", "auction.announce", body, *EXCHANGE)

    def begin(self, body: dict[str, Any]) -> None:
        """Announce, offer, and let the bidding begin."""
        self.announce(body)
        self.offer(body["principal"])
        self.at(10)

    def offer(self, party: str = "owner", auction: str = "A1") -> None:
        self.stage.do(party, "auction.offer", {"auction": auction}, "a")

    def commitment(self, price: int, quantity: int, least: int = 0) -> str:
        secret = os.urandom(16).hex()
        made = bid_commitment("A1", price, quantity, secret, least)
        self.secrets[made] = secret
        return made

    def commit(self, party: str, price: int, quantity: int, **more: Any) -> str:
        """Commit to a bid with a deposit of 30,000 yuan or what is given."""
        made = self.commitment(price, quantity, more.pop("least", 0))
        deposit = more or {"deposit_fen": 3_000_000}
        body = {"auction": "A1", "commitment": made, **deposit}
        self.stage.do(party, "auction.commit", body, "a")
        return made

    def shown(self, made: str, price: int, quantity: int, **more: Any) -> dict[str, Any]:
        shown = {"price_fen": price, "quantity": quantity, "secret": self.secrets[made]}
        return {"auction": "A1", **shown, **more}

    def reveal(self, party: str, made: str, price: int, quantity: int, **more: Any) -> None:
        self.stage.do(party, "auction.reveal", self.shown(made, price, quantity, **more), "a")

    def bid(self, party: str, price: int, quantity: int) -> str:
        salt = os.urandom(16).hex()
        body = {"auction": "A1", "price_fen": price, "quantity": quantity, "salt": salt}
        self.stage.do(party, "auction.bid", body, "a")
        return bid_name(salt)

    def bid_refused(self, party: str, price: int, quantity: int, **more: Any) -> str:
        body = {"auction": "A1", "price_fen": price, "quantity": quantity, **more}
        return self.stage.refused(party, "auction.bid", body, "a")

    def clear(self, minutes: int = 50) -> dict[str, Any]:
        """Let the auction fall due; gives its row."""
        self.at(minutes)
        self.stage.ledger.writer.tick().result(30)
        return self.auction()

    def auction(self) -> dict[str, Any]:
        return next(row for row in self.stage.rows(auction_table) if row["auction"] == "A1")

    def entries(self) -> list[dict[str, Any]]:
        rows = [row for row in self.stage.rows(entry_table) if row["auction"] == "A1"]
        return sorted(rows, key=lambda row: row["place"])

    def bids(self) -> list[dict[str, Any]]:
        rows = [row for row in self.stage.rows(bid_table) if row["auction"] == "A1"]
        return sorted(rows, key=lambda row: row["place"])


class Blocks:
    """Speaks in blocks; they trade from 13:00 and the floor asks for 100 credits and more."""

    def __init__(self, floor: Floor) -> None:
        self.floor, self.stage = floor, floor.stage
        floor.rule("zhejiang.20.size-from", "100", "2025-12-31")
        floor.rule("zhejiang.20.holding-sessions", "1", "2025-12-31")

    def afternoon(self) -> None:
        """13:00 of the floor's first day, three hours on."""
        self.stage.clock.time += 3 * 60 * MINUTE_MS

    def body(self, side: str = "sell", other: str = "buyer", **more: Any) -> dict[str, Any]:
        stated = {"instrument": "FS", "side": side, "counterparty": other}
        return {**stated, "price_fen": 7_000, "quantity": 200, **more}

    def propose(self, party: str = "owner", **more: Any) -> str:
        return self.stage.do(party, "block.propose", self.body(**more), "a")

    def answer(self, act: str, proposal: str, party: str = "buyer") -> None:
        self.stage.do(party, f"block.{act}", {"proposal": proposal}, "a")

    def refused(self, act: str, proposal: str, party: str = "buyer") -> str:
        return self.stage.refused(party, f"block.{act}", {"proposal": proposal}, "a")
