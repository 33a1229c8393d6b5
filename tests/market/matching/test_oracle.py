"""Any sequence of orders does in the core what it does in a list that is sorted each time.

After each step the invariants of the continuous mode (RELIABILITY.md §2, I9) are looked at, too.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.matching.book import Book
from market.matching.kinds import Kind, Resting, SelfTrade, Trade
from market.matching.resting import restored

BAND = range(96, 105)


@dataclass
class Waiting:
    id: str
    buys: bool
    price: int
    left: int
    owner: str | None
    until: int | None


class Naive:
    """All rules on one list in the order of arrival; slow and plain to see."""

    def __init__(self) -> None:
        self.list: list[Waiting] = []
        self.trades: list[Trade] = []
        self.prevented: list[str] = []

    def find(self, id: str) -> Waiting | None:
        return next((one for one in self.list if one.id == id), None)

    def opposite(self, buys: bool) -> list[Waiting]:
        """The other side in the order of trading."""
        sign = 1 if buys else -1
        return sorted((one for one in self.list if one.buys != buys), key=lambda o: sign * o.price)

    def would_get(
        self, buys: bool, price: int, owner: str | None, rule: SelfTrade, quantity: int
    ) -> int:
        found = 0
        for one in self.opposite(buys):
            if found >= quantity or (one.price > price if buys else one.price < price):
                break
            if owner is None or one.owner != owner:
                found += one.left
            elif rule is not SelfTrade.OLDEST:
                break
        return found

    def submit(
        self,
        id: str,
        buys: bool,
        price: int,
        quantity: int,
        kind: Kind,
        owner: str | None,
        rule: SelfTrade,
        until: int | None,
    ) -> None:
        others = self.opposite(buys)
        if kind is Kind.MARKET:
            price = 10**6 if buys else -(10**6)
        elif kind is Kind.MARKET_TO_LIMIT:
            if not others:
                return
            price = others[0].price
        crosses = bool(others) and (others[0].price <= price if buys else others[0].price >= price)
        if kind is Kind.POST_ONLY and crosses:
            return
        if (
            kind is Kind.FILL_OR_KILL
            and self.would_get(buys, price, owner, rule, quantity) < quantity
        ):
            return
        for one in others:
            if not quantity or (one.price > price if buys else one.price < price):
                break
            if owner is not None and one.owner == owner:
                if rule is not SelfTrade.NEWEST:
                    self.list.remove(one)
                    self.prevented.append(one.id)
                if rule is not SelfTrade.OLDEST:
                    return
                continue
            part = min(quantity, one.left)
            self.trades.append((id, one.id, one.price, part))
            quantity -= part
            one.left -= part
            if not one.left:
                self.list.remove(one)
        if quantity and kind in (Kind.LIMIT, Kind.POST_ONLY, Kind.MARKET_TO_LIMIT):
            self.list.append(Waiting(id, buys, price, quantity, owner, until))

    def remove(self, gone: list[Waiting]) -> list[str]:
        self.list = [one for one in self.list if one not in gone]
        return [one.id for one in gone]

    def ranked(self) -> list[Waiting]:
        """Everything in priority order, buyers first."""
        return sorted(self.list, key=lambda o: (not o.buys, -o.price if o.buys else o.price))


owners = st.sampled_from([None, "x", "y", "z"])
step = st.one_of(
    st.tuples(
        st.just("submit"),
        st.booleans(),
        st.sampled_from(BAND),
        st.integers(1, 20),
        st.sampled_from([*Kind, Kind.LIMIT, Kind.LIMIT, Kind.LIMIT]),
        owners,
        st.sampled_from(list(SelfTrade)),
        st.sampled_from([None, 1, 2, 3]),
    ),
    st.tuples(
        st.just("replace"),
        st.integers(0, 40),
        st.sampled_from(BAND),
        st.integers(1, 20),
        st.sampled_from(list(SelfTrade)),
    ),
    st.tuples(st.just("cancel"), st.integers(0, 40)),
    st.tuples(st.just("reduce"), st.integers(0, 40), st.integers(1, 15)),
    st.tuples(st.just("cancel-all"), owners),
    st.tuples(st.just("expire"), st.integers(1, 3)),
    st.tuples(st.just("confine"), st.integers(96, 98), st.integers(102, 104)),
    st.tuples(st.just("restore")),
)


@settings(max_examples=300)
@given(st.lists(step, max_size=60))
def test_any_steps_do_what_a_sorted_list_does(  # noqa: PLR0912 - a case each
    steps: list[tuple[object, ...]],
) -> None:
    made, naive, band = Book(BAND), Naive(), BAND
    for number, (action, *rest) in enumerate(steps):
        match action, *rest:
            case "submit", bool(buys), int(price), int(quantity), Kind() as kind, *more:
                owner, rule, until = more
                terms = (str(number), buys, price, quantity, kind, owner, rule, until)
                if price not in band and kind not in (Kind.MARKET, Kind.MARKET_TO_LIMIT):
                    with pytest.raises(ValueError, match="price-outside"):
                        made.submit(*terms)
                    continue
                rests = made.submit(*terms)
                naive.submit(*terms)
                waiting = naive.find(str(number))
                assert rests == (waiting.left if waiting else 0)
            case "replace", int(id), int(price), int(quantity), SelfTrade() as rule:
                old = naive.find(str(id))
                if price not in band:
                    if old:
                        with pytest.raises(ValueError, match="price-outside"):
                            made.replace(str(id), price, quantity, rule)
                    continue
                assert made.replace(str(id), price, quantity, rule) is (old is not None)
                if old:
                    naive.list.remove(old)
                    naive.submit(
                        old.id, old.buys, price, quantity, Kind.LIMIT, old.owner, rule, old.until
                    )
            case "cancel", int(id):
                old = naive.find(str(id))
                assert made.cancel(str(id)) is (old is not None)
                naive.remove([old] if old else [])
            case "reduce", int(id), int(quantity):
                old = naive.find(str(id))
                assert made.reduce(str(id), quantity) is (old is not None)
                if old:
                    old.left -= quantity
                    naive.remove([old] if old.left <= 0 else [])
            case "cancel-all", str(owner):
                gone = [one for one in naive.ranked() if one.owner == owner]
                assert made.cancel_all(owner) == naive.remove(gone)
            case "expire", int(at):
                due = [one for one in naive.ranked() if one.until is not None and one.until <= at]
                due.sort(key=lambda one: one.until or 0)
                assert made.expiring(at) == [one.id for one in due]
                assert made.expire(at) == naive.remove(due)
            case "confine", int(low), int(high):
                band = range(low, high + 1)
                gone = [one for one in naive.ranked() if one.price not in band]
                assert made.confine(band) == naive.remove(gone)
            case ("restore",):
                trades, prevented = made.trades, made.prevented
                made = restored(made.resting(), band)
                made.trades, made.prevented = trades, prevented
        held(made, naive, band)


def held(made: Book, naive: Naive, band: range) -> None:
    """Both are the same; I9: not crossed, no trade outside the band, every quantity positive."""
    assert (made.trades, made.prevented) == (naive.trades, naive.prevented)
    rows = [Resting(o.id, o.buys, o.price, o.left, o.owner, o.until) for o in naive.ranked()]
    assert made.resting() == rows
    assert all(row.left > 0 and row.price in band for row in rows)
    assert all(price in BAND and quantity > 0 for *_, price, quantity in made.trades)
    bid, ask = made.best(True), made.best(False)
    assert bid is None or ask is None or bid < ask
    for buys, best in ((True, bid), (False, ask)):
        side = [row for row in rows if row.buys is buys]
        assert best == (side[0].price if side else None)
        assert sum(quantity for _, quantity in made.depth(buys, 99)) == sum(r.left for r in side)
    instants = [row.until for row in rows if row.until is not None]
    assert made.next_expiry() == (min(instants) if instants else None)
    assert len(made) == len(rows)
    for row in rows:
        assert made.left(row.id) == row.left
