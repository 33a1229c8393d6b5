"""Exact fractions to whole fen, by a rule that is named in the record."""

from __future__ import annotations

from fractions import Fraction

MODES = ("half-up", "up", "down")


def rounded(value: Fraction, mode: str) -> int:
    """A fraction that is not negative as a whole number; raises ValueError for another mode."""
    return quotient(value.numerator, value.denominator, mode)


def quotient(numerator: int, denominator: int, mode: str) -> int:
    """The same of a quotient of whole numbers, without making a fraction of it."""
    if mode == "half-up":
        return (2 * numerator + denominator) // (2 * denominator)
    if mode == "up":
        return -(-numerator // denominator)
    if mode == "down":
        return numerator // denominator
    raise ValueError(mode)
