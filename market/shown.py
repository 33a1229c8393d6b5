"""The parameters that the guide shows of an act: those of every venue and instrument."""

from __future__ import annotations

from ledger.parties.stated import ANY
from market.readers import LISTING
from market.rules import PREFIX

FEES_OF = ("fee-buyer-rate", "fee-seller-rate", "fee-minimum-fen", "fee-rounding")


def codes(*rules: str, method: str = LISTING) -> tuple[str, ...]:
    """The parameters of a method by the names of their rules, whatever venue states them."""
    return tuple(f"{PREFIX}{ANY}.{method}.{rule}" for rule in rules)
