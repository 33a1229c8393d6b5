"""JSON Schemas of what the exchange's public routes answer with."""

from __future__ import annotations

from ledger.parties.models import PARAMETER
from market.instruments.models import INSTRUMENT
from market.one_way.models import AUCTION
from market.quotes.averages import DEFINITION
from market.quotes.candles import INTERVALS
from portal.api.shapes import (
    ANY,
    COUNT,
    DATE,
    FLAG,
    MAYBE,
    NONE,
    TEXT,
    Shape,
    record,
    ref,
    row,
    several,
    widened,
    without,
)

NUMBER: Shape = {"type": "integer"}
NUMBER_MAYBE: Shape = {"type": ["integer", "null"]}
DATE_MAYBE: Shape = {"type": ["string", "null"], "format": "date"}
COSTS = (
    "price_fen",
    "quantity",
    "amount_fen",
    "buyer_fee_fen",
    "seller_fee_fen",
    "buyer_pays_fen",
    "seller_gets_fen",
)
EVENTS = (
    "Server-sent events `trade`, `depth`, `ticker` and `status`; `data` is a JSON object, `id` the "
    "number of the newest trade, to come back with as Last-Event-ID. A comment is a heartbeat."
)
LINES = "A JSON object a line, each a row as in the pages."
TABLE = "The rows as a table with a head (RFC 4180), in UTF-8 with a byte order mark."


def schemas() -> dict[str, Shape]:
    """Every schema of the exchange by its name in the document."""
    limits: Shape = {"oneOf": [record({"low_fen": COUNT, "high_fen": COUNT}), NONE]}
    day: Shape = {"oneOf": [ref("Row.days"), NONE]}
    side: dict[str, Shape] = {"price_fen": COUNT, "quantity": COUNT, "count": COUNT}
    listing = several(record({"listing": TEXT, "quantity": COUNT}))
    best: Shape = {"oneOf": [record({"price_fen": COUNT, "quantity": COUNT}), NONE]}
    sums = {"volume": COUNT, "turnover_fen": COUNT, "trades": COUNT, "vwap_fen": NUMBER_MAYBE}
    average = {**sums, "rounding": MAYBE}
    span = {"from": DATE, "to": DATE}
    of_class: dict[str, Shape] = {
        "venue": TEXT,
        "class": TEXT,
        "definition": {"const": DEFINITION},
        "instruments": several(TEXT),
    }
    call = record({"ends_at": COUNT, "price_fen": NUMBER_MAYBE, "volume": COUNT})
    quote: dict[str, Shape] = {
        "instrument": TEXT,
        "sequence": COUNT,
        "open": FLAG,
        "halted": FLAG,
        "reference_fen": COUNT,
        "limits": limits,
        "bids": several(record(side)),
        "asks": several(record(side)),
        "levels": several(record({**side, "listings": listing})),
        "call": {"oneOf": [call, NONE]},
    }
    prices = ("open_fen", "high_fen", "low_fen", "last_fen", "change_fen", "change_bp")
    named = without(row(INSTRUMENT), "index", "operator", "reference_fen", "reference_source")
    ticker: dict[str, Shape] = {
        "open": FLAG,
        "halted": FLAG,
        "date": DATE_MAYBE,
        "reference_fen": COUNT,
        **dict.fromkeys(prices, NUMBER_MAYBE),
        **sums,
        "limits": limits,
        "next": {"oneOf": [record({"reference_fen": COUNT, "limits": limits}), NONE]},
        "best_bid": best,
        "best_ask": best,
        "sequence": COUNT,
    }
    prices_of_candle = dict.fromkeys(("open_fen", "high_fen", "low_fen", "close_fen"), COUNT)
    counted = {"volume": COUNT, "turnover_fen": COUNT, "trades": COUNT}
    candle = record({"start": NUMBER, **prices_of_candle, **counted})
    return {
        "Instrument": widened(
            row(INSTRUMENT),
            {
                "open": FLAG,
                "halted": FLAG,
                "limits": limits,
                "day": day,
                "locked": {"type": ["integer", "null"]},
                "delivers_locked": FLAG,
            },
        ),
        "Auction": widened(row(AUCTION), {"phase": TEXT}),
        "AuctionCheck": record({"auction": TEXT, "differences": several(TEXT)}),
        "Quotes": record(quote),
        "Ticker": widened(named, ticker),
        "Tickers": _page(ref("Ticker")),
        "Candles": record(
            {"interval": {"enum": list(INTERVALS)}, "items": several(candle), "next": MAYBE}
        ),
        "VenueRules": record(
            {
                "venue": TEXT,
                "on": DATE,
                "session": DATE_MAYBE,
                "rules": several(widened(row(PARAMETER), {"verified": FLAG})),
                "faults": several(record({"code": TEXT, "params": ANY})),
            }
        ),
        "Average": record({"instrument": TEXT, **span, **average}),
        "Composites": _page(record({**of_class, "date": DATE_MAYBE, **average})),
        "Composite": record(
            {**of_class, **span, **average, "days": several(record({"date": DATE, **average}))}
        ),
        "Costs": record({"instrument": TEXT, "method": TEXT, **dict.fromkeys(COSTS, COUNT)}),
        "Events": {"type": "string", "description": EVENTS},
        "MarketLines": {"type": "string", "description": LINES},
        "MarketTable": {"type": "string", "description": TABLE},
    }


def _page(item: Shape) -> Shape:
    return record({"items": several(item), "next": MAYBE})
