"""A floor with a continuous book and a call auction, whose law allows both."""

from __future__ import annotations

from typing import Any

from market.instruments.models import instrument_table
from market.orders.handlers import order_name
from market.orders.models import call_table, order_table
from market.settlement.models import deal_table, trade_table
from tests.factories.market import EXCHANGE, REGULATOR, TODAY, Floor
from tests.factories.scene import Scene, once

BOOK = "book"
MINUTE_MS = 60_000
BOTH = {
    "tick-fen": "1",
    "lot": "1",
    "holding-sessions": "0",
    "eligible-roles": "enterprise",
    "band-percent": "10",
    "days-open": "30",
    "fee-buyer-rate": "0.001",
    "fee-seller-rate": "0.001",
    "fee-minimum-fen": "7",
    "fee-rounding": "half-up",
    "legal-basis": "test",
}
CONTINUOUS = {"hours": "09:30-15:00", "order-kinds": "limit,market-to-limit,ioc,fok,post-only"}
CALL = {"hours": "09:15-09:25"}
VENUE = {"methods": "continuous,call", "price-methods": "continuous,call", "weekdays": "12345"}


def profile(
    venue: dict[str, str] = VENUE,
    continuous: dict[str, str] = CONTINUOUS,
    call: dict[str, str] = CALL,
) -> dict[str, str]:
    """The rules of the venue by code, without the venue's own part."""
    parts = (("continuous.", {**BOTH, **continuous}), ("call.", {**BOTH, **call}), ("", venue))
    return {f"{prefix}{name}": value for prefix, rules in parts for name, value in rules.items()}


class Pit(Floor):
    """Speaks on the venue ``book``, at 10:00; ``owner`` has units, ``buyer`` and ``third`` cash."""

    def set_up(
        self, quantity: int = 900, cash_fen: int = 10_000_000, rules: dict[str, str] | None = None
    ) -> str:
        """State the venue, issue, pay in to all, list ``FS`` at 70.75 and open; gives the batch."""
        stated = tuple((rules or profile()).items())
        return _set_up(self.stage, quantity, cash_fen, stated)

    def state(self, rules: dict[str, str], venue: str = BOOK) -> None:
        operations = [
            {
                "type": "parameter.set",
                "body": {
                    "code": f"market.{venue}.{code}",
                    "valid_from": "2025-12-31",  # so that a test may state another today
                    "value": value,
                    "unit": "test",
                    "source": "test",
                    "confidence": "low",
                },
            }
            for code, value in rules.items()
        ]
        self.stage.do("regulator", "batch.public", {"operations": operations}, *REGULATOR)

    def open(self, date: str = TODAY) -> None:
        self.stage.do("exchange", "session.open", {"venue": BOOK, "date": date}, *EXCHANGE)

    def close(self, date: str = TODAY) -> None:
        self.stage.do("exchange", "session.close", {"venue": BOOK, "date": date}, *EXCHANGE)

    def later(self, minutes: int) -> None:
        self.stage.clock.time += minutes * MINUTE_MS

    def body(self, side: str, price_fen: int | None, quantity: int, **more: Any) -> dict[str, Any]:
        priced = {} if price_fen is None else {"price_fen": price_fen}
        base = {"instrument": "FS", "side": side, "kind": "limit", "quantity": quantity}
        return {**base, **priced, **more}

    def put(self, party: str, side: str, price_fen: int | None, quantity: int, **more: Any) -> str:
        """Place an order that must be accepted; gives its name."""
        body = self.body(side, price_fen, quantity, **more)
        submission = self.stage.write(party, "order.place", body, "a")
        reply = self.stage.ledger.entrance.submit(submission.encode())
        assert reply.status == "accepted", reply
        return order_name(party, submission.envelope.payload.id, submission.body["salt"])

    def buy(self, price_fen: int | None, quantity: int, party: str = "buyer", **more: Any) -> str:
        return self.put(party, "buy", price_fen, quantity, **more)

    def sell(self, price_fen: int | None, quantity: int, party: str = "owner", **more: Any) -> str:
        return self.put(party, "sell", price_fen, quantity, **more)

    def put_refused(
        self, side: str, price_fen: int | None, quantity: int, party: str = "buyer", **more: Any
    ) -> str:
        return self.stage.refused(
            party, "order.place", self.body(side, price_fen, quantity, **more), "a"
        )

    def cancel(self, name: str, party: str = "buyer") -> None:
        self.stage.do(party, "order.cancel", {"order": name}, "a")

    def order_row(self, name: str) -> dict[str, Any]:
        return next(row for row in self.stage.rows(order_table) if row["order"] == name)

    def open_orders(self) -> list[dict[str, Any]]:
        """Open orders in the order of their turns."""
        rows = [row for row in self.stage.rows(order_table) if row["state"] == "open"]
        return sorted(rows, key=lambda row: (row["placed"], row["nth"]))

    def trades(self) -> list[tuple[int, int]]:
        """(price, quantity) in the order of the tape."""
        return [(row["price_fen"], row["quantity"]) for row in self.stage.rows(trade_table)]

    def deals(self) -> list[dict[str, Any]]:
        return sorted(self.stage.rows(deal_table), key=lambda row: row["sequence"])

    def calls(self) -> list[dict[str, Any]]:
        return self.stage.rows(call_table)

    def reference(self) -> int:
        return int(self.stage.rows(instrument_table)[0]["reference_fen"])


@once
def _set_up(stage: Scene, quantity: int, cash_fen: int, rules: tuple[tuple[str, str], ...]) -> str:
    pit = Pit.__new__(Pit)  # on which the holding rule has been stated
    pit.stage = stage
    batch = stage.issue(quantity)
    pit.state(dict(rules))
    pit.to_trading("owner", batch, quantity)
    stage.admit("third", "enterprise", 7)
    for party in ("owner", "buyer", "third"):
        pit.pay_in(party, cash_fen)
    pit.list(venue=BOOK)
    pit.open()
    return batch
