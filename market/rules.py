"""The dated rules of the exchange: parameters stated on the record, by instrument or venue.

A rule's code is ``market.SCOPE.METHOD.RULE``; the scope is an instrument's own code where the
authority has stated one for it, else its venue.  Each row carries source and confidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from ledger.parties.parameters import in_force, parameter
from ledger.parties.working_days import parse_days
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import ROLES
from market.calendar import Period, parse_hours
from market.rounding import MODES
from market.terms import Terms

PREFIX = "market."
LISTING, BLOCK, ONE_WAY = "10", "20", "21"
"""挂牌协议, 大宗协议, 单向竞价; the national market's codes of the methods (DOMAIN.md §1.6)."""
METHODS = frozenset({LISTING, BLOCK, ONE_WAY})
NEEDED, NOT_NEEDED = "needed", "not-needed"
_YEAR = re.compile(r"20[0-9]{2}", re.ASCII)
_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)
_EXACT = re.compile(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,8})?", re.ASCII)


def terms(context: Context, instrument: Row, method: str = LISTING) -> Terms:
    """The terms in force for an instrument on the decision's own day.

    Raises Refusal ``parameter-not-in-force``.
    """
    said = {name: _stated(context, instrument, method, name) for name in READERS}
    return Terms(
        tick_fen=said["tick-fen"],
        lot=said["lot"],
        size_below=said["size-below"],
        band=said["band-percent"],
        best_levels=said["best-levels"],
        holding_sessions=said["holding-sessions"],
        eligible=said["eligible-roles"],
        buyer_fee=said["fee-buyer-rate"],
        seller_fee=said["fee-seller-rate"],
        fee_minimum_fen=said["fee-minimum-fen"],
        fee_rounding=said["fee-rounding"],
        close_rounding=said["close-rounding"],
    )


def methods(context: Context, venue: str) -> list[str]:
    """The trade methods that the law of the place allows a venue."""
    return _methods(parameter(context, f"{PREFIX}{venue}.methods"))


def hours(context: Context, venue: str, method: str = LISTING) -> list[Period]:
    """The minutes of the day at which a venue trades by a method."""
    return parse_hours(parameter(context, f"{PREFIX}{venue}.{method}.hours"))


def reconciliation_needed(context: Context, venue: str) -> bool:
    """Whether a venue opens only when the trading day before has been reconciled.

    Off where nothing is stated.
    """
    return in_force(context, f"{PREFIX}{venue}.reconciliation") == NEEDED


def trades_on(context: Context, venue: str, day: date) -> bool:
    """Whether a day is a trading day (交易日): on the venue's weekdays and not a stated closure.

    Closures are stated by year; make-up workdays (调休) are none of the exchange's, so the
    calendar of working days (工作日) is another.
    """
    if day.isoweekday() not in _weekdays(parameter(context, f"{PREFIX}{venue}.weekdays")):
        return False
    stated = in_force(context, f"{PREFIX}{venue}.closed.{day.year}")
    return stated is None or f"{day:%m%d}" not in parse_days(stated)


def check_rule(context: Context, params: Mapping[str, Any]) -> None:
    """Refuse a parameter of the exchange that no rule would read, or not as it stands.

    Raises Refusal ``rule-unknown`` or ``rule-malformed``.
    """
    code = params["code"]
    if not code.startswith(PREFIX):
        return
    _, _, rest = code.removeprefix(PREFIX).partition(".")
    method, _, name = rest.partition(".")
    reader = VENUE_READERS.get(method)
    if method in METHODS:
        reader = parse_hours if name == "hours" else READERS.get(name)
    elif name and not (method == "closed" and _YEAR.fullmatch(name)):
        reader = None
    if reader is None:
        raise Refusal("rule-unknown", field="code", parameter=code)
    try:
        reader(params["value"])
    except ValueError as error:
        raise Refusal("rule-malformed", field="value", parameter=code) from error


def _stated(context: Context, instrument: Row, method: str, name: str) -> Any:
    stated = in_force(context, f"{PREFIX}{instrument['instrument']}.{method}.{name}")
    if stated is None:
        stated = parameter(context, f"{PREFIX}{instrument['venue']}.{method}.{name}")
    return READERS[name](stated)


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


def _roles(text: str) -> frozenset[str]:
    roles = frozenset(text.split(","))
    if not roles <= set(ROLES):
        raise ValueError(text)
    return roles


def _methods(text: str) -> list[str]:
    methods = text.split(",")
    if not set(methods) <= METHODS:
        raise ValueError(text)
    return methods


def _needed(text: str) -> bool:
    if text not in (NEEDED, NOT_NEEDED):
        raise ValueError(text)
    return text == NEEDED


READERS: Mapping[str, Callable[[str], Any]] = {
    "tick-fen": _positive,
    "lot": _positive,
    "size-below": _positive,
    "band-percent": _percent,
    "best-levels": _positive,
    "holding-sessions": _whole,
    "eligible-roles": _roles,
    "fee-buyer-rate": _share,
    "fee-seller-rate": _share,
    "fee-minimum-fen": _whole,
    "fee-rounding": _mode,
    "close-rounding": _mode,
}
"""The rules of an instrument and method, and how each is read."""
VENUE_READERS: Mapping[str, Callable[[str], Any]] = {
    "methods": _methods,
    "weekdays": _weekdays,
    "closed": parse_days,
    "reconciliation": _needed,
}
