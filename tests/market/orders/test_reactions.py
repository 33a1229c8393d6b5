"""What ends an order beside its owner: its state, and that all that was frozen returns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from market.orders.models import OrderState, order_table
from tests.factories.claims import freeze_body, numbered
from tests.factories.market import EXCHANGE, REGULATOR
from tests.factories.orders import Pit
from tests.factories.oversight import WHY, bar
from tests.factories.oversight import state as say
from tests.factories.scene import OFFICERS

BATCH = "ZJ_FS-R1-2024"
UNTIL = "2026-01-20"


def filled(pit: Pit, name: str) -> None:
    pit.sell(7_000, 10)


def cancelled(pit: Pit, name: str) -> None:
    pit.cancel(name)


def expired(pit: Pit, name: str) -> None:
    pit.later(30 * 24 * 60)
    pit.stage.do("third", "order.cancel-all", {}, "a")


def halted(pit: Pit, name: str) -> None:
    halt = {"instrument": "FS", "document": "d"}
    pit.stage.do("exchange", "instrument.suspend", halt, *EXCHANGE)


def suspended(pit: Pit, name: str) -> None:
    pit.stage.do("regulator", "party.suspend", {"party": "buyer", "document": "d"}, *REGULATOR)


def barred(pit: Pit, name: str) -> None:
    bar(pit, "buyer")


def by_order(pit: Pit, name: str) -> None:
    say(pit, "exchange", "order.cancel-by-order", {"order": name, **WHY})


def claimed(pit: Pit, name: str) -> None:
    freeze(pit, "buyer", "CNY", 9_999_999)


def prevented(pit: Pit, name: str) -> None:
    pit.stage.do("buyer", "self-trade.set", {"rule": "both"}, "a")
    pit.sell(7_010, 1)
    pit.buy(7_010, 1)
    pit.sell(7_000, 1, "buyer")


def outside(pit: Pit, name: str) -> None:
    pit.buy(7_100, 1, "third")
    pit.sell(7_100, 1)  # the close, from which the band reaches nowhere
    pit.rule("book.continuous.band-percent", "0")
    pit.close()


def freeze(pit: Pit, party: str, asset: str, quantity: int) -> None:
    body = freeze_body(quantity, party=party, asset=asset, document=numbered(pit.stage))
    pit.stage.do("registrar", "freeze.order", body, *OFFICERS)


ENDS: dict[OrderState, Callable[[Pit, str], None]] = {
    OrderState.FILLED: filled,
    OrderState.CANCELLED: cancelled,
    OrderState.EXPIRED: expired,
    OrderState.HALTED: halted,
    OrderState.SUSPENDED: suspended,
    OrderState.BARRED: barred,
    OrderState.BY_ORDER: by_order,
    OrderState.CLAIMED: claimed,
    OrderState.PREVENTED: prevented,
    OrderState.OUTSIDE: outside,
}
ACTS = (
    ("order.cancel", {}),
    ("order.reduce", {"quantity": 1}),
    ("order.replace", {"quantity": 1, "price_fen": 7_000}),
)


def test_every_state_but_open_has_a_way_that_leads_there() -> None:
    assert set(ENDS) == set(OrderState) - {OrderState.OPEN}


@pytest.mark.parametrize("state", ENDS)
def test_an_order_ends_once_and_nothing_of_it_stays_frozen(pit: Pit, state: OrderState) -> None:
    name = pit.buy(7_000, 10, until=UNTIL)
    ENDS[state](pit, name)
    row = pit.order_row(name)
    assert (row["state"], row["frozen_fen"]) == (state, 0)
    held = pit.held("buyer/trading", "CNY")
    kept = 9_999_999 if state is OrderState.CLAIMED else 0  # the claim's, which had waited
    assert held.get("frozen", 0) == min(kept, sum(held.values()))
    for type, more in ACTS:  # no act leads out of it
        reply = pit.stage.say("buyer", type, {"order": name, **more}, "a")
        assert (reply.status, pit.order_row(name)) == ("refused", row)
    pit.later(60 * 24 * 60)
    pit.stage.do("third", "order.cancel-all", {}, "a")
    assert pit.order_row(name) == row  # nor does a day that passes


def test_the_close_ends_what_was_good_for_the_day_alone(pit: Pit) -> None:
    today = pit.buy(6_900, 10)
    kept = pit.buy(6_900, 10, until="2026-01-02")
    sale = pit.sell(7_100, 10)
    pit.close()
    assert [pit.order_row(n)["state"] for n in (today, kept, sale)] == [
        "expired",
        "open",
        "expired",
    ]
    assert pit.held("owner/trading", BATCH) == {"available": 900}
    assert pit.held("buyer/trading", "CNY")["frozen"] == 69_069
    pit.next_day()
    pit.open("2026-01-02")
    pit.sell(6_900, 4)
    assert pit.deals()[-1]["bid"] == kept
    pit.close("2026-01-02")  # its last day
    assert pit.order_row(kept)["state"] == "expired"


def test_a_last_day_without_a_session_ends_it_at_midnight(pit: Pit) -> None:
    name = pit.buy(6_900, 10, until="2026-01-03")  # a Saturday
    pit.close()
    pit.later(14 * 60 + 2 * 24 * 60 - 1)  # 23:59 on Saturday
    pit.stage.do("third", "order.cancel-all", {}, "a")
    assert pit.order_row(name)["state"] == "open"
    pit.later(1)
    pit.stage.do("third", "order.cancel-all", {}, "a")
    assert pit.order_row(name)["state"] == "expired"


def test_a_claim_on_a_batch_ends_the_orders_that_offer_it_alone(pit: Pit) -> None:
    sale = pit.sell(7_100, 890)
    bid = pit.buy(6_900, 1, "owner")
    freeze(pit, "owner", BATCH, 20)
    assert [pit.order_row(n)["state"] for n in (sale, bid)] == ["claimed", "open"]
    assert pit.held("owner/trading", BATCH) == {"available": 880, "frozen": 20}


def test_what_an_order_keeps_frozen_can_neither_be_moved_nor_paid_out(pit: Pit) -> None:
    pit.sell(7_100, 890)
    body = {"batch": BATCH, "quantity": 11, "to": "registry"}
    assert pit.stage.refused("owner", "credit.move", body, "a") == "balance-short"
    pit.stage.do("owner", "credit.move", {**body, "quantity": 10}, "a")


def test_a_flood_of_orders_meets_a_halt_with_refusals_alone(pit: Pit) -> None:
    document = {"instrument": "FS", "document": "d"}
    for round in range(3):
        for price in range(6_900, 6_910):
            pit.buy(price, 1)
        pit.stage.do("exchange", "instrument.suspend", document, *EXCHANGE)
        codes = {pit.put_refused("buy", price, 1) for price in range(6_900, 6_905)}
        assert codes == {"instrument-state"}
        assert pit.open_orders() == []
        pit.stage.do("exchange", "instrument.resume", document, *EXCHANGE)
        states = {row["state"] for row in pit.stage.rows(order_table)}
        assert states == {"halted"}, round
