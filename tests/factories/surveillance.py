"""Small stretches of the exchange's past, written by hand."""

from __future__ import annotations

from typing import Any

from market.watching.history import (
    DAY_MS,
    MINUTE_MS,
    QUOTE,
    SELL,
    Deal,
    History,
    Session,
    Withdrawn,
)

NINE = 1_767_231_000_000  # 2026-01-01, 09:30 in Shanghai
END = NINE + 330 * MINUTE_MS  # 15:00
TODAY = "2026-01-01"
SESSION = Session("zhejiang", TODAY, END)


def deal(index: int, seller: str, buyer: str, quantity: int = 1_000, **more: Any) -> Deal:
    """A listing taken; ``days`` and ``minutes`` after the opening, the index the minute else."""
    days, minutes = more.pop("days", 0), more.pop("minutes", index)
    row = {
        "at": NINE + days * DAY_MS + minutes * MINUTE_MS,
        "date": f"2026-01-{1 + days:02d}",
        "venue": "zhejiang",
        "instrument": "FS",
        "kind": QUOTE,
        "price_fen": 7_000,
        **more,
    }
    return Deal(index=index, quantity=quantity, buyer=buyer, seller=seller, **row)


def shown(index: int, ended: int, party: str, quantity: int, **more: Any) -> Withdrawn:
    """An order that its owner took back; entries are minutes."""
    row = {"side": SELL, "filled": 0, "instrument": "FS", "shown": quantity, **more}
    at, over = (NINE + minute * MINUTE_MS for minute in (index, ended))
    return Withdrawn(index, at, ended, over, party, quantity=quantity, **row)


def past(*deals: Deal, **more: Any) -> History:
    """A history of deals."""
    return History(deals=deals, **more)
