"""The call auction: orders gather unmatched, and trade at one price when the hours are over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.writer.versions import CALLS_ON_TICK
from market.orders import calls
from tests.factories.market import EXCHANGE
from tests.factories.orders import CALL, Pit, profile
from tests.factories.scene import scene

BATCH = "ZJ_FS-R1-2024"
NEXT = "2026-01-02"


@pytest.fixture
def call(pit: Pit) -> Pit:
    """09:15 on the second day: the call takes orders; the buyers have bought units before."""
    pit.sell(7_000, 200)
    pit.buy(7_000, 100)
    pit.buy(7_000, 100, "third")
    pit.close()
    pit.later(23 * 60 + 15)
    pit.open(NEXT)
    return pit


def clear(pit: Pit) -> None:
    """09:25: the next statement finds the call over."""
    pit.later(10)
    unknown = {"instrument": "NONE"}
    assert pit.stage.refused("buyer", "order.cancel-all", unknown, "a") == "instrument-unknown"


def test_orders_cross_in_the_call_and_trade_at_one_price_with_refunds(call: Pit) -> None:
    before = len(call.trades())
    cash = call.held("buyer/trading", "CNY")["available"]
    buys = [call.buy(7_040, 30), call.buy(7_020, 20), call.buy(6_990, 10)]
    sells = [call.sell(7_000, 25), call.sell(7_010, 15), call.sell(7_050, 5)]
    assert len(call.trades()) == before
    assert call.held("buyer/trading", "CNY")["frozen"] == sum(
        price * quantity + fee
        for price, quantity, fee in ((7_040, 30, 211), (7_020, 20, 140), (6_990, 10, 70))
    )
    clear(call)
    # 40 trade at 7,010, 7,020 with 10 buyers' left; pressure on the buyers' side: the highest.
    assert call.trades()[before:] == [(7_020, 25), (7_020, 5), (7_020, 10)]
    states = [call.order_row(name)["state"] for name in buys + sells]
    assert states == ["filled", "open", "open", "filled", "filled", "open"]
    left = 7_020 * 10 + 6_990 * 10 + (140 - 70) + 70
    assert call.held("buyer/trading", "CNY") == {
        "available": cash - 7_020 * 40 - 211 - 70 - left,
        "frozen": left,
    }
    row = call.calls()[0]
    assert (row["state"], row["price_fen"], row["volume"], row["surplus"], row["filled"]) == (
        "cleared",
        7_020,
        40,
        10,
        40,
    )


def test_what_is_left_waits_in_the_book_at_its_turn(call: Pit) -> None:
    first = call.buy(7_000, 10, "third")
    call.sell(7_000, 4)
    clear(call)
    call.later(5)  # 09:30: continuous
    second = call.buy(7_000, 10)
    before = len(call.trades())
    call.sell(7_000, 8)
    assert [(d["bid"], d["quantity"]) for d in call.deals()[before:]] == [(first, 6), (second, 2)]


def test_what_rests_from_before_takes_part(call: Pit) -> None:
    clear(call)
    call.later(5)
    resting = call.sell(7_010, 10, until="2026-01-09")
    call.close(NEXT)
    call.later(3 * 24 * 60 - 15)  # Monday 09:15
    call.open("2026-01-05")
    call.buy(7_060, 4)
    clear(call)
    assert call.deals()[-1]["offer"] == resting
    assert call.trades()[-1] == (7_010, 4)  # six sellers' are left at 7,010 and 7,060: the lowest


def test_own_orders_do_not_face_each_other_in_a_call(call: Pit) -> None:
    call.buy(7_040, 10)
    call.sell(7_030, 10, "buyer")
    call.stage.do("third", "self-trade.set", {"rule": "both"}, "a")
    one, two = call.buy(7_040, 10, "third"), call.sell(7_020, 5, "third")
    aside = call.sell(7_045, 5, "third")
    assert [call.order_row(n)["state"] for n in (one, two, aside)] == [
        "prevented",
        "prevented",
        "open",
    ]
    before = len(call.trades())
    clear(call)
    assert len(call.trades()) == before


def test_only_limit_orders_gather_and_they_can_be_changed(call: Pit) -> None:
    assert call.put_refused("buy", 7_000, 1, kind="ioc") == "order-kind-not-allowed"
    name = call.buy(7_000, 10)
    call.stage.do("buyer", "order.replace", {"order": name, "price_fen": 7_010, "quantity": 5}, "a")
    other = call.buy(6_990, 10, "third")
    call.stage.do("third", "order.reduce", {"order": other, "quantity": 3}, "a")
    call.sell(6_990, 8)
    clear(call)
    assert call.trades()[-2:] == [(6_990, 5), (6_990, 3)]


@pytest.mark.parametrize("closed", [True, False])
def test_a_call_that_is_not_cleared_ends_its_orders(call: Pit, closed: bool) -> None:
    call.buy(7_040, 10, until="2026-01-20")
    call.sell(7_000, 10, until="2026-01-20")
    before = len(call.trades())
    if closed:
        call.close(NEXT)
    else:
        call.later(24 * 60)  # nobody stated anything until the next day
        call.stage.do("buyer", "order.cancel-all", {}, "a")
    assert call.calls()[0]["state"] == "void"
    assert call.open_orders() == []
    assert len(call.trades()) == before


def test_a_halt_leaves_nothing_to_clear(call: Pit) -> None:
    call.buy(7_040, 10)
    halt = {"instrument": "FS", "document": "d"}
    call.stage.do("exchange", "instrument.suspend", halt, *EXCHANGE)
    clear(call)
    assert call.calls()[0]["state"] == "void"
    assert {row["state"] for row in call.stage.rows(calls.ORDER.table)} == {"filled", "halted"}


def test_a_large_call_is_cleared_in_steps_and_before_the_close(
    call: Pit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "FILLS_A_STEP", 2)
    before = len(call.trades())
    for quantity in (1, 2, 3, 4, 5):
        call.buy(7_000, quantity)
    call.sell(7_000, 15)
    call.later(24 * 60)
    call.stage.clock.time -= (24 * 60 - 10 - 5 * 60 - 35) * 60_000  # 15:00, both are due
    call.stage.do("buyer", "order.cancel-all", {}, "a")
    assert call.trades()[before:] == [(7_000, q) for q in (1, 2, 3, 4, 5)]
    row = call.calls()[0]
    assert (row["state"], row["step"], row["filled"]) == ("cleared", 3, 15)


def test_the_scheduler_alone_clears_and_only_when_it_is_due(call: Pit) -> None:
    call.buy(7_040, 10)
    ends_at = call.calls()[0]["ends_at"]
    body = {"instrument": "FS", "ends_at": ends_at, "step": 0}
    assert call.stage.refused("exchange", "call.clear", body, *EXCHANGE) == "role-not-allowed"


@pytest.mark.parametrize(("version", "price"), [(CALLS_ON_TICK, 7_070), (CALLS_ON_TICK - 1, 7_072)])
def test_a_reference_between_two_ticks_is_no_price_of_a_call_from_its_version_on(
    home: Path, vacant_database_url: str, version: int, price: int
) -> None:
    with scene(home, vacant_database_url, version) as stage:
        pit = Pit(stage)
        pit.set_up(rules=profile(call={**CALL, "tick-fen": "5", "candidates": "limits+reference"}))
        pit.sell(7_072, 200)
        pit.buy(7_072, 200)
        pit.close()
        assert pit.reference() == 7_072
        pit.later(23 * 60 + 15)
        pit.open(NEXT)
        assert pit.put_refused("buy", 7_072, 1) == "price-off-tick"
        pit.buy(7_080, 50)
        pit.sell(7_065, 50)
        clear(pit)
        assert pit.trades()[1:] == [(price, 50)]


@pytest.fixture
def thin(home: Path, vacant_database_url: str) -> Iterator[Pit]:
    """A venue without a book and with two calls a day."""
    with scene(home, vacant_database_url) as stage:
        pit = Pit(stage)
        rules = profile(
            venue={"methods": "call", "price-methods": "call", "weekdays": "12345"},
            call={**CALL, "hours": "10:00-10:30,14:00-14:30", "candidates": "limits+reference"},
        )
        pit.set_up(rules=rules)
        yield pit


def test_a_thin_instrument_has_calls_alone(thin: Pit) -> None:
    thin.buy(7_100, 10)
    left = thin.sell(7_000, 15)
    thin.later(30)
    assert thin.put_refused("buy", 7_000, 1) == "outside-hours"
    assert thin.trades() == [(7_000, 10)]
    thin.later(3 * 60 + 30)
    thin.buy(7_050, 5, "third")
    thin.later(30)  # 14:30, and the day's last minute
    thin.stage.do("buyer", "order.cancel-all", {}, "a")
    assert thin.order_row(left)["state"] == "filled"
    assert [row["volume"] for row in thin.calls()] == [10, 5]
    # Nothing is left at 7,000 or 7,050, which is nearer to the reference of 70.75.
    assert thin.trades()[1:] == [(7_050, 5)]
    assert thin.reference() == 7_017  # (10 × 7,000 + 5 × 7,050) / 15 = 7,016.67
