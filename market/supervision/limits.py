"""The dated parameters of supervision; what is not stated is off.

``market.supervision.NAME`` bounds the acts, ``market.surveillance.DETECTOR.NAME`` is what a
detector takes for conspicuous.  Each row carries source and confidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ledger.parties.parameters import in_force, parameter
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from market.readers import Reader, percent, positive
from market.supervision.thresholds import THRESHOLDS
from market.watching.finding import Limits

ACTS, WATCH = "market.supervision.", "market.surveillance."
LARGE_QUANTITY = f"{ACTS}large-quantity"
LARGE_PERCENT = f"{ACTS}large-percent"
LARGE_DAYS = f"{ACTS}large-working-days"
RESERVE_PERCENT = f"{ACTS}reserve-percent"
READERS: Mapping[str, Reader] = {
    LARGE_QUANTITY: positive,
    LARGE_PERCENT: percent,
    LARGE_DAYS: positive,
    RESERVE_PERCENT: percent,
    **{
        f"{WATCH}{detector}.{name}": reader
        for detector, names in THRESHOLDS.items()
        for name, reader in names.items()
    },
}


def stated(context: Context, code: str) -> Any:
    """The value in force, or None where nothing is stated."""
    value = in_force(context, code)
    return None if value is None else READERS[code](value)


def needed(context: Context, code: str) -> Fraction:
    """A share in force; raises Refusal ``parameter-not-in-force``."""
    share: Fraction = READERS[code](parameter(context, code))
    return share


def limits(context: Context, detector: str) -> Limits | None:
    """The thresholds of a detector, or None where one of them is not stated: it is off."""
    found = {name: stated(context, f"{WATCH}{detector}.{name}") for name in THRESHOLDS[detector]}
    return None if None in found.values() else found


def check_limit(context: Context, event: Mapping[str, Any]) -> None:
    """Refuse a parameter that nothing would read: ``rule-unknown`` or ``rule-malformed``."""
    code = event["code"]
    if not code.startswith((ACTS, WATCH)):
        return
    if code not in READERS:
        raise Refusal("rule-unknown", field="code", parameter=code)
    try:
        READERS[code](event["value"])
    except ValueError as error:
        raise Refusal("rule-malformed", field="value", parameter=code) from error
