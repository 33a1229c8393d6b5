"""Spans: a unit is claimed once in its scope."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.imports.spans import SpanBook


def test_neighbours_do_not_overlap() -> None:
    book = SpanBook()
    assert book.claim("a", 10, 19, 1) is None
    assert book.claim("a", 20, 29, 2) is None
    assert book.claim("a", 1, 9, 3) is None


def test_the_row_that_has_the_unit_is_named() -> None:
    book = SpanBook()
    book.claim("a", 10, 19, 1)
    assert book.claim("a", 19, 25, 2) == 1
    assert book.claim("a", 1, 10, 3) == 1
    assert book.claim("a", 12, 13, 4) == 1
    assert book.claim("a", 1, 99, 5) == 1
    assert book.claim("a", 10, 19, 6) == 1


def test_another_scope_has_its_own_numbers() -> None:
    book = SpanBook()
    book.claim("a", 10, 19, 1)
    assert book.claim("b", 10, 19, 2) is None


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 12)), max_size=30))
def test_a_book_of_ranges_is_a_set_of_units(claims: list[tuple[int, int]]) -> None:
    book, owner = SpanBook(), dict[int, int]()
    for row, (first, more) in enumerate(claims, 1):
        units = range(first, first + more + 1)
        holders = {owner[unit] for unit in units if unit in owner}
        found = book.claim("a", first, first + more, row)
        assert (found is None) == (not holders)
        if found is None:
            owner.update(dict.fromkeys(units, row))
        else:
            assert found in holders
