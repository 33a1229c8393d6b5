"""The stream of 200,000 messages that every book is run on, made from its description.

Three fifths of it are new limit orders, a quarter cancels, the rest limit orders that take.
Its digests and those of its trades are held by a test; other engines agree on the trades.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from market.matching.book import Book
from market.matching.kinds import Trade

SEED, ROWS = 20261122, 200_000
HEADER = "op,id,side,price,qty"


class Message(NamedTuple):
    """One row: an add (A), a taking order (M) or a cancel (C, without side, price, quantity)."""

    op: str
    id: str
    buys: bool
    price: int
    quantity: int

    @property
    def line(self) -> str:
        """The row as it stands in the file."""
        if self.op == "C":
            return f"C,{self.id},,0,0"
        return f"{self.op},{self.id},{'B' if self.buys else 'S'},{self.price},{self.quantity}"


class _Live:
    """Ids that rest, in the places that the description gives them."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self._places: dict[str, int] = {}

    def add(self, id: str) -> None:
        self._places[id] = len(self.ids)
        self.ids.append(id)

    def drop(self, id: str) -> None:
        """The last takes the place of the one that goes."""
        place, last = self._places.pop(id), self.ids.pop()
        if last != id:
            self.ids[place], self._places[last] = last, place


class Generator:
    """Makes messages and keeps the book that they lead to."""

    def __init__(self) -> None:
        self.book = Book()
        self._live = _Live()
        self._rng = random.Random(SEED)
        self._count = 0

    def messages(self, rows: int = ROWS) -> list[Message]:
        """So many messages from the beginning."""
        made: list[Message] = []
        middle = 10_000.0  # a random walk; only its whole part becomes a price
        rng = self._rng
        while len(made) < rows:
            middle += rng.gauss(0, 0.35)
            made.extend(self._next(rng, rng.random(), int(middle)))
        return made

    def _next(self, rng: random.Random, chance: float, middle: int) -> Iterator[Message]:
        if chance < 0.60:
            buys = rng.random() < 0.5
            offset = rng.randint(1, 50)
            price = middle - offset if buys else middle + offset
            yield self._order("A", buys, price, rng.randint(1, 100))
        elif chance < 0.85:
            if self._live.ids:
                id = self._live.ids[rng.randrange(len(self._live.ids))]
                self.book.cancel(id)
                self._live.drop(id)
                yield Message("C", id, False, 0, 0)
        else:
            buys = rng.random() < 0.5
            best = self.book.best(not buys)
            if best is not None:
                price = best + rng.randint(0, 5) if buys else best - rng.randint(0, 5)
                yield self._order("M", buys, price, rng.randint(1, 200))

    def _order(self, op: str, buys: bool, price: int, quantity: int) -> Message:
        self._count += 1
        id, seen = str(self._count), len(self.book.trades)
        rests = self.book.submit(id, buys, price, quantity)
        for _, maker, _, _ in self.book.trades[seen:]:
            if maker not in self.book:
                self._live.drop(maker)
        if rests:
            self._live.add(id)
        return Message(op, id, buys, price, quantity)


def written(messages: Iterable[Message]) -> str:
    """The file."""
    return "\n".join([HEADER, *(message.line for message in messages)]) + "\n"


def read(text: str) -> list[Message]:
    """The messages of a file that ``written`` made."""
    made = []
    for line in text.splitlines()[1:]:
        op, id, side, price, quantity = line.split(",")
        made.append(Message(op, id, side == "B", int(price or 0), int(quantity)))
    return made


def digest(trades: Sequence[Trade]) -> str:
    """SHA-256 of the trade lines joined by LF."""
    told = "\n".join(",".join(map(str, trade)) for trade in trades)
    return hashlib.sha256(told.encode()).hexdigest()
