"""The continuous core: each kind of order, and any stream against a book kept as plain lists."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.matching.book import SPARE, Book, Kind, SelfTrade

BUY, SELL = True, False


def book(*orders: tuple[str, bool, int, int], owner: str | None = None) -> Book:
    made = Book()
    for id, buys, price, quantity in orders:
        made.submit(id, buys, price, quantity, owner=owner)
    return made


def test_price_comes_before_time_and_time_before_all_else() -> None:
    made = book(("a", SELL, 11, 5), ("b", SELL, 10, 5), ("c", SELL, 10, 5))
    assert made.submit("t", BUY, 11, 12) == 0
    assert made.trades == [("t", "b", 10, 5), ("t", "c", 10, 5), ("t", "a", 11, 2)]
    assert made.depth(SELL, 5) == [(11, 3, 1)]


def test_what_is_left_of_a_limit_rests_at_its_own_price() -> None:
    made = book(("a", BUY, 10, 5))
    assert made.submit("t", SELL, 9, 8) == 3
    assert made.trades == [("t", "a", 10, 5)]
    assert (made.best(BUY), made.best(SELL)) == (None, 9)


def test_what_a_market_order_cannot_fill_is_gone() -> None:
    made = book(("a", SELL, 10, 5))
    assert made.submit("t", BUY, None, 8, Kind.MARKET) == 0
    assert made.trades == [("t", "a", 10, 5)]
    assert len(made) == 0
    assert made.submit("u", BUY, None, 8, Kind.MARKET) == 0


def test_immediate_or_cancel_keeps_nothing() -> None:
    made = book(("a", SELL, 10, 5), ("b", SELL, 12, 5))
    assert made.submit("t", BUY, 11, 8, Kind.IMMEDIATE) == 0
    assert (made.trades, "t" in made) == ([("t", "a", 10, 5)], False)


@pytest.mark.parametrize(("quantity", "traded"), [(10, 2), (11, 0)])
def test_fill_or_kill_is_whole_or_nothing(quantity: int, traded: int) -> None:
    made = book(("a", SELL, 10, 5), ("b", SELL, 11, 5), ("c", SELL, 12, 5))
    made.submit("t", BUY, 11, quantity, Kind.FILL_OR_KILL)
    assert len(made.trades) == traded


def test_post_only_never_takes() -> None:
    made = book(("a", SELL, 10, 5))
    assert made.submit("t", BUY, 10, 1, Kind.POST_ONLY) == 0
    assert made.submit("u", BUY, 9, 1, Kind.POST_ONLY) == 1
    assert made.trades == []


def test_market_to_limit_takes_the_best_price_and_rests_there() -> None:
    made = book(("a", SELL, 10, 5), ("b", SELL, 11, 5))
    assert made.submit("t", BUY, None, 8, Kind.MARKET_TO_LIMIT) == 3
    assert made.trades == [("t", "a", 10, 5)]
    assert made.best(BUY) == 10
    assert Book().submit("t", BUY, None, 8, Kind.MARKET_TO_LIMIT) == 0


def test_a_reduced_order_keeps_its_place_and_a_replaced_one_loses_it() -> None:
    made = book(("a", SELL, 10, 5), ("b", SELL, 10, 5))
    assert made.reduce("a", 3)
    assert made.depth(SELL, 1) == [(10, 7, 2)]
    made.submit("t", BUY, 10, 1)
    assert made.replace("a", 10, 1)
    made.submit("u", BUY, 10, 1)
    assert [trade[1] for trade in made.trades] == ["a", "b"]
    assert made.reduce("b", 99)
    assert "b" not in made


def test_a_replaced_order_may_trade() -> None:
    made = book(("a", SELL, 12, 5), ("b", BUY, 10, 2))
    made.replace("a", 10, 5)
    assert made.trades == [("a", "b", 10, 2)]


def test_an_unknown_id_does_nothing_and_a_resting_one_is_not_spent_twice() -> None:
    made = book(("a", SELL, 10, 5))
    assert not made.cancel("x") and not made.reduce("x", 1) and not made.replace("x", 1, 1)
    with pytest.raises(ValueError, match="order-resting"):
        made.submit("a", BUY, 1, 1)
    assert made.cancel("a")
    assert made.submit("a", BUY, 1, 1) == 1


def test_cancel_all_takes_one_owners_orders_alone() -> None:
    made = book(("a", SELL, 10, 5), ("b", BUY, 9, 5), owner="x")
    made.submit("c", SELL, 10, 5, owner="y")
    assert made.cancel_all("x") == ["a", "b"]
    assert made.depth(SELL, 1) == [(10, 5, 1)]


@pytest.mark.parametrize(
    ("rule", "trades", "left"),
    [
        (SelfTrade.NEWEST, [("t", "a", 9, 1)], {"own", "c"}),
        (SelfTrade.OLDEST, [("t", "a", 9, 1), ("t", "c", 10, 2)], {"c"}),
        (SelfTrade.BOTH, [("t", "a", 9, 1)], {"c"}),
    ],
)
def test_an_owner_does_not_trade_with_itself(
    rule: SelfTrade, trades: list[object], left: set[str]
) -> None:
    made = book(("a", SELL, 9, 1))
    made.submit("own", SELL, 10, 5, owner="x")
    made.submit("c", SELL, 10, 5, owner="y")
    made.submit("t", BUY, 10, 3, owner="x", self_trade=rule)
    assert made.trades == trades
    assert {id for id in ("a", "own", "c", "t") if id in made} == left


@pytest.mark.parametrize(("rule", "filled"), [(SelfTrade.NEWEST, 0), (SelfTrade.OLDEST, 3)])
def test_fill_or_kill_counts_what_it_would_get_past_its_owners_orders(
    rule: SelfTrade, filled: int
) -> None:
    made = book(("a", SELL, 9, 1))
    made.submit("own", SELL, 10, 5, owner="x")
    made.submit("c", SELL, 10, 5, owner="y")
    made.submit("t", BUY, 10, 3, Kind.FILL_OR_KILL, "x", rule)
    assert sum(quantity for *_, quantity in made.trades) == filled


def test_cancelled_orders_leave_no_memory_behind() -> None:
    made = book(("keep", BUY, 1, 1), ("also", BUY, 500, 1))
    for number in range(2_000):
        made.submit("x", BUY, 1 + number % 400, 1)
        made.submit("y", BUY, 500, 1)
        made.cancel("x")
        made.cancel("y")
    half = made._buyers
    assert len(made) == 2
    assert len(half.heap) == len(half.known) <= 2 * len(half.levels) + SPARE
    assert all(len(lv.queue) <= 2 * lv.live + SPARE + 1 for lv in half.levels.values())


@dataclass
class Waiting:
    id: str
    buys: bool
    price: int
    left: int


class Plain:
    """The same rules kept as one list in the order of arrival; slow and plain to see."""

    def __init__(self) -> None:
        self.resting: list[Waiting] = []
        self.trades: list[tuple[str, str, int, int]] = []

    def submit(self, id: str, buys: bool, price: int | None, quantity: int) -> None:
        sign = 1 if buys else -1
        others = [order for order in self.resting if order.buys != buys]
        for order in sorted(others, key=lambda o: sign * o.price):
            if not quantity or (price is not None and sign * order.price > sign * price):
                break
            part = min(quantity, order.left)
            self.trades.append((id, order.id, order.price, part))
            quantity -= part
            self.reduce(order.id, part)
        if quantity and price is not None:
            self.resting.append(Waiting(id, buys, price, quantity))

    def reduce(self, id: str, quantity: int) -> None:
        for order in [o for o in self.resting if o.id == id]:
            order.left -= quantity
            if order.left <= 0:
                self.resting.remove(order)


actions = st.lists(
    st.tuples(
        st.sampled_from(["limit", "limit", "limit", "market", "cancel", "reduce"]),
        st.integers(0, 30),
        st.booleans(),
        st.integers(95, 105),
        st.integers(1, 20),
    ),
    max_size=60,
)


@given(actions)
def test_any_stream_trades_as_in_plain_lists_and_never_crosses(
    stream: list[tuple[str, int, bool, int, int]],
) -> None:
    made, plain = Book(), Plain()
    for number, (action, target, buys, price, quantity) in enumerate(stream):
        if action == "limit":
            made.submit(str(number), buys, price, quantity)
            plain.submit(str(number), buys, price, quantity)
        elif action == "market":
            made.submit(str(number), buys, None, quantity, Kind.MARKET)
            plain.submit(str(number), buys, None, quantity)
        else:
            taken = quantity if action == "reduce" else 10**9
            made.reduce(str(target), taken)
            plain.reduce(str(target), taken)
        assert made.trades == plain.trades
        bid, ask = made.best(True), made.best(False)
        assert bid is None or ask is None or bid < ask
    assert len(made) == len(plain.resting)
    for side in (True, False):
        total = sum(order.left for order in plain.resting if order.buys is side)
        assert sum(quantity for _, quantity, _ in made.depth(side, 99)) == total


def published_stream() -> tuple[str, Book]:
    """The stream of 200,000 messages whose trades five other engines agree on.

    Its generator is described in words with these digests; `live` keeps ids in the places that
    the description gives them.
    """
    rng = random.Random(20261122)
    made, rows = Book(), ["op,id,side,price,qty"]
    live: list[str] = []
    place: dict[str, int] = {}
    middle, count, seen = 10_000.0, 0, 0

    def drop(id: str) -> None:
        hole, last = place.pop(id), live.pop()
        if last != id:
            live[hole], place[last] = last, hole

    def submit(kind: str, buys: bool, price: int, quantity: int) -> None:
        nonlocal count, seen
        count += 1
        rows.append(f"{kind},{count},{'B' if buys else 'S'},{price},{quantity}")
        rests = made.submit(str(count), buys, price, quantity)
        for _, maker, _, _ in made.trades[seen:]:
            if maker not in made and maker in place:
                drop(maker)
        seen = len(made.trades)
        if rests:
            place[str(count)] = len(live)
            live.append(str(count))

    while len(rows) <= 200_000:
        middle += rng.gauss(0, 0.35)
        chance = rng.random()
        if chance < 0.60:
            buys = rng.random() < 0.5
            offset = rng.randint(1, 50)
            price = int(middle) - offset if buys else int(middle) + offset
            submit("A", buys, price, rng.randint(1, 100))
        elif chance < 0.85:
            if live:
                id = live[rng.randrange(len(live))]
                rows.append(f"C,{id},,0,0")
                made.cancel(id)
                drop(id)
        else:
            buys = rng.random() < 0.5
            best = made.best(not buys)
            if best is not None:
                price = best + rng.randint(0, 5) if buys else best - rng.randint(0, 5)
                submit("M", buys, price, rng.randint(1, 200))
    return "\n".join(rows) + "\n", made


def test_the_published_stream_gives_the_published_trades() -> None:
    stream, made = published_stream()
    told = "\n".join(",".join(map(str, trade)) for trade in made.trades)
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in (stream, told)]
    assert digests == [
        "55071d0cdde969976b809804fbde773e2022f8c44ff4a4ead0f57666c627f356",
        "4152c0252cfa100992417b6732f5bc0b69d0be837ad9ab4c4a039829393528d1",
    ]
    assert (len(made.trades), len(made), made.best(True), made.best(False)) == (
        88_519,
        11_073,
        9_987,
        9_994,
    )
