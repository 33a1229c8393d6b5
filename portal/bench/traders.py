"""A venue for measuring: the movers with cash and credits, and their signed limit orders."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from ledger.parties.parameters import business_date
from ledger.statements.ed25519 import load_private
from portal.bench.movers import KEYS, MOVERS, NAMES, QUANTITY, answered, batch_of, seeded, signed
from portal.config import Settings
from portal.home.opening import open_ledger

VENUE, INSTRUMENT = "bench", "BENCH"
REFERENCE, SPREAD = 7_000, 10
CASH_FEN = 10**13
RULES = {
    "methods": "continuous",
    "price-methods": "continuous",
    "weekdays": "1234567",
    "continuous.hours": "00:00-23:59",
    "continuous.legal-basis": "measurement",
    "continuous.tick-fen": "1",
    "continuous.lot": "1",
    "continuous.band-percent": "50",
    "continuous.holding-sessions": "0",
    "continuous.eligible-roles": "enterprise",
    "continuous.fee-buyer-rate": "0.0005",
    "continuous.fee-seller-rate": "0.0005",
    "continuous.fee-minimum-fen": "1",
    "continuous.fee-rounding": "half-up",
}


def trading(home: Path, database_url: str | None) -> Settings:
    """Make a ledger whose movers may trade at once; raises RuntimeError where it refuses."""
    settings = seeded(home, database_url)
    with closing(open_ledger(settings)) as ledger:
        for party, type, body in _story():
            if party in NAMES:
                keys = [KEYS[NAMES.index(party)]]
            else:
                keys = [load_private(settings.keys / f"{party}-{n}.pem") for n in (1, 2)]
            answered(ledger.entrance, [ledger.entrance.prepare(signed(party, type, body, keys))])
    return settings


def orders(count: int, movers: int = MOVERS, seed: int = 0) -> list[bytes]:
    """Signed limit orders, half of them buying, around one price; some four in ten trade."""
    draw = random.Random(seed)
    return [
        signed(NAMES[n % movers], "order.place", _order(draw), [KEYS[n % movers]])
        for n in range(count)
    ]


def resting(count: int, operations: int = 1_000) -> Iterator[bytes]:
    """Batches of orders that meet none: buyers below and sellers above the reference."""
    for first in range(0, count, operations):
        acts = []
        for n in range(first, min(first + operations, count)):
            side, away = ("buy", -1) if n % 2 else ("sell", 1)
            price = REFERENCE + away * (1 + n // 2 % 1_000)
            acts.append({"type": "order.place", "body": _body(side, price, 1)})
        mover = first // operations % MOVERS
        yield signed(NAMES[mover], "batch", {"operations": acts}, [KEYS[mover]])


def _order(draw: random.Random) -> dict[str, Any]:
    side, lean = draw.choice((("buy", -3), ("sell", 3)))
    price = REFERENCE + lean + draw.randint(-SPREAD, SPREAD)
    return _body(side, price, draw.randint(1, 20))


def _body(side: str, price_fen: int, quantity: int) -> dict[str, Any]:
    return {
        "instrument": INSTRUMENT,
        "side": side,
        "kind": "limit",
        "price_fen": price_fen,
        "quantity": quantity,
    }


def _story() -> Iterator[tuple[str, str, dict[str, Any]]]:
    today = business_date(int(time.time() * 1000))
    stated = {"valid_from": today, "unit": "bench", "source": "measurement", "confidence": "low"}
    rules = [
        {
            "type": "parameter.set",
            "body": {"code": f"market.{VENUE}.{code}", "value": value, **stated},
        }
        for code, value in RULES.items()
    ]
    free = {"code": "cash-account", "value": "not-needed", **stated}
    rules.append({"type": "parameter.set", "body": free})
    yield "regulator", "batch.public", {"operations": rules}
    yield "exchange", "instrument.list", {
        "instrument": INSTRUMENT,
        "venue": VENUE,
        "name": "示范测速",
        "credit_class": "ZJ_FS",
        "reference_fen": REFERENCE,
        "reference_source": "measurement",
    }  # fmt: skip
    for number, name in enumerate(NAMES):
        yield "bank", "cash.deposit", {"party": name, "amount_fen": CASH_FEN, "reference": name}
        moved = {"batch": batch_of(number), "quantity": QUANTITY // 2, "to": "trading"}
        yield name, "credit.move", moved
    yield "exchange", "session.open", {"venue": VENUE, "date": today}
