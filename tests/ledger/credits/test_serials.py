"""Blocks of serials stay disjoint and keep their sum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.credits.serials import count, merge, parse_serial, take_lowest


@st.composite
def spans(draw: st.DrawFn) -> list[tuple[int, int]]:
    cursor, drawn = 1, []
    for gap, size in draw(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)))):
        cursor += gap
        drawn.append((cursor, cursor + size - 1))
        cursor += size
    return drawn


def test_splitting_1_to_100_at_25_gives_25_and_75_units() -> None:
    assert take_lowest([(1, 100)], 25) == ([(1, 25)], [(26, 100)])


def test_adjacent_blocks_merge() -> None:
    assert merge([(26, 100), (1, 25), (102, 103)]) == [(1, 100), (102, 103)]


def test_overlapping_blocks_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap at 25"):
        merge([(1, 25), (25, 30)])


@given(spans(), st.data())
def test_taking_and_giving_back_restores_the_blocks(
    held: list[tuple[int, int]], data: st.DataObject
) -> None:
    quantity = data.draw(st.integers(0, count(held)))
    taken, rest = take_lowest(held, quantity)
    assert count(taken) == quantity
    assert merge([*taken, *rest]) == merge(held)
    assert not taken or not rest or taken[-1][1] < rest[0][0]


@given(spans())
def test_more_than_the_blocks_hold_is_an_error(held: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="short"):
        take_lowest(held, count(held) + 1)


@pytest.mark.parametrize("text", ["", "B", "B-", "B-0", "B-01", "B-x", "-1", "B-１", "B-1_0"])
def test_other_forms_are_no_serial(text: str) -> None:
    with pytest.raises(ValueError, match="serial-malformed"):
        parse_serial(text)


def test_a_serial_is_batch_and_number() -> None:
    assert parse_serial("ZJ_FS-R1-2024-17") == ("ZJ_FS-R1-2024", 17)
