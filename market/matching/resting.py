"""A book rebuilt from rows."""

from __future__ import annotations

from collections.abc import Iterable

from market.matching.book import Book
from market.matching.kinds import Kind, Resting


def restored(resting: Iterable[Resting], prices: range | None = None) -> Book:
    """The book of these orders, which stand in priority order or in the order of arrival.

    Nothing trades. Raises ValueError as ``submit`` does and ``book-crossed``.
    """
    book = Book(prices)
    for order in resting:
        # each side alone cannot trade: what would is found before it does
        best = book.best(not order.buys)
        if best is not None and (best <= order.price if order.buys else best >= order.price):
            raise ValueError("book-crossed")
        book.submit(
            order.id,
            order.buys,
            order.price,
            order.left,
            Kind.LIMIT,
            order.owner,
            until=order.until,
        )
    return book
