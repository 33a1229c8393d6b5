"""Exact numbers: read from text, rounded by a named rule, written as text again.

Nothing here passes through binary fractions: a number is a Fraction or an integer.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal

from incentives.errors import NumberRefused

Rounding = Literal["half-up", "half-even", "down", "up"]

ROUNDINGS: tuple[Rounding, ...] = ("half-up", "half-even", "down", "up")
LENGTH_MAX = 60
EXPONENT_MAX = 40
WRITTEN_BITS_MAX = 2_000
"""Some 600 digits. A decimal of so many bits has at most as many places, which can be written."""
_WHOLE = r"(?:0|[1-9][0-9]*)"
_DECIMAL = re.compile(rf"-?{_WHOLE}(?:\.[0-9]+)?(?:[eE]([+-]?[0-9]{{1,3}}))?")
_RATIO = re.compile(rf"-?{_WHOLE}/[1-9][0-9]*")


def number(value: object) -> Fraction:
    """Read an integer, or a text like 12, -0.70, 1.5e-3 or 2/37, as what it says exactly.

    Raises NumberRefused number-type (no integer or text; a flag is none), number-too-long or
    number-malformed (a sign plus, a leading zero, a bare point, anything not ASCII).
    """
    if isinstance(value, int) and not isinstance(value, bool):
        if value.bit_length() > LENGTH_MAX * 3:  # 180 bits are 54 digits
            raise NumberRefused("number-too-long", limit=LENGTH_MAX)
        return Fraction(value)
    if not isinstance(value, str):
        raise NumberRefused("number-type", found=type(value).__name__)
    if len(value) > LENGTH_MAX:
        raise NumberRefused("number-too-long", limit=LENGTH_MAX)
    if found := _DECIMAL.fullmatch(value):
        if found[1] and abs(int(found[1])) > EXPONENT_MAX:
            raise NumberRefused("number-too-long", limit=EXPONENT_MAX)
        return Fraction(value)
    if _RATIO.fullmatch(value):
        return Fraction(value)
    raise NumberRefused("number-malformed", value=value)


def text(value: Fraction | int) -> str:
    """Write a number as a plain decimal where it ends, else as a ratio of two integers.

    Raises NumberRefused number-too-long for what nobody would read, sums of many unlike ratios.
    """
    above, below = value.as_integer_ratio()
    if max(above.bit_length(), below.bit_length()) > WRITTEN_BITS_MAX:
        raise NumberRefused("number-too-long", limit=WRITTEN_BITS_MAX)
    if below == 1:
        return str(above)
    twos = fives = 0
    rest = below
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{above}/{below}"
    places = max(twos, fives)
    digits = str(abs(above) * 10**places // below).rjust(places + 1, "0")
    return f"{'-' if above < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def rounded(value: Fraction, rule: Rounding) -> int:
    """Round to an integer; half-up sends a half away from zero, down goes towards zero."""
    sign = -1 if value < 0 else 1
    whole, rest = divmod(abs(value.numerator), value.denominator)
    twice = 2 * rest
    more = {
        "half-up": twice >= value.denominator,
        "half-even": twice > value.denominator or (twice == value.denominator and whole % 2 == 1),
        "down": False,
        "up": rest > 0,
    }[rule]
    return sign * (whole + more)
