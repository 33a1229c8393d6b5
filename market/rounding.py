"""Exact fractions to whole fen, by a rule that is named in the record."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

MODES = ("half-up", "up", "down")


def rounded(value: Fraction, mode: str) -> int:
    """A fraction that is not negative as a whole number; raises ValueError for another mode."""
    if mode == "half-up":
        return floor(value + Fraction(1, 2))
    if mode == "up":
        return ceil(value)
    if mode == "down":
        return floor(value)
    raise ValueError(mode)
