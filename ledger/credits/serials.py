"""Contiguous inclusive blocks of serial numbers, and how they are written.

A unit's serial is ``BATCH-NUMBER``, a block's is ``BATCH-FIRST-LAST``.  Blocks of a batch
stay disjoint and cover it through any split; adjacent blocks of one account merge.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from operator import itemgetter

Span = tuple[int, int]


def take_lowest(spans: Iterable[Span], quantity: int) -> tuple[list[Span], list[Span]]:
    """Split sorted spans into the lowest ``quantity`` units and the rest.

    Raises ValueError where the spans hold fewer units.
    """
    taken: list[Span] = []
    rest: list[Span] = []
    missing = quantity
    for first, last in spans:
        size = last - first + 1
        if missing >= size:
            taken.append((first, last))
            missing -= size
        elif missing:
            taken.append((first, first + missing - 1))
            rest.append((first + missing, last))
            missing = 0
        else:
            rest.append((first, last))
    if missing:
        raise ValueError(f"{missing} units short")
    return taken, rest


def merge(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans with adjacent ones joined.

    Raises ValueError where two overlap.
    """
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            raise ValueError(f"blocks overlap at {first}")
        if merged and first == merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return merged


def split(spans: Iterable[Span], marks: Iterable[Span]) -> tuple[list[Span], list[Span]]:
    """What of sorted, disjoint spans lies outside and what inside of sorted, disjoint marks."""
    outside: list[Span] = []
    inside: list[Span] = []
    marked = list(marks)
    for first, last in spans:
        begin = first
        for low, high in marked[bisect_left(marked, first, key=itemgetter(1)) :]:
            if low > last:
                break
            if begin < low:
                outside.append((begin, low - 1))
            inside.append((max(first, low), min(last, high)))
            begin = high + 1
        if begin <= last:
            outside.append((begin, last))
    return outside, inside


def count(spans: Iterable[Span]) -> int:
    """Units in the spans."""
    return sum(last - first + 1 for first, last in spans)


def format_block(batch: str, span: Span) -> str:
    """The text of a block."""
    return f"{batch}-{span[0]}-{span[1]}"


def parse_serial(text: str) -> tuple[str, int]:
    """Batch and number of a unit's serial; raises ValueError for anything else."""
    batch, _, number = text.rpartition("-")
    canonical = number.isascii() and number.isdigit() and not number.startswith("0")
    if not batch or not canonical or len(number) > 16:
        raise ValueError("serial-malformed")
    return batch, int(number)
