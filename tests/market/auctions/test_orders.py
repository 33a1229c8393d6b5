"""The order files of ``market auction`` and ``market one-way``."""

from __future__ import annotations

import pytest

from market.auctions import one_way
from market.auctions.call import Bid
from market.auctions.orders import read_bids, read_orders
from market.errors import FileRefused

HEADER = "order_id,side,price,quantity"


def test_an_empty_price_is_a_market_order() -> None:
    lines = [HEADER, "a,buy,,5", "b,sell,10,6"]
    assert read_orders(lines) == [Bid("a", True, None, 5), Bid("b", False, 10, 6)]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (["a,buy,10,5", "a,buy,10,5"], "order-id-twice"),
        ([",buy,10,5"], "order-id-missing"),
        (["a,buy,10,0"], "not-positive"),
        (["a,buy,1e2,5"], "not-an-integer"),
        (["a,hold,10,5"], "not-a-side"),
        (["a,buy,11,5"], "price-off-tick"),
    ],
)
def test_a_bad_row_is_refused(rows: list[str], code: str) -> None:
    with pytest.raises(FileRefused, match=code):
        read_orders([HEADER, *rows], tick=5)


BIDS = "bid_id,price,quantity,least"


def test_bids_stand_in_the_order_of_the_file_and_an_empty_least_is_none() -> None:
    found = read_bids([BIDS, "a,18,60,", "b,18,70,45"])
    assert found == [one_way.Bid("a", 18, 60, 0, 0), one_way.Bid("b", 18, 70, 1, 45)]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (["a,10,10,", "a,10,10,"], "order-id-twice"),
        ([",10,10,"], "order-id-missing"),
        (["a,,10,"], "not-an-integer"),
        (["a,0,10,"], "not-positive"),
        (["a,11,10,"], "price-off-tick"),
        (["a,10,0,"], "not-positive"),
        (["a,10,9,"], "quantity-off-lot"),
        (["a,10,10,-2"], "negative"),
        (["a,10,10,3"], "bid-least"),
        (["a,10,10,12"], "bid-least"),
    ],
)
def test_a_bad_bid_is_refused(rows: list[str], code: str) -> None:
    with pytest.raises(FileRefused, match=code):
        read_bids([BIDS, *rows], tick=5, lot=2)
