"""Regions by the shape of their codes (GB/T 2260)."""

from __future__ import annotations


def within(code: str, above: str) -> bool:
    """Whether a region lies in another: a province's code ends in 0000, a city's in 00."""
    for pair in ("0000", "00"):
        if above.endswith(pair):
            return code.startswith(above.removesuffix(pair))
    return code == above
