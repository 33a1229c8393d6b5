"""The record of an evaluation: which expression came to which value, from what."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from incentives.rules.values import Value


@dataclass(frozen=True, slots=True)
class Trace:
    """One expression with its value, the names it read and the parts it was made of."""

    text: str
    value: Value
    inputs: tuple[tuple[str, Value], ...] = ()
    parts: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a value is from a threshold: `difference` is the left side less the right side."""

    text: str
    op: str
    value: Fraction
    threshold: Fraction

    @property
    def difference(self) -> Fraction:
        """The left side less the right side; zero stands exactly at the threshold."""
        return self.value - self.threshold
