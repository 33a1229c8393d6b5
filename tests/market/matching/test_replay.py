"""The contract of ``market replay``: actions, what does nothing, what is refused by line."""

from __future__ import annotations

import pytest

from market.errors import FileRefused
from market.matching.replay import replay

HEADER = "seq,action,order_id,side,price,quantity"


def run(*rows: str) -> list[tuple[str, str, int, int]]:
    return replay([HEADER, *rows]).trades


def test_a_stream_gives_its_trades_in_order() -> None:
    trades = run(
        "1,limit,a,sell,10,5",
        "2,limit,b,sell,10,5",
        "3,reduce,a,,,4",
        "4,cancel,b,,,",
        "5,cancel,never,,,",
        "6,reduce,never,,,3",
        "7,limit,c,sell,11,5",
        "8,market,d,buy,,9",
        "9,limit,e,sell,12,1",
        "10,limit,d,buy,12,1",
    )
    assert trades == [("d", "a", 10, 1), ("d", "c", 11, 5), ("d", "e", 12, 1)]


def test_rows_and_what_rests_are_counted() -> None:
    result = replay([HEADER, "1,limit,a,buy,10,5"])
    assert (result.rows, result.resting, result.trades) == (1, 1, [])


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ("1,limit,a,buy,10", "row-width", HEADER),
        ("1,hold,a,buy,10,1", "not-an-action", "action"),
        ("1,limit,,buy,10,1", "order-id-missing", "order_id"),
        ("1,limit,a,both,10,1", "not-a-side", "side"),
        ("1,limit,a,buy,,1", "not-an-integer", "price"),
        ("1,limit,a,buy,10.5,1", "not-an-integer", "price"),
        ("1,limit,a,buy,１０,1", "not-an-integer", "price"),
        ("1,limit,a,buy, 10,1", "not-an-integer", "price"),
        ("1,limit,a,buy,010,1", "not-an-integer", "price"),
        ("1,limit,a,buy,1e3,1", "not-an-integer", "price"),
        ("1,limit,a,buy,10,-3", "not-positive", "quantity"),
        ("1,limit,a,Buy,10,1", "not-a-side", "side"),
        ("1,market,a,,,1", "not-a-side", "side"),
        ("1,market,a,buy,,", "not-an-integer", "quantity"),
        ("1,reduce,a,,,0", "not-positive", "quantity"),
        ("1,limit,a,buy,10,1,", "row-width", HEADER),
        ("1,LIMIT,a,buy,10,1", "not-an-action", "action"),
        ("C,1,,0,0", "row-width", HEADER),
        (f"1,limit,a,buy,{'9' * 41},1", "not-an-integer", "price"),
        ("1,limit,a,buy,10,0", "not-positive", "quantity"),
        ("1,limit,a,buy,10,1_0", "not-an-integer", "quantity"),
        ("1,reduce,a,,,", "not-an-integer", "quantity"),
        ('1,limit,"a', "not-csv", "unexpected end of data"),
    ],
)
def test_a_bad_row_is_refused_by_line_and_field(row: str, code: str, field: str) -> None:
    with pytest.raises(FileRefused) as refused:
        run(row)
    assert (refused.value.code, refused.value.params["field"]) == (code, field)
    assert refused.value.params["line"] in (2, 3)


def test_fields_that_an_action_does_not_need_are_not_read() -> None:
    trades = run(
        "1,limit,a,sell,10,5",
        "2,limit,b,sell,11,5",
        "x,cancel,a,neither,0,0",
        "3,market,c,buy,1,2",
        "4,reduce,b,,0,1",
        "5,market,d,buy,0,9",
    )
    assert trades == [("c", "b", 11, 2), ("d", "b", 11, 2)]


def test_a_reduce_beyond_what_is_left_is_a_cancel_and_the_id_is_free_again() -> None:
    trades = run(
        "1,limit,a,sell,10,5",
        "2,reduce,a,,,99",
        "3,limit,a,sell,12,5",
        "4,limit,b,buy,12,5",
        "5,limit,a,buy,9,5",
        "6,market,c,sell,,5",
    )
    assert trades == [("b", "a", 12, 5), ("c", "a", 9, 5)]


def test_numbers_may_be_huge_zero_and_below() -> None:
    much = 10**30
    trades = run(
        f"1,limit,a,sell,0,{much}", "2,limit,b,sell,-5,1", f"3,limit,c,buy,{much},{much + 1}"
    )
    assert trades == [("c", "b", -5, 1), ("c", "a", 0, much)]


def test_quotes_line_ends_and_blank_lines_do_no_harm() -> None:
    lines = [HEADER + "\r\n", '"1","limit","a, b","sell","10","5"\r\n', "\r\n", "2,market,c,buy,,5"]
    assert replay(lines).trades == [("c", "a, b", 10, 5)]


def test_an_order_that_rests_is_not_entered_again() -> None:
    with pytest.raises(FileRefused, match="order-resting in line 3"):
        run("1,limit,a,buy,10,1", "2,limit,a,buy,10,1")


@pytest.mark.parametrize("lines", [[], ["seq,action"], ["a,b,c,d,e,f"]])
def test_another_header_is_refused(lines: list[str]) -> None:
    with pytest.raises(FileRefused, match="header-differs"):
        replay(lines)
