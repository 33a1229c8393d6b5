"""The continuous core: each kind of order, each way out of the book, what it refuses."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from market.matching.book import Book
from market.matching.kinds import Kind, SelfTrade

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
    assert made.depth(SELL, 5) == [(11, 3)]


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
    assert made.depth(SELL, 1) == [(10, 7)]
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
    assert made.cancel_all("x") == ["b", "a"]  # buyers first
    assert made.depth(SELL, 1) == [(10, 5)]


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


def test_what_self_trade_prevention_took_out_is_told() -> None:
    made = book(("a", SELL, 10, 5), ("b", SELL, 10, 5), owner="x")
    assert made.submit("t", BUY, 10, 3, owner="x", self_trade=SelfTrade.OLDEST) == 3
    assert (made.prevented, made.trades, made.best(SELL)) == (["a", "b"], [], None)
    made.submit("u", SELL, 10, 3, owner="x", self_trade=SelfTrade.BOTH)
    assert (made.prevented, len(made)) == (["a", "b", "t"], 0)
    assert made.cancel_all("x") == []


def test_market_to_limit_does_not_follow_the_price_past_its_owners_order() -> None:
    made = book(("own", SELL, 10, 5), owner="x")
    made.submit("a", SELL, 11, 5, owner="y")
    made.submit("t", BUY, None, 3, Kind.MARKET_TO_LIMIT, "x", SelfTrade.OLDEST)
    assert (made.trades, made.best(BUY), made.best(SELL)) == ([], 10, 11)


def test_orders_end_at_their_instant_by_instant_side_and_price() -> None:
    made = Book()
    for id, buys, price, until in [
        ("late", BUY, 9, 300),
        ("low", BUY, 7, 200),
        ("high", BUY, 8, 200),
        ("sell", SELL, 12, 200),
        ("soon", SELL, 13, 100),
        ("first", BUY, 8, 100),
        ("never", BUY, 6, None),
    ]:
        made.submit(id, buys, price, 1, owner="x", until=until)
    made.submit("gone", BUY, 5, 1, until=50)
    assert made.next_expiry() == 50
    made.cancel("gone")
    assert (made.next_expiry(), made.expiring(99)) == (100, [])
    assert made.expiring(200) == ["first", "soon", "high", "low", "sell"]
    assert made.expire(200) == ["first", "soon", "high", "low", "sell"]
    assert (made.next_expiry(), [row.id for row in made.resting()]) == (300, ["late", "never"])
    made.submit("t", SELL, 9, 1)
    assert made.next_expiry() is None


def test_a_replaced_order_keeps_owner_and_expiry() -> None:
    made = Book()
    made.submit("a", SELL, 12, 5, owner="x", until=7)
    made.replace("a", 11, 4)
    assert made.resting() == [("a", SELL, 11, 4, "x", 7)]


def test_nothing_stands_outside_the_prices_or_off_the_tick() -> None:
    # A band of ±10 % around 70.75 in steps of 0.01 yuan: 63.68 to 77.82 (DOMAIN.md).
    made = Book(range(6368, 7783))
    assert made.submit("low", BUY, 6368, 1) == made.submit("high", SELL, 7782, 1) == 1
    for price in (6367, 7783):
        with pytest.raises(ValueError, match="price-outside"):
            made.submit("x", BUY, price, 1)
        with pytest.raises(ValueError, match="price-outside"):
            made.replace("low", price, 1)
    with pytest.raises(ValueError, match="price-outside"):
        Book(range(100, 201, 5)).submit("x", BUY, 103, 1, Kind.IMMEDIATE)
    assert made.left("low") == 1


def test_a_new_band_takes_out_what_stands_outside_it() -> None:
    made = book(("a", BUY, 90, 1), ("b", BUY, 95, 1), ("c", SELL, 105, 1), ("d", SELL, 111, 1))
    assert made.confine(range(95, 111)) == ["a", "d"]
    made.submit("t", BUY, None, 9, Kind.MARKET)
    assert made.trades == [("t", "c", 105, 1)]
    assert made.confine(None) == []
    assert made.submit("x", BUY, 1, 1) == 1


@pytest.mark.parametrize("emptied", [True, False])
def test_a_price_at_which_orders_stood_is_refused_under_a_new_band(emptied: bool) -> None:
    made = book(("a", BUY, 90, 1), ("b", BUY, 95, 1))
    if emptied:
        made.cancel("a")
    assert made.confine(range(95, 111)) == ([] if emptied else ["a"])
    with pytest.raises(ValueError, match="price-outside"):
        made.submit("c", BUY, 90, 1)


def test_a_price_that_was_emptied_behind_the_best_takes_orders_again() -> None:
    made = book(("a", SELL, 10, 5), ("b", SELL, 11, 5), ("c", SELL, 12, 5))
    made.cancel("b")
    assert made.depth(SELL, 3) == [(10, 5), (12, 5)]
    made.submit("d", SELL, 11, 2)
    assert made.depth(SELL, 3) == [(10, 5), (11, 2), (12, 5)]
    made.submit("t", BUY, 12, 8)
    assert made.trades == [("t", "a", 10, 5), ("t", "d", 11, 2), ("t", "c", 12, 1)]


def test_the_best_price_passes_over_those_that_were_emptied() -> None:
    made = book(("a", SELL, 10, 5), ("b", SELL, 11, 5), ("c", SELL, 12, 5))
    made.cancel("b")
    made.cancel("a")
    assert made.best(SELL) == 12
    made.submit("d", SELL, 11, 1)
    assert made.best(SELL) == 11
    made.cancel("d")
    made.cancel("c")
    assert made.best(SELL) is None


def test_emptied_prices_behind_the_best_do_not_pile_up() -> None:
    """Ten thousand prices, one after the other, behind an order that stays."""
    made = book(("best", SELL, 1, 1))
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for price in range(10, 10_010):
        made.submit("x", SELL, price, 1)
        made.cancel("x")
    kept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert kept < 64_000  # a hundred levels or so, not ten thousand
    assert made.depth(SELL, 3) == [(1, 1)]


@pytest.mark.parametrize(
    ("price", "quantity", "kind", "code"),
    [
        (10, 0, Kind.LIMIT, "quantity-not-positive"),
        (10, -5, Kind.MARKET, "quantity-not-positive"),
        (None, 5, Kind.LIMIT, "price-missing"),
        (None, 5, Kind.FILL_OR_KILL, "price-missing"),
    ],
)
def test_what_would_break_the_book_is_refused(
    price: int | None, quantity: int, kind: Kind, code: str
) -> None:
    made = book(("a", SELL, 10, 5))
    with pytest.raises(ValueError, match=code):
        made.submit("t", BUY, price, quantity, kind)
    with pytest.raises(ValueError, match="quantity-not-positive"):
        made.reduce("a", 0)
    with pytest.raises(ValueError, match="quantity-not-positive"):
        made.replace("a", 10, 0)
    assert (made.left("a"), made.trades) == (5, [])


@pytest.mark.parametrize("kind", [Kind.MARKET, Kind.MARKET_TO_LIMIT])
def test_kinds_without_a_price_do_not_look_at_one(kind: Kind) -> None:
    made = Book(range(5, 15))
    made.submit("a", SELL, 10, 5)
    made.submit("t", BUY, 3, 5, kind)
    assert made.trades == [("t", "a", 10, 5)]


def test_what_rested_leaves_no_memory_and_no_work_for_the_collector() -> None:
    """One order at each of 5,000 prices and 30,000 at one, cancelled singly, filled and by owner;
    the collector is off, so that a cycle would stay."""
    made = Book()
    gc.collect()
    gc.disable()
    try:
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for place in range(5_000):
            made.submit(f"p{place}", BUY, place, 1, owner=f"o{place % 7}")
        for place in range(30_000):
            made.submit(f"s{place}", SELL, 9_000, 1, owner="s", until=place % 9)
        peak = tracemalloc.get_traced_memory()[0] - before
        for place in range(0, 30_000, 2):
            made.cancel(f"s{place}")
        made.submit("t", BUY, 9_000, 7_000)
        assert len(made.cancel_all("s")) == 8_000
        made.submit("u", SELL, 2_500, 9_999, Kind.MARKET)
        made.trades.clear()
        made.clear()
        kept = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        assert gc.collect() == 0
    finally:
        gc.enable()
    assert len(made) == 0
    assert kept < peak // 20  # Python keeps some tuples for use again
