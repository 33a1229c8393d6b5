"""How the values of the exchange's dated rules are read; each raises ValueError.

A rule without a default must be stated for every method of a venue; one with a default means
that much where nothing is stated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ledger.parties.working_days import parse_days
from ledger.writer.room import ROLES
from market.calendar import parse_hours
from market.rounding import MODES

LISTING, BLOCK, ONE_WAY = "10", "20", "21"
"""挂牌协议, 大宗协议, 单向竞价; the national market's codes of the methods (DOMAIN.md §1.6)."""
CONTINUOUS, CALL = "continuous", "call"
"""The continuous book (连续竞价) and the call auction (集合竞价), for venues that may."""
QUOTED = (LISTING, CONTINUOUS, CALL)
"""The methods that quote prices for everybody, a venue's own before others."""
METHODS = frozenset({LISTING, BLOCK, ONE_WAY, CONTINUOUS, CALL})
KINDS = ("limit", "market-to-limit", "ioc", "fok", "post-only")
CANDIDATES = ("limits", "limits+reference", "ticks")
SELF_TRADE = ("newest", "oldest", "both")
NEEDED, NOT_NEEDED = "needed", "not-needed"
Reader = Callable[[str], Any]
_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)
_EXACT = re.compile(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,8})?", re.ASCII)
_STATED: Any = object()


def weekdays(text: str) -> frozenset[int]:
    """ISO weekdays without a separator: ``12345``."""
    if not re.fullmatch("[1-7]{1,7}", text, re.ASCII):
        raise ValueError(text)
    return frozenset(map(int, text))


def whole(text: str) -> int:
    """A whole number from 0."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


def positive(text: str) -> int:
    """A whole number from 1."""
    number = whole(text)
    if not number:
        raise ValueError(text)
    return number


def share(text: str) -> Fraction:
    """An exact decimal from 0 to 1."""
    if not _EXACT.fullmatch(text) or Fraction(text) > 1:
        raise ValueError(text)
    return Fraction(text)


def percent(text: str) -> Fraction:
    """An exact decimal from 0 to 100, as a share."""
    if not _EXACT.fullmatch(text) or Fraction(text) > 100:
        raise ValueError(text)
    return Fraction(text) / 100


def one_of(*values: str) -> Reader:
    """A reader of one word out of a few."""

    def read(text: str) -> str:
        if text not in values:
            raise ValueError(text)
        return text

    return read


def some_of(values: frozenset[str]) -> Reader:
    """A reader of words out of a few, with commas between them; none twice."""

    def read(text: str) -> list[str]:
        words = text.split(",")
        if not set(words) <= values or len(set(words)) < len(words):
            raise ValueError(text)
        return words

    return read


@dataclass(frozen=True)
class Rule:
    """A rule of an instrument and method: its reader, and what holds where nothing is stated."""

    read: Reader
    default: Any = _STATED

    @property
    def must_be_stated(self) -> bool:
        """Whether trading needs the rule on the record."""
        return self.default is _STATED


RULES: Mapping[str, Rule] = {
    "tick-fen": Rule(positive),
    "lot": Rule(positive),
    "size-from": Rule(positive, 1),
    "size-below": Rule(positive, None),
    "band-percent": Rule(percent, None),
    "best-levels": Rule(positive, 1),
    "holding-sessions": Rule(whole),
    "proceeds-sessions": Rule(whole, 0),
    "position-limit": Rule(positive, None),
    "eligible-roles": Rule(some_of(frozenset(ROLES))),
    "fee-buyer-rate": Rule(share),
    "fee-seller-rate": Rule(share),
    "fee-minimum-fen": Rule(whole),
    "fee-rounding": Rule(one_of(*MODES)),
    "close-rounding": Rule(one_of(*MODES), "half-up"),
    "order-kinds": Rule(some_of(frozenset(KINDS)), ("limit",)),
    "days-open": Rule(positive, 1),
    "self-trade": Rule(one_of(*SELF_TRADE), "newest"),
    "candidates": Rule(one_of(*CANDIDATES), "limits"),
}
"""By name, for every method that has a use for them."""
OF_METHOD: Mapping[str, Reader] = {"hours": parse_hours, "legal-basis": str}
"""Rules of a venue and method that no instrument has for itself."""
OF_VENUE: Mapping[str, Reader] = {
    "methods": some_of(METHODS),
    "price-methods": some_of(METHODS),
    "weekdays": weekdays,
    "name": str,
    "closed": parse_days,
    "reconciliation": one_of(NEEDED, NOT_NEEDED),
}
LOCKED, YES = "deliver-locked", "yes"
"""Whether an instrument that is one named batch takes locked serials; not where it is unsaid."""
OF_INSTRUMENT: Mapping[str, Reader] = {LOCKED: one_of(YES, "no")}
GATED = "gated-methods"
"""The methods that only a venue with a stated legal basis may have: ``market.gated-methods``."""
