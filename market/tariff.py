"""What a side pays the exchange on an amount: exact, and on one order never twice.

Who trades in parts pays on what it has traded so far: the fee of a part is the fee of the new
total less what was charged.  The fee of a total never shrinks as the total grows and never grows
faster than it, so a part's fee lies between nothing and its own amount, neither a minimum nor a
rounding is charged twice, and what is frozen for the whole covers every part.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from market.rounding import quotient


@dataclass(frozen=True)
class Tariff:
    """A share of the amount, a minimum in fen where a share is asked for, and the rounding."""

    rate: Fraction
    minimum_fen: int
    rounding: str

    def fee(self, amount_fen: int) -> int:
        """The fee of an amount; never more than the amount itself."""
        if not self.rate:
            return 0
        rate = self.rate
        share = quotient(rate.numerator * amount_fen, rate.denominator, self.rounding)
        return min(max(share, self.minimum_fen), amount_fen)

    @cached_property
    def text(self) -> str:
        """The tariff as a row keeps it."""
        return f"{self.rate} {self.minimum_fen} {self.rounding}"


@lru_cache(maxsize=1_000)
def read_tariff(text: str) -> Tariff:
    """The tariff of a row's text."""
    rate, minimum, rounding = text.split(" ")
    return Tariff(Fraction(rate), int(minimum), rounding)
