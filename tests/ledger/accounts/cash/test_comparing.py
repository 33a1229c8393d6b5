"""A file is held against the record row by row: each kind of difference, once, and no more."""

from __future__ import annotations

import pytest

from ledger.accounts.cash.comparing import Difference, Line, compare

A, B, C = Line("a", 100, "1111"), Line("b", -30, "2222"), Line("c", 50)
OURS = [A, B, C]
CLOSING = 120


def test_a_file_that_agrees_has_no_difference() -> None:
    assert compare(OURS, OURS, CLOSING, CLOSING) == []
    assert compare([], [], 0, 0) == []


def test_a_missing_a_doubled_and_a_one_fen_wrong_row_are_exactly_three() -> None:
    rows = [A, A, Line("c", 51)]
    wanted = [
        Difference("doubled", "a", 100, None, 100),
        Difference("amount", "c", 51, 50, 1),
        Difference("missing", "b", None, -30, 30),
    ]
    assert compare(rows, OURS, CLOSING, CLOSING) == wanted
    # A balance that follows the wrong rows follows from them, and is no fault of its own.
    assert compare(rows, OURS, CLOSING + 131, CLOSING) == wanted


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([A, B, C, Line("d", 7)], Difference("unknown", "d", 7, None, 7)),
        ([A, Line("b", 30, "2222"), C], Difference("amount", "b", 30, -30, 60)),
        ([Line("a", 100, "9999"), B, C], Difference("account", "a", 100, 100, 0)),
        ([Line("a", 100), B, C], None),
        ([Line("a", 99), A, B, C], Difference("doubled", "a", 99, None, 99)),
    ],
)
def test_each_kind_alone(rows: list[Line], wanted: Difference | None) -> None:
    assert compare(rows, OURS, CLOSING, CLOSING) == ([wanted] if wanted else [])


@pytest.mark.parametrize("closing", [CLOSING - 1, CLOSING + 1, 0])
def test_a_balance_that_nothing_explains_is_a_difference(closing: int) -> None:
    (found,) = compare(OURS, OURS, closing, CLOSING)
    assert found == Difference("closing", None, closing, CLOSING, closing - CLOSING)


def test_what_was_carried_from_the_day_before_is_not_said_again() -> None:
    assert compare(OURS, OURS, CLOSING + 1, CLOSING, carried_fen=1) == []
    (found,) = compare(OURS, OURS, CLOSING, CLOSING, carried_fen=1)
    assert (found.kind, found.fen) == ("closing", -1)
