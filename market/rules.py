"""The dated rules of the exchange: parameters stated on the record, by instrument or venue.

A rule's code is ``market.SCOPE.METHOD.RULE``; the scope is an instrument's own code where the
authority has stated one for it, else its venue.  Each row carries source and confidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from ledger.parties.parameters import in_force, parameter
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market.calendar import Period, parse_closed, parse_hours
from market.rounding import MODES
from market.terms import Terms

T = TypeVar("T")
LISTING = "10"
"""挂牌协议; the national market's code of the method (DOMAIN.md §1.6)."""
_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)
_EXACT = re.compile(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,8})?", re.ASCII)


def terms(context: Context, instrument: Row, method: str = LISTING) -> Terms:
    """The terms in force for an instrument on the decision's own day.

    Raises Refusal ``parameter-not-in-force``, or ``rule-malformed`` where a stated value does
    not say what its rule needs.
    """

    def rule(name: str, read: Callable[[str], Any]) -> Any:
        return _stated(context, instrument, method, name, read)

    return Terms(
        tick_fen=rule("tick-fen", _positive),
        lot=rule("lot", _positive),
        size_below=rule("size-below", _positive),
        band=rule("band-percent", _percent),
        best_levels=rule("best-levels", _positive),
        holding_sessions=rule("holding-sessions", _whole),
        eligible=rule("eligible-roles", lambda text: frozenset(text.split(","))),
        buyer_fee=rule("fee-buyer-rate", _share),
        seller_fee=rule("fee-seller-rate", _share),
        fee_minimum_fen=rule("fee-minimum-fen", _whole),
        fee_rounding=rule("fee-rounding", _mode),
        close_rounding=rule("close-rounding", _mode),
    )


def methods(context: Context, venue: str) -> list[str]:
    """The trade methods that the law of the place allows a venue."""
    return parameter(context, f"market.{venue}.methods").split(",")


def hours(context: Context, venue: str, method: str = LISTING) -> list[Period]:
    """The minutes of the day at which a venue trades by a method."""
    code = f"market.{venue}.{method}.hours"
    return _read(code, parameter(context, code), parse_hours)


def trades_on(context: Context, venue: str, day: date) -> bool:
    """Whether a day is a trading day (交易日): on the venue's weekdays and not a stated closure.

    Closures are stated by year; make-up workdays (调休) are none of the exchange's, so the
    calendar of working days (工作日) is another.
    """
    code = f"market.{venue}.weekdays"
    if day.isoweekday() not in _read(code, parameter(context, code), _weekdays):
        return False
    code = f"market.{venue}.closed.{day.year}"
    stated = in_force(context, code)
    return stated is None or f"{day:%m%d}" not in _read(code, stated, parse_closed)


def _stated(
    context: Context, instrument: Row, method: str, name: str, read: Callable[[str], Any]
) -> Any:
    code = f"market.{instrument['instrument']}.{method}.{name}"
    text = in_force(context, code)
    if text is None:
        code = f"market.{instrument['venue']}.{method}.{name}"
        text = parameter(context, code)
    return _read(code, text, read)


def _read(code: str, text: str, read: Callable[[str], T]) -> T:
    try:
        return read(text)
    except ValueError as error:
        raise Refusal("rule-malformed", parameter=code) from error


def _weekdays(text: str) -> frozenset[int]:
    if not re.fullmatch("[1-7]{1,7}", text, re.ASCII):
        raise ValueError(text)
    return frozenset(map(int, text))


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _positive(text: str) -> int:
    number = _whole(text)
    if not number:
        raise ValueError(text)
    return number


def _exact(text: str) -> Fraction:
    if not _EXACT.fullmatch(text):
        raise ValueError(text)
    return Fraction(text)


def _share(text: str) -> Fraction:
    share = _exact(text)
    if share > 1:
        raise ValueError(text)
    return share


def _percent(text: str) -> Fraction:
    percent = _exact(text)
    if percent > 100:
        raise ValueError(text)
    return percent / 100


def _mode(text: str) -> str:
    if text not in MODES:
        raise ValueError(text)
    return text
