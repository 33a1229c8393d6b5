"""The dated rules of the exchange: parameters stated on the record, by instrument or venue.

A rule's code is ``market.SCOPE.METHOD.RULE``; the scope is an instrument's own code where the
authority has stated one for it, else its venue.  Each row carries source and confidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from ledger.parties.models import PARAMETER
from ledger.parties.parameters import business_date, in_force, parameter
from ledger.parties.working_days import parse_days
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market.calendar import Period, parse_hours
from market.readers import (
    GATED,
    LISTING,
    LOCKED,
    METHODS,
    NEEDED,
    OF_INSTRUMENT,
    OF_METHOD,
    OF_VENUE,
    RULES,
    YES,
    Reader,
    some_of,
)
from market.readers import weekdays as read_weekdays
from market.terms import Terms

PREFIX = "market."
ELSEWHERE = ("market.supervision.", "market.surveillance.")
"""Parameters that another room reads and checks (market/supervision/limits.py)."""
T = TypeVar("T")
_YEAR = re.compile(r"20[0-9]{2}", re.ASCII)
_METHODS = some_of(METHODS)


def terms(context: Context, instrument: Row, method: str = LISTING) -> Terms:
    """The terms in force for an instrument and method on the decision's own day.

    Worked out once a day, and again when a parameter changes.
    Raises Refusal ``parameter-not-in-force``.
    """
    name = ("terms", instrument["instrument"], method)
    return _once(context, name, lambda: _read(context, instrument, method))


def _read(context: Context, instrument: Row, method: str) -> Terms:
    said = {name: _stated(context, instrument, method, name) for name in RULES}
    return Terms(
        method=method,
        tick_fen=said["tick-fen"],
        lot=said["lot"],
        size_from=said["size-from"],
        size_below=said["size-below"],
        band=said["band-percent"],
        best_levels=said["best-levels"],
        holding_sessions=said["holding-sessions"],
        proceeds_sessions=said["proceeds-sessions"],
        position_limit=said["position-limit"],
        eligible=frozenset(said["eligible-roles"]),
        buyer_fee=said["fee-buyer-rate"],
        seller_fee=said["fee-seller-rate"],
        fee_minimum_fen=said["fee-minimum-fen"],
        fee_rounding=said["fee-rounding"],
        close_rounding=said["close-rounding"],
        order_kinds=frozenset(said["order-kinds"]),
        days_open=said["days-open"],
        self_trade=said["self-trade"],
        candidates=said["candidates"],
    )


def delivers_locked(context: Context, instrument: Row) -> bool:
    """Whether locked serials may be delivered: of one named batch, and only where it is stated."""
    if instrument["batch"] is None:
        return False
    return in_force(context, f"{PREFIX}{instrument['instrument']}.{LOCKED}") == YES


def methods(context: Context, venue: str) -> list[str]:
    """The trade methods that are stated for a venue.

    Raises Refusal ``parameter-not-in-force``: there is no venue of that name.
    """

    def read() -> list[str]:
        stated: list[str] = _METHODS(parameter(context, f"{PREFIX}{venue}.methods"))
        return stated

    return _once(context, ("methods", venue), read)


def _once(context: Context, name: tuple[str, ...], read: Callable[[], T]) -> T:
    """What rules alone say of the decision's own day: read once a day, or after a change."""
    known: dict[Any, T] = context.memo(PARAMETER)
    place = (*name, business_date(context.at))
    if place not in known:
        known[place] = read()
    return known[place]


def check_method(context: Context, venue: str, method: str) -> None:
    """Raise Refusal ``method-not-open``, or ``legal-basis-missing`` where the law asks for one.

    Automatic matching needs an approval in provinces of China (国发〔2011〕38号,
    国办发〔2012〕37号); which methods that means is itself a dated parameter.
    """
    _once(context, ("allowed", venue, method), lambda: _check_method(context, venue, method))


def _check_method(context: Context, venue: str, method: str) -> None:
    if method not in methods(context, venue):
        raise Refusal("method-not-open", venue=venue, method=method)
    if method in _METHODS(parameter(context, PREFIX + GATED)):
        basis = f"{PREFIX}{venue}.{method}.legal-basis"
        if in_force(context, basis) is None:
            raise Refusal("legal-basis-missing", venue=venue, method=method, parameter=basis)


def price_methods(context: Context, venue: str) -> list[str]:
    """The trade methods whose trades make a venue's closing prices."""
    stated: list[str] = _METHODS(parameter(context, f"{PREFIX}{venue}.price-methods"))
    return stated


def hours(context: Context, venue: str, method: str = LISTING) -> list[Period]:
    """The minutes of the day at which a venue trades by a method."""
    code = f"{PREFIX}{venue}.{method}.hours"
    return _once(context, ("hours", venue, method), lambda: parse_hours(parameter(context, code)))


def last_minute(context: Context, venue: str) -> int:
    """The minute of the day at which the last of a venue's methods ends."""
    return max(end for m in methods(context, venue) for _, end in hours(context, venue, m))


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
    if day.isoweekday() not in read_weekdays(parameter(context, f"{PREFIX}{venue}.weekdays")):
        return False
    stated = in_force(context, f"{PREFIX}{venue}.closed.{day.year}")
    return stated is None or f"{day:%m%d}" not in parse_days(stated)


def check_rule(context: Context, params: Mapping[str, Any]) -> None:
    """Refuse a parameter of the exchange that no rule would read, or not as it stands.

    Raises Refusal ``rule-unknown`` or ``rule-malformed``.
    """
    code = params["code"]
    if not code.startswith(PREFIX) or code.startswith(ELSEWHERE):
        return
    reader = _reader(code.removeprefix(PREFIX))
    if reader is None:
        raise Refusal("rule-unknown", field="code", parameter=code)
    try:
        reader(params["value"])
    except ValueError as error:
        raise Refusal("rule-malformed", field="value", parameter=code) from error


def _reader(path: str) -> Reader | None:
    """How the value of a rule is read, by its code without the prefix."""
    if path == GATED:
        return _METHODS
    _, _, rest = path.partition(".")
    method, _, name = rest.partition(".")
    if method in METHODS:
        rule = RULES.get(name)
        return rule.read if rule else OF_METHOD.get(name)
    if bool(name) != (method == "closed") or (name and not _YEAR.fullmatch(name)):
        return None
    return OF_VENUE.get(method) or OF_INSTRUMENT.get(method)


def _stated(context: Context, instrument: Row, method: str, name: str) -> Any:
    rule = RULES[name]
    for scope in (instrument["instrument"], instrument["venue"]):
        code = f"{PREFIX}{scope}.{method}.{name}"
        stated = in_force(context, code)
        if stated is not None:
            return rule.read(stated)
    return parameter(context, code) if rule.must_be_stated else rule.default
