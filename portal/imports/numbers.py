"""Exact integers of exports: plain, with thousands commas, or grown a ".0" in a float column.

ASCII digits only, no sign, no leading zero, below 2^53 (bodies carry no larger integer). Nothing is
rounded: a fraction other than that ".0" is refused, save where a unit is stated in thousandths.
"""

from __future__ import annotations

import re

from portal.imports.errors import BadValue

LIMIT = 2**53
_PLAIN = re.compile(r"0|[1-9][0-9]*")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_DECIMAL = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]{1,3})0*)?")
_IDENTIFIER = re.compile(r"(0|[1-9][0-9]*)(\.0)?")


def _bounded(digits: str) -> int:
    # Compare lengths first: int() of an endless digit string is slow and may be refused by Python.
    if len(digits) > len(str(LIMIT)) or (value := int(digits)) >= LIMIT:
        raise BadValue("quantity-too-large", limit=LIMIT)
    return value


def count(text: str) -> int:
    """Read a plain integer of zero or more. Raises BadValue quantity-malformed, -too-large."""
    if not _PLAIN.fullmatch(text):
        raise BadValue("quantity-malformed", value=text[:40])
    return _bounded(text)


def grouped_count(text: str) -> int:
    """Read an integer of zero or more, plain or with commas at every third digit."""
    return _bounded(text.replace(",", "")) if _GROUPED.fullmatch(text) else count(text)


def _positive(value: int) -> int:
    if value == 0:
        raise BadValue("quantity-not-positive")
    return value


def quantity(text: str) -> int:
    """Read a plain integer above zero. Raises BadValue also with quantity-not-positive."""
    return _positive(count(text))


def grouped_quantity(text: str) -> int:
    """Read an integer above zero, plain or with commas at every third digit."""
    return _positive(grouped_count(text))


def decimal_count(text: str) -> int:
    """Read an integer of zero or more that a float column may have given a ".0"."""
    return count(text.removesuffix(".0"))


def decimal_quantity(text: str) -> int:
    """Read an integer above zero that a float column may have given a ".0"."""
    return _positive(decimal_count(text))


def thousandths(text: str) -> int:
    """Read a decimal of at most three places, as tonnes are stated to the kilogram, in thousandths.

    Zeros beyond the third place are not rounded away: they say nothing. Raises BadValue
    quantity-malformed, -too-large.
    """
    found = _DECIMAL.fullmatch(text)
    if found is None:
        raise BadValue("quantity-malformed", value=text[:40])
    return _bounded((found[1] + (found[2] or "").ljust(3, "0")).lstrip("0") or "0")


def identifier(text: str) -> str:
    """Read a numeric identifier, "308" or "308.0" (written through a float column), as "308"."""
    found = _IDENTIFIER.fullmatch(text)
    if found is None:
        raise BadValue("identifier-malformed", value=text[:40])
    return found[1]
