"""Orders meet the book: price, then time; both legs, fees and refunds in one outcome."""

from __future__ import annotations

import pytest

from tests.factories.orders import Pit

BATCH = "ZJ_FS-R1-2024"


def test_a_resting_order_freezes_what_it_may_cost_and_no_more(pit: Pit) -> None:
    pit.sell(7_100, 30)
    assert pit.held("owner/trading", BATCH) == {"available": 870, "frozen": 30}
    pit.buy(7_000, 10)  # 70,000 fen and 0.1 % of it
    assert pit.held("buyer/trading", "CNY") == {"available": 9_929_930, "frozen": 70_070}
    pit.buy(7_000, 1, "third")  # 7 fen, of which the minimum is as much
    assert pit.held("third/trading", "CNY")["frozen"] == 7_007


def test_the_makers_price_and_the_refund_of_the_better_price_at_once(pit: Pit) -> None:
    pit.sell(7_000, 10)
    order = pit.buy(7_050, 10)
    assert pit.trades() == [(7_000, 10)]
    assert pit.held("buyer/trading", "CNY") == {"available": 10_000_000 - 70_070}
    assert pit.held("owner/trading", "CNY") == {"available": 10_000_000 + 70_000 - 70}
    assert pit.held("exchange/income", "CNY") == {"available": 140}
    assert pit.held("buyer/trading", BATCH) == {"available": 10}
    row = pit.order_row(order)
    assert (row["state"], row["remaining"], row["frozen_fen"]) == ("filled", 0, 0)


def test_price_then_time(pit: Pit) -> None:
    later = pit.sell(7_000, 5)
    worse = pit.sell(7_010, 5)
    better = pit.sell(6_990, 5)
    last = pit.sell(7_000, 5)
    pit.buy(7_005, 12)
    assert [d["offer"] for d in pit.deals()] == [better, later, last]
    assert pit.trades() == [(6_990, 5), (7_000, 5), (7_000, 2)]
    assert [(row["order"], row["remaining"]) for row in pit.open_orders()] == [
        (worse, 5),
        (last, 3),
    ]


def test_the_minimum_fee_is_charged_once_an_order_however_many_fills(pit: Pit) -> None:
    order = pit.buy(7_000, 4)
    frozen = pit.held("buyer/trading", "CNY")["frozen"]
    assert frozen == 28_000 + 28
    for _ in range(4):
        pit.sell(7_000, 1)
    # Of 7,000, 14,000, 21,000 and 28,000 fen: 7, 14, 21, 28; each fill pays the difference.
    assert [d["buyer_fee_fen"] for d in pit.deals()] == [7, 7, 7, 7]
    assert [d["seller_fee_fen"] for d in pit.deals()] == [7, 7, 7, 7]
    assert pit.order_row(order)["fee_fen"] == 28
    assert "frozen" not in pit.held("buyer/trading", "CNY")


def test_a_minimum_above_the_share_is_paid_with_the_first_fill(pit: Pit) -> None:
    pit.rule("book.continuous.fee-minimum-fen", "50")
    pit.buy(7_000, 10)
    for _ in range(3):
        pit.sell(7_000, 2)
    # 14, 28 and 42 fen by the share; 50 at once, and more only beyond it
    assert [d["buyer_fee_fen"] for d in pit.deals()] == [50, 0, 0]
    assert pit.held("buyer/trading", "CNY")["frozen"] == 28_000 + 70 - 50


def test_an_order_pays_by_the_tariff_under_which_it_was_accepted(pit: Pit) -> None:
    pit.buy(7_000, 10)
    pit.rule("book.continuous.fee-buyer-rate", "0.5")
    pit.sell(7_000, 10)
    assert [d["buyer_fee_fen"] for d in pit.deals()] == [70]
    assert "frozen" not in pit.held("buyer/trading", "CNY")


@pytest.mark.parametrize(
    ("kind", "quantity", "state", "traded"),
    [
        ("ioc", 8, "cancelled", [(7_000, 5)]),
        ("ioc", 5, "filled", [(7_000, 5)]),
        ("fok", 8, "cancelled", []),
        ("fok", 5, "filled", [(7_000, 5)]),
    ],
)
def test_what_may_not_rest_returns_in_the_same_outcome(
    pit: Pit, kind: str, quantity: int, state: str, traded: list[tuple[int, int]]
) -> None:
    pit.sell(7_000, 5)
    order = pit.buy(7_000, quantity, kind=kind)
    assert pit.order_row(order)["state"] == state
    assert pit.trades() == traded
    assert "frozen" not in pit.held("buyer/trading", "CNY")


def test_an_immediate_sale_gives_back_the_units_it_could_not_sell(pit: Pit) -> None:
    pit.buy(7_000, 5)
    pit.sell(7_000, 20, kind="ioc")
    assert pit.held("owner/trading", BATCH) == {"available": 895}


def test_market_to_limit_rests_at_the_price_that_it_took(pit: Pit) -> None:
    pit.sell(7_000, 5)
    pit.sell(7_010, 5)
    order = pit.buy(None, 8, kind="market-to-limit")
    row = pit.order_row(order)
    assert (row["price_fen"], row["remaining"], row["frozen_fen"]) == (7_000, 3, 21_000 + 56 - 35)
    assert pit.trades() == [(7_000, 5)]


def test_cancelling_returns_all_that_is_frozen(pit: Pit) -> None:
    order = pit.buy(7_000, 10)
    pit.cancel(order)
    assert pit.held("buyer/trading", "CNY") == {"available": 10_000_000}
    assert pit.order_row(order)["state"] == "cancelled"
    sale = pit.sell(7_000, 10)
    pit.cancel(sale, "owner")
    assert pit.held("owner/trading", BATCH) == {"available": 900}
    pit.buy(7_000, 1)
    assert pit.trades() == []


def test_all_own_orders_end_at_once_in_one_instrument_or_in_all(pit: Pit) -> None:
    pit.list("OTHER", venue="book")
    kept = pit.buy(6_900, 1, instrument="OTHER")
    others = pit.buy(6_900, 1, "third")
    for price in (6_900, 6_910):
        pit.buy(price, 1)
    pit.stage.do("buyer", "order.cancel-all", {"instrument": "FS"}, "a")
    assert {row["order"] for row in pit.open_orders()} == {kept, others}
    pit.stage.do("buyer", "order.cancel-all", {}, "a")
    assert [row["order"] for row in pit.open_orders()] == [others]
    pit.stage.do("buyer", "order.cancel-all", {}, "a")
    assert pit.held("buyer/trading", "CNY") == {"available": 10_000_000}


def test_reducing_keeps_the_turn_and_returns_what_is_wanted_no_more(pit: Pit) -> None:
    first = pit.buy(7_000, 10)
    second = pit.buy(7_000, 10, "third")
    pit.stage.do("buyer", "order.reduce", {"order": first, "quantity": 4}, "a")
    assert pit.held("buyer/trading", "CNY")["frozen"] == 42_000 + 42
    pit.sell(7_000, 7)
    assert [(d["bid"], d["quantity"]) for d in pit.deals()] == [(first, 6), (second, 1)]
    pit.stage.do("third", "order.reduce", {"order": second, "quantity": 9}, "a")
    assert pit.order_row(second)["state"] == "cancelled"
    assert pit.held("third/trading", "CNY") == {"available": 10_000_000 - 7_007}


def test_replacing_loses_the_turn_and_may_trade(pit: Pit) -> None:
    first = pit.buy(7_000, 10)
    second = pit.buy(7_000, 10, "third")
    body = {"order": first, "price_fen": 7_000, "quantity": 10}
    pit.stage.do("buyer", "order.replace", body, "a")
    pit.sell(7_000, 10)
    assert [d["bid"] for d in pit.deals()] == [second]
    pit.sell(7_020, 3)
    pit.stage.do("buyer", "order.replace", {**body, "price_fen": 7_030}, "a")
    assert pit.trades()[1:] == [(7_020, 3)]
    row = pit.order_row(first)
    assert (row["quantity"], row["remaining"], row["price_fen"]) == (10, 7, 7_030)
    assert pit.held("buyer/trading", "CNY")["frozen"] == row["frozen_fen"] == 7 * 7_030 + 49


def test_a_passive_order_stays_so_when_it_is_replaced(pit: Pit) -> None:
    order = pit.buy(7_000, 10, kind="post-only")
    pit.sell(7_010, 5)
    body = {"order": order, "price_fen": 7_010, "quantity": 10}
    assert pit.stage.refused("buyer", "order.replace", body, "a") == "would-take"
    pit.stage.do("buyer", "order.replace", {**body, "price_fen": 7_009}, "a")
    assert (pit.trades(), pit.order_row(order)["price_fen"]) == ([], 7_009)


@pytest.mark.parametrize(
    ("rule", "resting", "taking", "traded"),
    [
        (None, "open", "prevented", []),
        ("newest", "open", "prevented", []),
        ("oldest", "prevented", "filled", [(7_000, 5)]),
        ("both", "prevented", "prevented", []),
    ],
)
def test_own_orders_never_meet(
    pit: Pit, rule: str | None, resting: str, taking: str, traded: list[tuple[int, int]]
) -> None:
    if rule:
        pit.stage.do("owner", "self-trade.set", {"rule": rule}, "a")
    own = pit.buy(7_010, 5, "owner")
    pit.buy(7_000, 5)
    order = pit.sell(7_000, 5)
    assert (pit.order_row(own)["state"], pit.order_row(order)["state"]) == (resting, taking)
    assert pit.trades() == traded
    left = 5 if traded else 0
    assert pit.held("owner/trading", BATCH) == {"available": 900 - left}


def test_parties_for_which_one_person_signs_are_one_owner(pit: Pit) -> None:
    pit.stage.admit("sister", "enterprise", 8, b="owner.b")
    pit.pay_in("sister", 1_000_000)
    pit.sell(7_000, 5)
    order = pit.buy(7_000, 5, "sister")
    assert pit.order_row(order)["state"] == "prevented"
    assert pit.trades() == []


def test_a_link_that_arises_while_orders_rest_counts_from_then_on(pit: Pit) -> None:
    pit.stage.admit("sister", "enterprise", 8)
    pit.pay_in("sister", 1_000_000)
    pit.sell(7_000, 5)
    entry = pit.stage.entry("sister", "c", "owner.b")
    pit.stage.do("sister", "key.register", {"key": entry}, "a", "b")
    assert pit.order_row(pit.buy(7_000, 5, "sister"))["state"] == "prevented"
