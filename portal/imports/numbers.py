"""Exact integers of exports: plain, with thousands commas, and identifiers that grew a ".0".

ASCII digits only, no sign, no leading zero, below 2^53 (bodies carry no larger integer). Nothing is
rounded: a fraction other than the ".0" of an identifier is refused.
"""

from __future__ import annotations

import re

from portal.imports.errors import BadValue

LIMIT = 2**53
_PLAIN = re.compile(r"0|[1-9][0-9]*")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
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


def identifier(text: str) -> str:
    """Read a numeric identifier, "308" or "308.0" (written through a float column), as "308"."""
    found = _IDENTIFIER.fullmatch(text)
    if found is None:
        raise BadValue("identifier-malformed", value=text[:40])
    return found[1]
