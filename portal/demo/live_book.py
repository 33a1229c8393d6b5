"""A second venue, for demonstration alone: an opening call auction and a live book.

No venue in Zhejiang may match orders automatically; the legal basis that is stated here says
that it is none.  Prices, quantities and every rule are seeded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.demo.cash import deposited, reconciled
from portal.demo.cast import LABEL
from portal.demo.market import EXCHANGE, FIRST, HELD_AFTER_FEN, REGULATOR, SECOND, SEEDED
from portal.demo.step import Step

VENUE, INSTRUMENT = "demo-continuous", "DEMOFS"
SELLER, BATCH = "demo-lishui-1", "ZJ_FS-DEMO-FS-MR1-2024"
EVE, DAY, AFTER = "2026-05-07", "2026-05-08", "2026-05-09"
BASIS = f"{LABEL}：仅供演示，并非法律依据 (for demonstration only, no legal basis)"
AFTERWARDS = {
    "weekdays": "1234567",
    "call.hours": "00:00-00:01",
    "continuous.hours": "00:01-23:59",
}
"""From the day behind the story on, so that whoever tries the demonstration finds it open."""
EACH = {
    "legal-basis": BASIS,
    "tick-fen": "1",
    "lot": "10",
    "band-percent": "10",
    "best-levels": "5",
    "holding-sessions": "5",
    "eligible-roles": "enterprise",
    "days-open": "5",
    "fee-buyer-rate": "0.0005",
    "fee-seller-rate": "0.0005",
    "fee-minimum-fen": "1",
    "fee-rounding": "half-up",
}
RULES = {
    "name": f"{LABEL}连续竞价交易场所 (demonstration venue)",
    "methods": "continuous,call",
    "price-methods": "continuous,call",
    "weekdays": "12345",
    "continuous.hours": "09:35-15:00",
    "continuous.order-kinds": "limit,market-to-limit,ioc,fok,post-only",
    "call.hours": "09:30-09:35",
    **{f"{method}.{rule}": EACH[rule] for method in ("continuous", "call") for rule in EACH},
}


def live_book() -> Iterator[Step]:
    """The eve on which the venue is stated and cash comes in, and its one day."""
    yield from _eve()
    deposits = tuple(
        (party, 40_000_00, f"{LABEL}入金2026-5-{place}")
        for place, party in enumerate((FIRST, SECOND), 1)
    )
    for deposit in deposits:
        yield deposited(EVE, *deposit)
    held = HELD_AFTER_FEN + sum(amount for _, amount, _ in deposits)
    yield reconciled(EVE, deposits, held)  # so that today's file finds no day before it open
    yield Step(DAY, "exchange", "session.open", {"venue": VENUE, "date": DAY}, EXCHANGE)
    # Until 09:35 orders gather: 200 trade at 70.90, the lower of two prices that sell as many.
    yield _order(SECOND, "buy", 71_00, 200)
    yield _order(FIRST, "buy", 70_60, 150)
    yield _order(SELLER, "sell", 70_50, 180)
    yield _order(SELLER, "sell", 70_90, 100)
    # From then on the book is live, with what the call has left.
    yield _order(FIRST, "buy", 70_90, 30, kind="ioc")
    yield _order(SECOND, "buy", 70_85, 50, until="2026-05-11")
    yield _order(SELLER, "sell", 70_85, 20, kind="post-only", expect="would-take")
    yield _order(FIRST, "buy", 77_83, 10, expect="price-outside-band")
    yield _order(SECOND, "sell", 71_00, 10, expect="balance-short")  # bought a moment ago
    yield _order(SELLER, "sell", 70_80, 20)
    yield Step(DAY, FIRST, "order.cancel-all", {"instrument": INSTRUMENT}, ("op-1",))
    yield Step(DAY, "exchange", "session.close", {"venue": VENUE, "date": DAY}, EXCHANGE)


def _eve() -> Iterator[Step]:
    stated = {"unit": LABEL, "source": SEEDED, "confidence": "low"}
    operations = [
        {
            "type": "parameter.set",
            "body": {
                "code": f"market.{VENUE}.{code}",
                "value": value,
                "valid_from": day,
                **stated,
            },
        }
        for day, rules in ((EVE, RULES), (AFTER, AFTERWARDS))
        for code, value in rules.items()
    ]
    yield Step(EVE, "regulator", "batch.public", {"operations": operations}, REGULATOR)
    instrument = {
        "instrument": INSTRUMENT,
        "venue": VENUE,
        "name": f"{LABEL}林业碳汇（连续竞价演示）",
        "name_en": "Demonstration: forest sinks on a continuous book",
        "credit_class": "ZJ_FS",
        "reference_fen": 70_75,
        "reference_source": SEEDED,
    }
    yield Step(EVE, "exchange", "instrument.list", instrument, EXCHANGE)
    moved = {"batch": BATCH, "quantity": 1_000, "to": "trading"}
    yield Step(EVE, SELLER, "credit.move", moved, ("op-1",))


def _order(
    party: str, side: str, price_fen: int, quantity: int, expect: str | None = None, **more: Any
) -> Step:
    body = {
        "instrument": INSTRUMENT,
        "side": side,
        "kind": "limit",
        "price_fen": price_fen,
        "quantity": quantity,
        **more,
    }
    return Step(DAY, party, "order.place", body, ("op-1",), expect=expect)
