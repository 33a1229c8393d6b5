"""What an order must satisfy and what a trade costs: pure, exact, every fault named.

All figures come from dated rules (market/rules.py); prices are fen per unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any

from ledger.statements.canonical import INTEGER_MAX
from market.rounding import rounded
from market.tariff import Tariff


@dataclass(frozen=True)
class Terms:
    """The rules of one instrument and trade method on one day; None is no limit."""

    method: str
    tick_fen: int
    lot: int
    size_from: int
    size_below: int | None
    band: Fraction | None
    best_levels: int
    holding_sessions: int
    proceeds_sessions: int
    position_limit: int | None
    eligible: frozenset[str]
    buyer_fee: Fraction
    seller_fee: Fraction
    fee_minimum_fen: int
    fee_rounding: str
    close_rounding: str
    order_kinds: frozenset[str]
    days_open: int
    self_trade: str
    candidates: str

    def price_band(self, reference_fen: int) -> tuple[int, int]:
        """Lowest and highest price allowed, on the tick, rounded inward.

        Without a band every price that the record can hold is allowed.
        """
        known = self._bands.get(reference_fen)
        if known is None:
            known = self._bands[reference_fen] = self._price_band(reference_fen)
        return known

    @cached_property
    def _bands(self) -> dict[int, tuple[int, int]]:
        return {}

    def _price_band(self, reference_fen: int) -> tuple[int, int]:
        if self.band is None:
            return self.tick_fen, INTEGER_MAX // self.tick_fen * self.tick_fen
        low = Fraction(reference_fen) * (1 - self.band) / self.tick_fen
        high = min(Fraction(reference_fen) * (1 + self.band), Fraction(INTEGER_MAX)) / self.tick_fen
        return max(ceil(low), 1) * self.tick_fen, floor(high) * self.tick_fen

    def fees(self, amount_fen: int) -> tuple[int, int]:
        """What buyer and seller pay on an amount; never more than the amount itself."""
        return self.tariff(True).fee(amount_fen), self.tariff(False).fee(amount_fen)

    def tariff(self, buys: bool) -> Tariff:
        """What one side pays."""
        return self._tariffs[0 if buys else 1]

    @cached_property
    def _tariffs(self) -> tuple[Tariff, Tariff]:
        more = (self.fee_minimum_fen, self.fee_rounding)
        return Tariff(self.buyer_fee, *more), Tariff(self.seller_fee, *more)

    def close(self, turnover_fen: int, volume: int) -> int:
        """The closing price: the day's volume-weighted average, in whole fen."""
        return rounded(Fraction(turnover_fen, volume), self.close_rounding)


@dataclass(frozen=True)
class Fault:
    """A rule that an order breaks: a code, the field, and what would have been right."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


def order_faults(
    terms: Terms, reference_fen: int, price_fen: int, quantity: int
) -> Iterator[Fault]:
    """Every rule of price and size that an order breaks, in a fixed order."""
    yield from price_faults(terms, reference_fen, price_fen)
    yield from lot_faults(terms, quantity)
    yield from size_faults(terms, quantity)
    if price_fen * quantity > INTEGER_MAX:
        yield Fault("value-too-large", {"field": "quantity"})


def price_faults(terms: Terms, reference_fen: int, price_fen: int) -> Iterator[Fault]:
    """Whether a price is on the tick and within the band of the day."""
    if price_fen % terms.tick_fen:
        yield Fault("price-off-tick", {"field": "price_fen", "tick_fen": terms.tick_fen})
    low, high = terms.price_band(reference_fen)
    if not low <= price_fen <= high:
        params = {"reference_fen": reference_fen, "low_fen": low, "high_fen": high}
        yield Fault("price-outside-band", {"field": "price_fen", **params})


def size_faults(terms: Terms, quantity: int) -> Iterator[Fault]:
    """Whether a quantity is large and small enough for the method."""
    if quantity < terms.size_from:
        yield Fault("quantity-too-small", {"field": "quantity", "from": terms.size_from})
    if terms.size_below is not None and quantity >= terms.size_below:
        yield Fault("quantity-too-large", {"field": "quantity", "below": terms.size_below})


def lot_faults(terms: Terms, quantity: int) -> Iterator[Fault]:
    """Whether a quantity is whole lots."""
    if quantity % terms.lot:
        yield Fault("quantity-off-lot", {"field": "quantity", "lot": terms.lot})
