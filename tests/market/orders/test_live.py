"""The book in memory is what the rows say, through refusals, defects and restarts."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.writer.state import State
from ledger.writer.store import Rows
from market.matching.kinds import Resting
from market.orders import trading
from market.orders.live import STALE_MAX, Books, Live
from market.orders.models import ORDER
from tests.factories.orders import Pit


def in_memory(pit: Pit) -> Live:
    """The book beside the writer's own state, mended where a rollback has touched it."""
    state = pit.stage.ledger.writer._state.rows
    assert state is not None
    with pit.stage.ledger.record.reading() as connection:
        state.reload_from(Rows(connection))
        return _of(state)


def from_rows(pit: Pit) -> Live:
    with pit.stage.ledger.record.reading() as connection:
        return _of(State(Rows(connection)))


def _of(state: State) -> Live:
    class Reader:
        def __getattr__(self, name: str) -> Any:
            return getattr(state, name)

        def need(self, kind: Any, *key: Any) -> Any:
            row = state.get(kind, *key)
            assert row is not None
            return row

    return state.follow(ORDER, Books).of(Reader(), "FS")  # type: ignore[arg-type]  # it reads as a Context does


def resting(live: Live) -> list[Resting]:
    return live.book.resting()


def orders(*acts: tuple[str, int, int]) -> list[dict[str, Any]]:
    return [
        {
            "type": "order.place",
            "body": {
                "instrument": "FS",
                "side": side,
                "kind": "limit",
                "price_fen": price,
                "quantity": quantity,
            },
        }
        for side, price, quantity in acts
    ]


def test_a_batch_that_is_refused_after_it_traded_leaves_the_book_as_it_was(pit: Pit) -> None:
    for price, quantity in ((7_000, 5), (7_000, 7), (7_010, 3)):
        pit.sell(price, quantity)
    pit.buy(6_990, 4)
    before = resting(in_memory(pit))
    operations = orders(("buy", 7_000, 8), ("buy", 6_990, 1), ("buy", 9_999, 1))
    code = pit.stage.refused("third", "batch", {"operations": operations}, "a")
    assert code == "operation-refused"
    assert resting(in_memory(pit)) == before == resting(from_rows(pit))
    pit.buy(7_000, 6, "third")
    assert pit.trades() == [(7_000, 5), (7_000, 1)]  # whoever came first is first again


def test_cancels_reductions_and_replacements_that_are_rolled_back(pit: Pit) -> None:
    names = [pit.buy(7_000, 5) for _ in range(3)]
    before = resting(in_memory(pit))
    operations = [
        {"type": "order.cancel", "body": {"order": names[0]}},
        {"type": "order.reduce", "body": {"order": names[1], "quantity": 2}},
        {"type": "order.replace", "body": {"order": names[2], "price_fen": 6_990, "quantity": 9}},
        {"type": "order.cancel-all", "body": {}},
        {"type": "order.cancel", "body": {"order": names[0]}},
    ]
    assert pit.stage.refused("buyer", "batch", {"operations": operations}, "a") == (
        "operation-refused"
    )
    assert resting(in_memory(pit)) == before
    pit.stage.do("buyer", "batch", {"operations": operations[:-1]}, "a")
    assert resting(in_memory(pit)) == [] == resting(from_rows(pit))


def test_many_levels_that_are_rolled_back_are_made_anew_at_once(pit: Pit) -> None:
    prices = range(6_900, 6_900 + STALE_MAX + 5)
    pit.stage.do("buyer", "batch", {"operations": orders(*(("buy", p, 1) for p in prices))}, "a")
    before = resting(in_memory(pit))
    assert len(before) == len(prices)
    operations = [
        {"type": "order.cancel-all", "body": {}},
        {"type": "order.cancel", "body": {"order": "0" * 32}},
    ]
    pit.stage.refused("buyer", "batch", {"operations": operations}, "a")
    assert resting(in_memory(pit)) == before


def test_a_handler_that_breaks_half_way_leaves_no_trace_in_the_book(
    pit: Pit, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        pit.sell(7_000, 2)
    before = resting(in_memory(pit))
    settle, calls = trading.settle, [0]

    def breaking(*args: Any) -> Any:
        calls[0] += 1
        if calls[0] == 2:
            raise RuntimeError("planted")
        return settle(*args)

    monkeypatch.setattr(trading, "settle", breaking)
    reply = pit.stage.say("buyer", "order.place", pit.body("buy", 7_000, 6), "a")
    assert reply.status == "broken"
    monkeypatch.setattr(trading, "settle", settle)
    assert resting(in_memory(pit)) == before
    pit.buy(7_000, 6)
    assert pit.trades() == [(7_000, 2)] * 3


def test_the_book_in_memory_is_the_one_that_its_rows_make(pit: Pit) -> None:
    for n in range(12):
        pit.sell(7_000 + n % 3, 1 + n)
        pit.buy(6_990 + n % 8, 2 + n, "third" if n % 2 else "buyer")
    pit.buy(7_001, 30)
    assert resting(in_memory(pit)) == resting(from_rows(pit))
