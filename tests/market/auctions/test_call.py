"""The call auction: worked examples, and every result against a search through all candidates."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.auctions.call import NOTHING, Bid, Candidates, Cleared, clear, fill, on_tick

LIMITS, REFERENCE, TICKS = Candidates


def bids(*orders: tuple[str, int | None, int]) -> list[Bid]:
    return [Bid(str(n), way == "buy", price, q) for n, (way, price, q) in enumerate(orders, 1)]


def result(cleared: Cleared) -> tuple[int | None, int, int]:
    return cleared.price, cleared.volume, cleared.surplus


# Examples of Deutsche Börse's market model for Xetra, chapter on price determination, with the
# figures that hroptatyr/clob (BSD-3) keeps of them in test/mmod_auction_xetra_0N.c.
FIRST = bids(
    ("sell", 200, 100),
    ("sell", 198, 300),
    ("sell", 197, 400),
    ("buy", 200, 300),
    ("buy", 196, 100),
    ("buy", 198, 300),
    ("buy", 199, 200),
)
SECOND = bids(
    ("sell", 201, 400),
    ("sell", 199, 100),
    ("sell", 198, 100),
    ("sell", 197, 300),
    ("buy", 200, 600),
    ("buy", 197, 200),
)
THIRD = bids(
    ("sell", 201, 200),
    ("sell", 198, 600),
    ("buy", 197, 400),
    ("buy", 199, 100),
    ("buy", 201, 100),
    ("buy", 202, 300),
)
FOURTH = bids(
    ("sell", 203, 100),
    ("sell", 199, 300),
    ("sell", 198, 200),
    ("buy", 197, 100),
    ("buy", 201, 200),
    ("buy", 202, 300),
)
FIFTH = bids(("sell", 202, 300), ("sell", 201, 200), ("buy", 200, 100), ("buy", 199, 400))


def test_the_largest_volume_decides_first() -> None:
    assert result(clear(FIRST)) == (198, 700, 100)


def test_buyers_pressure_takes_the_highest_price() -> None:
    assert result(clear(SECOND)) == (200, 500, 100)


def test_sellers_pressure_takes_the_lowest_price() -> None:
    assert result(clear(THIRD)) == (198, 500, -100)


@pytest.mark.parametrize(
    ("reference", "price"), [(150, 199), (199, 199), (200, 201), (202, 201), (None, 201)]
)
def test_else_the_reference_decides_and_the_higher_of_two_equally_near(
    reference: int | None, price: int
) -> None:
    assert result(clear(FOURTH, reference)) == (price, 500, 0)


def test_where_nothing_crosses_there_is_no_price() -> None:
    assert clear(FIFTH, 200) == NOTHING
    assert clear([], 200) == NOTHING
    assert clear(bids(("buy", None, 5)), 200) == NOTHING


def test_only_market_orders_trade_at_the_reference_or_not_at_all() -> None:
    orders = bids(("buy", None, 900), ("sell", None, 800))
    assert result(clear(orders, 200)) == (200, 800, 100)
    assert clear(orders) == NOTHING


@pytest.mark.parametrize(
    ("reference", "price"),
    [(7_072, 7_070), (7_073, 7_075), (7_075, 7_075), (1, 5), (7, 5), (8, 10)],
)
def test_a_reference_between_two_ticks_is_a_price_of_the_nearest(
    reference: int, price: int
) -> None:
    market = [Bid("a", True, None, 5), Bid("b", False, None, 3)]
    assert result(clear(market, reference, 5)) == (price, 3, 2)
    wide = [Bid("a", True, 8_000, 5), Bid("b", False, 5, 5)]
    assert result(clear(wide, reference, 5, REFERENCE)) == (price, 5, 0)


@pytest.mark.parametrize(
    ("price", "tick", "near"), [(7, 2, 8), (5, 2, 6), (4, 10, 10), (-7, 5, -5), (0, 5, 0)]
)
def test_the_nearest_tick_is_the_higher_of_two_and_never_nought_for_a_price(
    price: int, tick: int, near: int
) -> None:
    assert on_tick(price, tick) == near


@pytest.mark.parametrize(("candidates", "price"), [(LIMITS, 998), (REFERENCE, 1_000), (TICKS, 998)])
def test_the_reference_is_a_price_of_its_own_only_by_the_convention_that_says_so(
    candidates: Candidates, price: int
) -> None:
    orders = bids(("buy", None, 40), ("sell", 998, 40))
    assert clear(orders, 1_000, candidates=candidates).price == price


def test_a_market_order_reaches_for_every_limit_it_needs() -> None:
    orders = bids(("buy", None, 80), ("sell", 1_002, 40), ("sell", 1_004, 40))
    assert result(clear(orders, 1_000, candidates=REFERENCE)) == (1_004, 80, 0)


def test_every_tick_may_give_a_price_that_no_order_carries() -> None:
    orders = bids(("buy", 110, 10), ("sell", 90, 10))
    assert clear(orders, 103, candidates=LIMITS).price == 110
    assert clear(orders, 103, tick=5, candidates=TICKS).price == 105
    assert clear(orders, 102, tick=5, candidates=TICKS).price == 100
    assert clear(orders, 103, candidates=TICKS).price == 103


def test_a_wide_span_of_ticks_costs_no_more_than_its_orders() -> None:
    orders = bids(("buy", 10**15, 10), ("sell", 1, 10))
    assert clear(orders, 12_345, candidates=TICKS).price == 12_345


def test_fills_pair_both_sides_by_market_price_and_time() -> None:
    orders = [
        Bid("b1", True, 100, 5),
        Bid("b2", True, 101, 3),
        Bid("b3", True, None, 2),
        Bid("b4", True, 100, 9),
        Bid("s1", False, 99, 6),
        Bid("s2", False, None, 1),
        Bid("s3", False, 98, 5),
        Bid("s4", False, 102, 50),
    ]
    assert fill(orders, 100) == [
        ("b3", "s2", 1),
        ("b3", "s3", 1),
        ("b2", "s3", 3),
        ("b1", "s3", 1),
        ("b1", "s1", 4),
        ("b4", "s1", 2),
    ]


prices = st.one_of(st.none(), st.integers(18, 24).map(lambda n: n * 5))
orders_of = st.lists(
    st.builds(
        lambda buys, price, quantity: (buys, price, quantity),
        st.booleans(),
        prices,
        st.integers(1, 9),
    ),
    max_size=12,
)


def searched(
    orders: list[Bid], reference: int | None, tick: int, candidates: Candidates
) -> tuple[int | None, int, int]:
    """Every candidate one by one, by the words of the rule, all on the tick."""
    limits = sorted({order.price for order in orders if order.price is not None})
    allowed = set(limits)
    if candidates is TICKS and limits:
        allowed = set(range(limits[0], limits[-1] + 1, tick))
    if reference is not None and (candidates is REFERENCE or not limits):
        near = range(max(tick, reference // tick * tick), reference + tick + 1, tick)
        allowed.add(min(near, key=lambda p: (abs(p - reference), -p)))

    def at(price: int) -> tuple[int, int]:
        buy = sum(o.quantity for o in orders if o.buys and (o.price is None or o.price >= price))
        sell = sum(
            o.quantity for o in orders if not o.buys and (o.price is None or o.price <= price)
        )
        return min(buy, sell), buy - sell

    table = {price: at(price) for price in allowed}
    volume = max((v for v, _ in table.values()), default=0)
    if not volume:
        return None, 0, 0
    table = {p: row for p, row in table.items() if row[0] == volume}
    least = min(abs(s) for _, s in table.values())
    table = {p: row for p, row in table.items() if abs(row[1]) == least}
    surpluses = [s for _, s in table.values()]
    if all(s > 0 for s in surpluses):
        price = max(table)
    elif all(s < 0 for s in surpluses):
        price = min(table)
    elif reference is None:
        price = max(table)
    else:
        price = min(table, key=lambda p: (abs(p - reference), -p))
    return price, volume, table[price][1]


@given(
    orders=orders_of,
    reference=st.one_of(st.none(), st.integers(80, 130)),
    candidates=st.sampled_from(list(Candidates)),
    tick=st.sampled_from([1, 5]),
)
def test_the_result_is_that_of_a_search_through_all_candidates(
    orders: list[Any], reference: int | None, candidates: Candidates, tick: int
) -> None:
    made = [Bid(str(n), *order) for n, order in enumerate(orders)]
    cleared = clear(made, reference, tick, candidates)
    assert result(cleared) == searched(made, reference, tick, candidates)


@given(orders=orders_of, reference=st.one_of(st.none(), st.integers(80, 130)))
def test_fills_are_within_limits_and_sum_to_the_volume(
    orders: list[Any], reference: int | None
) -> None:
    made = [Bid(str(n), *order) for n, order in enumerate(orders)]
    cleared = clear(made, reference)
    by_id = {order.id: order for order in made}
    taken: dict[str, int] = {}
    for buy, sell, quantity in cleared.fills:
        assert quantity > 0 and cleared.price is not None
        assert by_id[buy].buys and not by_id[sell].buys
        assert (by_id[buy].price or cleared.price) >= cleared.price
        assert (by_id[sell].price or cleared.price) <= cleared.price
        for id in (buy, sell):
            taken[id] = taken.get(id, 0) + quantity
    assert sum(quantity for *_, quantity in cleared.fills) == cleared.volume
    assert all(quantity <= by_id[id].quantity for id, quantity in taken.items())
