"""Ranges of foreign serials cut at fixed borders, so that a neighbour is found without a search.

A scope (the numbers that a registry counts within) may hold hundreds of thousands of blocks.
Each block is kept as one piece a cell, and what it could touch stands in the same cells.
"""

from __future__ import annotations

from collections.abc import Iterator

CELL_BITS = 18
PIECES_MAX = 8_192
"""The widest block that is taken: 8,192 cells of 262,144 units, above two thousand million."""

Piece = tuple[int, int, int]
"""(cell, first, last)"""


def cell_of(number: int) -> int:
    """The cell in which a number stands."""
    return number >> CELL_BITS


def too_wide(first: int, last: int) -> bool:
    """Whether a range would be cut into more than PIECES_MAX pieces."""
    return cell_of(last) - cell_of(first) >= PIECES_MAX


def pieces(first: int, last: int) -> Iterator[Piece]:
    """Cut an inclusive range at the borders of its cells."""
    for cell in range(cell_of(first), cell_of(last) + 1):
        start = cell << CELL_BITS
        yield cell, max(first, start), min(last, start + (1 << CELL_BITS) - 1)
