"""The record of an evaluation: which expression came to which value, from what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from incentives.rules.values import Value


class Trace(NamedTuple):
    """One expression with its value, the names it read and the parts it was made of."""

    text: str
    value: Value
    inputs: tuple[tuple[str, Value], ...] = ()
    parts: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a value is from a threshold: numbers, or days whose difference is in days."""

    text: str
    op: str
    value: Fraction | date
    threshold: Fraction | date

    @property
    def difference(self) -> Fraction:
        """The left side less the right side; zero stands exactly at the threshold."""
        if isinstance(self.value, date) and isinstance(self.threshold, date):
            return Fraction((self.value - self.threshold).days)
        if isinstance(self.value, Fraction) and isinstance(self.threshold, Fraction):
            return self.value - self.threshold
        raise TypeError("kinds are checked when a rule is read")
