"""Orders from many connections at once onto one instrument that is halted and reopened."""

from __future__ import annotations

import threading

from tests.factories.market import EXCHANGE
from tests.factories.orders import Pit
from tests.market.orders.test_live import from_rows, in_memory, resting

CONNECTIONS, EACH = 64, 3


def test_a_flood_while_an_instrument_is_halted_and_reopened(pit: Pit) -> None:
    entrance = pit.stage.ledger.entrance
    sides = (("buyer", "buy"), ("third", "buy"), ("owner", "sell"))
    said = [
        [
            pit.stage.write(party, "order.place", pit.body(side, 6_995 + n % 11, 1 + n % 3), "a")
            for party, side in sides
        ]
        for n in range(CONNECTIONS)
    ]
    halts = [
        pit.stage.write(
            "exchange", f"instrument.{act}", {"instrument": "FS", "document": "d"}, *EXCHANGE
        )
        for _ in range(4)
        for act in ("suspend", "resume")
    ]
    replies: list[str] = []

    def send(statements: list[object]) -> None:
        for statement in statements:
            reply = entrance.submit(statement.encode())  # type: ignore[attr-defined]  # the entrance of a Scene is one
            replies.append(reply.answer.get("code", reply.status))

    threads = [threading.Thread(target=send, args=(mine,)) for mine in [*said, halts]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(replies) == CONNECTIONS * EACH + len(halts)
    assert set(replies) <= {"accepted", "instrument-state"}
    assert resting(in_memory(pit)) == resting(from_rows(pit))
    rows = pit.open_orders()
    for party in ("buyer", "third"):
        frozen = pit.held(f"{party}/trading", "CNY").get("frozen", 0)
        assert frozen == sum(row["frozen_fen"] for row in rows if row["party"] == party)
