"""The order file of ``market auction``."""

from __future__ import annotations

import pytest

from market.auctions.call import Bid
from market.auctions.orders import read_orders
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
