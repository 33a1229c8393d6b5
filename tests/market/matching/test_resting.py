"""A book rebuilt from rows is the same book."""

from __future__ import annotations

import random

import pytest

from market.matching.book import Book
from market.matching.kinds import Kind, Resting
from market.matching.resting import restored

BUY, SELL = True, False


def grown(count: int) -> Book:
    """A book after so many random orders and cancels, of five owners and six expiries."""
    rng, made = random.Random(4), Book()
    for number in range(count):
        buys = rng.random() < 0.5
        price = rng.randint(90, 104) if buys else rng.randint(97, 110)
        until = rng.choice([None, 10, 20, 30, 40, 50])
        owner = rng.choice("abcde")
        made.submit(str(number), buys, price, rng.randint(1, 20), owner=owner, until=until)
        made.cancel(str(rng.randrange(count)))
    return made


@pytest.mark.parametrize("order", ["priority", "arrival"])
def test_a_restored_book_does_what_the_first_does(order: str) -> None:
    first = grown(400)
    rows = first.resting()
    arrived = rows if order == "priority" else sorted(rows, key=lambda row: int(row.id))
    second = restored(arrived)
    assert second.resting() == rows
    assert second.expiring(40) == first.expiring(40) != []
    for made in (first, second):
        made.trades.clear()
        made.prevented.clear()
        made.submit("t", BUY, None, 60, Kind.MARKET, "a")
        made.submit("u", SELL, 95, 60, owner="z")
    assert second.trades == first.trades != []
    assert second.cancel_all("b") == first.cancel_all("b") != []
    assert second.resting() == first.resting()


def test_a_row_has_all_that_matters() -> None:
    rows = [Resting("a", BUY, 9, 4, "x", 7), Resting("b", SELL, 10, 5)]
    assert restored(rows).resting() == rows


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("a", BUY, 10, 1), ("b", SELL, 10, 1)], "book-crossed"),
        ([("a", SELL, 10, 1), ("b", BUY, 11, 1)], "book-crossed"),
        ([("a", BUY, 10, 1), ("a", BUY, 9, 1)], "order-resting"),
        ([("a", BUY, 10, 0)], "quantity-not-positive"),
        ([("a", BUY, 21, 1)], "price-outside"),
    ],
)
def test_rows_that_no_book_can_have_are_refused(
    rows: list[tuple[str, bool, int, int]], code: str
) -> None:
    with pytest.raises(ValueError, match=code):
        restored([Resting(*row) for row in rows], range(1, 21))
