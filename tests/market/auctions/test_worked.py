"""The call auction gives what exchanges' public documents work out for the same orders.

Figures alone are taken: for Xetra's model see ``test_call``.
"""

from __future__ import annotations

import pytest

from market.auctions.call import Bid, Candidates, clear

LIMITS, REFERENCE, TICKS = Candidates

Side = dict[int, int]


def cleared(
    buys: Side,
    sells: Side,
    reference: int | None = None,
    tick: int = 1,
    candidates: Candidates = TICKS,
) -> tuple[int | None, int, int]:
    orders = [Bid(f"b{price}", True, price, quantity) for price, quantity in buys.items()]
    orders += [Bid(f"s{price}", False, price, quantity) for price, quantity in sells.items()]
    found = clear(orders, reference, tick, candidates)
    return found.price, found.volume, found.surplus


@pytest.mark.parametrize("candidates", Candidates)
def test_asx_new_algorithm_of_2006_goes_to_buyers_pressure(candidates: Candidates) -> None:
    # ASX stock X in cents: 1,000 trade from 610 to 639, 500 are left from 635, so the highest
    # (cgi.cse.unsw.edu.au/~fethir/TradingEngineCourse, appendix of session 3).
    buys = {640: 500, 639: 500 + 500, 634: 1_000, 633: 500}
    sells = {610: 1_000, 640: 500, 641: 520, 642: 550, 643: 519}
    assert cleared(buys, sells, candidates=candidates) == (639, 1_000, 500)


@pytest.mark.parametrize("candidates", Candidates)
def test_marketgrid_single_price_auction(candidates: Candidates) -> None:
    # MarketGrid, "Single-Price Auction" (docs-240.pages.dev/marketgrid): 290 lots at 12,400.
    buys = {
        13_000: 45,
        12_900: 95,
        12_800: 25,
        12_700: 35,
        12_600: 25,
        12_500: 55,
        12_400: 200,
        12_300: 80,
    }
    buys[12_200] = 60
    sells = {
        12_200: 10,
        12_300: 125,
        12_400: 155,
        12_500: 90,
        12_600: 20,
        12_700: 10,
        12_800: 15,
        12_900: 10,
        13_000: 50,
        13_100: 35,
    }
    assert cleared(buys, sells, tick=100, candidates=candidates) == (12_400, 290, 190)


# BNB DEX, "Match Steps and Examples" (bnb-chain/bnb-chain.github.io, docs/beaconchain). Its
# examples 5.2 to 5.4 turn on a bound of 5 % around the reference, a rule of its own.
@pytest.mark.parametrize(
    ("buys", "sells", "reference", "expected"),
    [
        ({100: 150, 98: 150}, {98: 250, 97: 50}, None, (98, 300, 0)),
        ({100: 150, 99: 50, 97: 300}, {97: 200, 96: 100}, None, (97, 300, 200)),
        (
            {102: 300, 100: 100, 99: 200, 98: 300},
            {98: 250, 97: 250, 96: 1_000},
            None,
            (96, 900, -100),
        ),
        (
            {102: 30, 101: 10, 99: 50, 96: 15},
            {98: 10, 97: 50, 95: 50},
            None,
            (97, 90, -10),
        ),
        ({102: 10, 97: 10}, {95: 50}, 80, (95, 20, -30)),
        ({100: 25, 97: 25}, {98: 25, 95: 25}, 99, (99, 25, -25)),
        ({100: 25, 97: 25}, {98: 25, 95: 25}, 97, (97, 25, 25)),
    ],
    ids=["1", "2", "3", "4", "5.1", "6.1", "6.2"],
)
def test_bnb_examples_by_every_tick(
    buys: Side, sells: Side, reference: int | None, expected: tuple[int, int, int]
) -> None:
    assert cleared(buys, sells, reference) == expected


def test_conventions_part_where_the_reference_carries_no_order() -> None:
    # BNB's example 6.1 again: 99 is a tick and the reference, but nobody's limit.
    buys, sells = {100: 25, 97: 25}, {98: 25, 95: 25}
    assert cleared(buys, sells, 99, candidates=LIMITS) == (100, 25, -25)
    assert cleared(buys, sells, 99, candidates=REFERENCE) == (99, 25, -25)


@pytest.mark.parametrize(
    ("orders", "price"),
    [
        ([(True, None, 40), (False, 998, 40)], 1_000),
        ([(True, None, 80), (False, 1_002, 40), (False, 1_004, 40)], 1_004),
        ([(True, 998, 40), (True, 996, 40), (False, None, 80)], 996),
    ],
)
def test_euronext_examples_by_limits_and_reference(
    orders: list[tuple[bool, int | None, int]], price: int
) -> None:
    # Euronext's rule as mattdavey/EuronextClone keeps it (indicative-market-price.feature): the
    # reference is 10.00.
    bids = [Bid(str(number), *order) for number, order in enumerate(orders)]
    assert clear(bids, 1_000, 1, REFERENCE).price == price
