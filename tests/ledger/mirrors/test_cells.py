"""Ranges are cut at fixed borders and lose no unit."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ledger.mirrors.cells import CELL_BITS, PIECES_MAX, cell_of, pieces, too_wide

BORDER = 1 << CELL_BITS


def test_a_range_over_a_border_is_two_pieces() -> None:
    assert list(pieces(BORDER - 2, BORDER + 1)) == [
        (0, BORDER - 2, BORDER - 1),
        (1, BORDER, BORDER + 1),
    ]
    assert list(pieces(5, 5)) == [(0, 5, 5)]


def test_a_range_of_more_cells_than_the_bound_is_too_wide() -> None:
    assert not too_wide(0, PIECES_MAX * BORDER - 1)
    assert too_wide(0, PIECES_MAX * BORDER)


@given(st.integers(0, 2**40), st.integers(0, 40 * BORDER))
def test_pieces_are_adjacent_and_each_stands_in_its_cell(first: int, more: int) -> None:
    cut = list(pieces(first, first + more))
    assert (cut[0][1], cut[-1][2]) == (first, first + more)
    assert all(left[2] + 1 == right[1] for left, right in pairwise(cut))
    assert all(cell_of(low) == cell_of(high) == cell for cell, low, high in cut)
