"""The parameters that the guide shows of an act: those of the first venue."""

from __future__ import annotations

from market.readers import LISTING
from market.rules import PREFIX

VENUE_SHOWN = "zhejiang"
"""The venue whose rules the guide shows."""
FEES_OF = ("fee-buyer-rate", "fee-seller-rate", "fee-minimum-fen", "fee-rounding")


def codes(*rules: str, method: str = LISTING) -> tuple[str, ...]:
    """The parameters that the first venue states for a method, by the names of their rules."""
    return tuple(f"{PREFIX}{VENUE_SHOWN}.{method}.{rule}" for rule in rules)
