"""Each rule that an order may break has a code of its own; a rehearsal names all at once."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.writer.context import Signer
from ledger.writer.rehearsal import rehearse
from tests.factories.market import EXCHANGE, REGULATOR
from tests.factories.orders import Pit, profile
from tests.factories.scene import ORIGIN

MOST = 2**53 - 1


def faults(pit: Pit, type: str, body: dict[str, Any], party: str = "buyer") -> list[str]:
    """The codes of every rule that a statement would break; nothing is written."""
    person = Signer("0" * 32, "a", f"{party}.a")
    ledger = pit.stage.ledger
    with ledger.record.reading() as connection:
        made = rehearse(
            ledger.engine, connection, ORIGIN, type, party, body, (person,), pit.stage.clock.now()
        )
    return [fault.code for fault in made.faults]


def test_rules_of_price_size_kind_and_validity(pit: Pit) -> None:
    pit.rule("book.continuous.tick-fen", "5")
    pit.rule("book.continuous.lot", "10")
    pit.rule("book.continuous.size-from", "20")
    pit.rule("book.continuous.size-below", "500")
    pit.rule("book.continuous.order-kinds", "limit,market-to-limit,post-only")
    assert pit.put_refused("buy", 7_001, 20) == "price-off-tick"
    assert pit.put_refused("buy", 7_785, 20) == "price-outside-band"
    assert pit.put_refused("buy", 6_365, 20) == "price-outside-band"
    assert pit.put_refused("buy", 7_000, 25) == "quantity-off-lot"
    assert pit.put_refused("buy", 7_000, 10) == "quantity-too-small"
    assert pit.put_refused("buy", 7_000, 500) == "quantity-too-large"
    assert pit.put_refused("buy", 7_000, 20, kind="fok") == "order-kind-not-allowed"
    assert pit.put_refused("buy", None, 20) == "price-missing"
    assert pit.put_refused("buy", 7_000, 20, kind="market-to-limit") == "price-superfluous"
    assert pit.put_refused("buy", None, 20, kind="market-to-limit") == "no-price"
    assert pit.put_refused("buy", 7_000, 20, until="2025-12-31") == "order-expired"
    assert pit.put_refused("buy", 7_000, 20, until="2026-01-31") == "validity-too-long"
    pit.buy(6_370, 20, until="2026-01-30")
    pit.buy(7_780, 20)
    assert pit.put_refused("sell", 7_780, 20, "owner", kind="post-only") == "would-take"
    assert pit.put_refused("buy", 7_000, 1_500_000_000_000_000, "third") == "quantity-too-large"


def test_a_rehearsal_names_every_rule_that_is_broken_and_writes_nothing(pit: Pit) -> None:
    before = pit.stage.ledger.entrance
    body = pit.body("buy", 9_999, 10, kind="ioc", until="2027-01-01")
    pit.rule("book.continuous.order-kinds", "limit")
    pit.rule("book.continuous.lot", "3")
    pit.rule("book.continuous.position-limit", "9")
    assert faults(pit, "order.place", body) == [
        "order-kind-not-allowed",
        "validity-too-long",
        "price-outside-band",
        "quantity-off-lot",
        "position-over-limit",
    ]
    assert faults(pit, "order.place", pit.body("sell", 7_000, 3)) == ["balance-short"]
    assert pit.open_orders() == [] and before is pit.stage.ledger.entrance
    assert faults(pit, "order.place", pit.body("buy", 7_000, 3)) == []
    assert faults(pit, "order.cancel", {"order": "0" * 32}) == ["order-unknown"]


def test_a_rehearsal_sees_the_book_and_leaves_it_alone(pit: Pit) -> None:
    pit.sell(7_000, 5)
    taking = pit.body("buy", 7_000, 5)
    assert faults(pit, "order.place", taking) == []
    assert faults(pit, "order.place", {**taking, "kind": "post-only"}) == ["would-take"]
    assert faults(pit, "order.cancel-all", {}) == []
    name = pit.buy(6_900, 5)
    for type, more in (("order.reduce", {}), ("order.replace", {"price_fen": 7_000})):
        assert faults(pit, type, {"order": name, "quantity": 2, **more}) == []
        assert faults(pit, type, {"order": name, "quantity": 2, **more}, "third") == [
            "order-of-another"
        ]
    assert faults(pit, "self-trade.set", {"rule": "both"}) == []
    assert pit.trades() == []


def test_who_may_not_trade_and_where_nothing_may_be_traded(pit: Pit) -> None:
    stage = pit.stage
    assert pit.put_refused("sell", 7_000, 901, "owner") == "balance-short"
    assert pit.put_refused("buy", 7_000, 1_500) == "balance-short"
    assert pit.put_refused("buy", 7_000, 1, instrument="NONE") == "instrument-unknown"
    body = pit.body("buy", 7_000, 1)
    assert stage.refused("vvb1", "order.place", body, "a") == "role-not-allowed"
    stage.do("regulator", "party.suspend", {"party": "third", "document": "d"}, *REGULATOR)
    assert pit.put_refused("buy", 7_000, 1, "third") == "party-suspended"
    pit.rule("FS.continuous.eligible-roles", "bank")
    assert pit.put_refused("buy", 7_000, 1) == "trader-not-eligible"
    stage.do("exchange", "instrument.suspend", {"instrument": "FS", "document": "d"}, *EXCHANGE)
    assert pit.put_refused("buy", 7_000, 1) == "instrument-state"
    stage.do("exchange", "instrument.delist", {"instrument": "FS", "document": "d"}, *EXCHANGE)
    assert pit.put_refused("buy", 7_000, 1) == "instrument-state"


def test_hours_sessions_methods_and_their_legal_basis(pit: Pit) -> None:
    pit.later(5 * 60)  # 15:00: the scheduler has closed
    assert pit.put_refused("buy", 7_000, 1) == "session-closed"
    pit.later(19 * 60 - 50)  # 09:10 on Friday
    pit.open("2026-01-02")
    assert pit.put_refused("buy", 7_000, 1) == "outside-hours"
    pit.later(17)  # 09:27, between call and book
    assert pit.put_refused("buy", 7_000, 1) == "outside-hours"
    pit.later(5)
    pit.buy(7_000, 1)
    pit.rule("book.methods", "10", "2026-01-02")
    assert pit.put_refused("buy", 7_000, 1) == "method-not-open"


def test_a_method_that_the_law_restricts_needs_a_stated_basis(pit: Pit) -> None:
    rules = {code: value for code, value in profile().items() if "legal-basis" not in code}
    pit.state(rules, "lawless")
    pit.list("Z", venue="lawless")
    opened = {"venue": "lawless", "date": "2026-01-01"}
    pit.stage.do("exchange", "session.open", opened, *EXCHANGE)
    assert pit.put_refused("buy", 7_000, 1, instrument="Z") == "legal-basis-missing"
    pit.rule("lawless.continuous.legal-basis", "示范")
    pit.buy(7_000, 1, instrument="Z")


def test_an_order_is_its_owners_and_ends_once(pit: Pit) -> None:
    name = pit.buy(7_000, 10)
    unknown = {"order": "f" * 32}
    for type, more in (
        ("order.cancel", {}),
        ("order.reduce", {"quantity": 1}),
        ("order.replace", {"quantity": 1, "price_fen": 7_000}),
    ):
        assert pit.stage.refused("buyer", type, {**unknown, **more}, "a") == "order-unknown"
        other = {"order": name, **more}
        assert pit.stage.refused("third", type, other, "a") == "order-of-another"
    pit.cancel(name)
    for type, more in (
        ("order.cancel", {}),
        ("order.reduce", {"quantity": 1}),
        ("order.replace", {"quantity": 1, "price_fen": 7_000}),
    ):
        ended = {"order": name, **more}
        assert pit.stage.refused("buyer", type, ended, "a") == "order-closed"


def test_an_order_is_taken_once_however_often_it_comes(pit: Pit) -> None:
    body = {**pit.body("buy", 7_000, 10), "salt": "ab" * 16}
    submission = pit.stage.write("buyer", "order.place", body, "a")
    first, again = (pit.stage.ledger.entrance.submit(submission.encode()) for _ in range(2))
    assert (first.status, again.status) == ("accepted", "replayed")
    assert len(pit.open_orders()) == 1
    pit.stage.do(
        "buyer", "order.place", body, "a"
    )  # the same words under another id: another order
    assert len(pit.open_orders()) == 2


@pytest.mark.parametrize("ordered", [4, 5])
def test_the_position_counts_what_open_orders_may_still_buy(pit: Pit, ordered: int) -> None:
    pit.rule("book.continuous.position-limit", "10")
    pit.sell(7_000, 3)
    pit.buy(7_000, 3)  # held
    name = pit.buy(6_900, ordered)  # ordered
    body = pit.body("buy", 6_900, 3)
    refused = pit.stage.say("buyer", "order.place", body, "a")
    assert (refused.status == "accepted") is (ordered == 4)
    replaced = {"order": name, "price_fen": 6_900, "quantity": ordered}
    pit.stage.do("buyer", "order.replace", replaced, "a")  # its own part is not counted twice


def test_a_sum_that_no_statement_can_state_is_refused_and_no_defect(pit: Pit) -> None:
    """At 70.75 and a fee of a thousandth: the amount can be stated, and with its fee it cannot."""
    quantity = MOST // 7_075
    assert pit.put_refused("buy", 7_075, quantity) == "value-too-large"
    assert pit.put_refused("buy", 7_075, quantity * 999 // 1_000) == "balance-short"
    name = pit.buy(7_000, 1)
    body = {"order": name, "price_fen": 7_075, "quantity": quantity}
    assert pit.stage.refused("buyer", "order.replace", body, "a") == "value-too-large"
    beyond = faults(pit, "order.place", pit.body("buy", 7_075, MOST))
    assert set(beyond) == {"value-too-large"}
