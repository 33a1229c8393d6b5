"""The stream is the one that is described, and its trades those that other engines found."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from portal.bench.books import ours
from portal.bench.stream import Generator, Message, digest, read, written

STREAM = "55071d0cdde969976b809804fbde773e2022f8c44ff4a4ead0f57666c627f356"
TRADES = "4152c0252cfa100992417b6732f5bc0b69d0be837ad9ab4c4a039829393528d1"


@pytest.fixture(scope="module")
def generated() -> tuple[Generator, list[Message]]:
    generator = Generator()
    return generator, generator.messages()


def test_the_stream_is_the_published_one(generated: tuple[Generator, list[Message]]) -> None:
    _, messages = generated
    text = written(messages)
    assert hashlib.sha256(text.encode()).hexdigest() == STREAM
    assert Counter(message.op for message in messages) == {"A": 119_962, "C": 49_871, "M": 30_167}
    assert read(text) == messages


def test_its_trades_are_the_published_ones(generated: tuple[Generator, list[Message]]) -> None:
    book = generated[0].book
    assert digest(book.trades) == TRADES
    assert sum(quantity for *_, quantity in book.trades) == 2_990_803
    assert (len(book), book.best(True), book.best(False)) == (11_073, 9_987, 9_994)
    assert (len(book.depth(True, 999)), len(book.depth(False, 999))) == (113, 196)


def test_owners_and_band_change_nothing_on_it(generated: tuple[Generator, list[Message]]) -> None:
    assert digest(ours(generated[1])[1]) == TRADES


@pytest.mark.parametrize(("rows", "trades"), [(2_000, 538), (5_000, 1_491), (10_000, 3_074)])
def test_its_beginnings_trade_as_published(rows: int, trades: int) -> None:
    generator = Generator()
    generator.messages(rows)
    assert len(generator.book.trades) == trades
