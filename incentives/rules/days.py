"""Days in rules: how one is written, and what is counted between two of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from incentives.rules.syntax import Node, Text

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def written(node: Node) -> date | None:
    """The day that a quoted text means, or None where it means none."""
    if not isinstance(node, Text) or not _WRITTEN.fullmatch(node.value):
        return None
    try:
        return date.fromisoformat(node.value)
    except ValueError:  # a day that no month has
        return None


def months(first: date, last: date) -> int:
    """Whole months from one day to another, negative where it is earlier.

    A month is whole on the day of the same number; from the 31st that is a shorter month's last
    day only where the next month begins, so that nobody gains a day.
    """
    if last < first:
        return -months(last, first)
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


OF_DAYS: Mapping[str, Callable[[Sequence[date]], Fraction]] = {
    "year": lambda given: Fraction(given[0].year),
    "days": lambda given: Fraction((given[1] - given[0]).days),
    "months": lambda given: Fraction(months(given[0], given[1])),
}
