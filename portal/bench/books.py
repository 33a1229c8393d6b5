"""Order books on one stream: ours and what the package registry publishes, each with its own API.

``python -m portal.bench.books NAME STREAM PASSES ROWS`` times one in a process of its own and
prints JSON: seconds a pass, digest of the trades, what they were. Only the loop over messages is
timed; turning trades into one form is not.  Garbage collection is off for all alike.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from market.matching.book import Book
from market.matching.kinds import Kind, Trade
from portal.bench.stream import Message, digest, read

BAND = range(9_000, 11_001)
Run = tuple[float, list[Trade]]


def ours(messages: Sequence[Message]) -> Run:
    """Everything is on: band, owners, prevention of self-trades.

    Thirty-two owners buy and thirty-two sell, so that the check is made and never strikes: the
    stream's trades are those of strangers.
    """
    rows = [(*message, f"{'bs'[message.buys]}{int(message.id) % 32}") for message in messages]
    book, limit = Book(BAND), Kind.LIMIT
    submit, cancel = book.submit, book.cancel
    start = time.perf_counter()
    for op, id, buys, price, quantity, owner in rows:
        if op == "C":
            cancel(id)
        else:
            submit(id, buys, price, quantity, limit, owner)
    return time.perf_counter() - start, book.trades


def pyorderbook(messages: Sequence[Message]) -> Run:
    """Decimal prices and a UUID an order."""
    book = import_module("pyorderbook.book").Book()
    module = import_module("pyorderbook.order")
    bid, ask = module.bid, module.ask
    placed: dict[str, Any] = {}
    found = []
    start = time.perf_counter()
    for op, id, buys, price, quantity in messages:
        if op == "C":
            book.cancel(placed[id])
        else:
            order = placed[id] = (bid if buys else ask)("X", price, quantity)
            found.append(book.match(order).trades)
    took = time.perf_counter() - start
    names = {order.id: id for id, order in placed.items()}
    return took, [
        (
            names[trade.incoming_order_id],
            names[trade.standing_order_id],
            int(trade.fill_price),
            trade.fill_quantity,
        )
        for trades in found
        for trade in trades
    ]


def lightmatchingengine(messages: Sequence[Message]) -> Run:
    """It numbers orders itself, from 1 as the stream does."""
    engine = import_module("lightmatchingengine.lightmatchingengine").LightMatchingEngine()
    found = []
    start = time.perf_counter()
    for op, id, buys, price, quantity in messages:
        if op == "C":
            engine.cancel_order(int(id), "X")
        else:
            found.append(engine.add_order("X", price, quantity, 1 if buys else 2))
    took = time.perf_counter() - start
    return took, [
        (str(order.order_id), str(trade.order_id), trade.trade_price, trade.trade_qty)
        for order, trades in found
        for trade in trades
        if trade.order_id != order.order_id
    ]


def order_matching(messages: Sequence[Message]) -> Run:
    """Its work grows with the book: only for short streams."""
    package = "order_matching."
    engine = import_module(package + "matching_engine").MatchingEngine(seed=1)
    limit, orders = import_module(package + "order").LimitOrder, import_module(package + "orders")
    side = import_module(package + "enums").Side
    import_module("loguru").logger.remove()
    at, moment = datetime(2026, 1, 1), timedelta(microseconds=1)
    found = []
    start = time.perf_counter()
    for op, id, buys, price, quantity in messages:
        at += moment
        if op == "C":
            engine.cancel_order(id)
            continue
        way = side.BUY if buys else side.SELL
        order = limit(side=way, price=price, size=quantity, timestamp=at, order_id=id, trader_id=id)
        engine.place(orders.Orders([order]))
        found.append(engine.match(timestamp=at).trades)
    took = time.perf_counter() - start
    return took, [
        (trade.incoming_order_id, trade.book_order_id, int(trade.price), int(trade.size))
        for trades in found
        for trade in trades
    ]


ENGINES: dict[str, Callable[[Sequence[Message]], Run]] = {
    "qingzhang": ours,
    "pyorderbook": pyorderbook,
    "lightmatchingengine": lightmatchingengine,
    "order_matching": order_matching,
}


def installed(name: str) -> bool:
    """Whether a book can be run here (make setup-bench)."""
    return name == "qingzhang" or find_spec(name) is not None


def passes(name: str, messages: Sequence[Message], count: int) -> dict[str, Any]:
    """Seconds of so many passes, each through a fresh book, and the digest of the trades."""
    seconds = []
    trades: list[Trade] = []
    for _ in range(count):
        gc.collect()
        gc.disable()
        took, trades = ENGINES[name](messages)
        gc.enable()
        seconds.append(took)
    return {"seconds": seconds, "trades": len(trades), "digest": digest(trades)}


if __name__ == "__main__":
    stream = read(Path(sys.argv[2]).read_text())[: int(sys.argv[4])]
    print(json.dumps(passes(sys.argv[1], stream, int(sys.argv[3]))))
