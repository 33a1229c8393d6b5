"""The best prices of one side of a listing book: pure."""

from __future__ import annotations

from collections.abc import Iterable


def best_prices(prices: Iterable[int], levels: int) -> list[int]:
    """The lowest ``levels`` distinct prices, best first; a taker may pick any listing there."""
    return sorted(set(prices))[:levels]
