"""日终对账: exactly what differs, and nothing goes on until a second officer explains it."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.accounts.cash.models import (
    cash_day_table,
    difference_table,
    movement_table,
    reconciliation_table,
)
from tests.factories.cash import (
    OFFICERS,
    OPERATORS,
    bank_account,
    deposit,
    deposit_body,
    pay,
    request_payout,
)
from tests.factories.market import DAY_MS, TODAY, TOMORROW, Floor
from tests.factories.scene import Scene


def row(reference: str, amount: int, direction: str = "in") -> dict[str, Any]:
    return {"reference": reference, "direction": direction, "amount_fen": amount}


def file(rows: list[dict[str, Any]], closing: int, day: str = TODAY) -> dict[str, Any]:
    return {
        "operator": "exchange",
        "date": day,
        "file_sha256": "f1" * 32,
        "closing_fen": closing,
        "rows": rows,
    }


def reconcile(stage: Scene, body: dict[str, Any]) -> None:
    stage.do("bank", "cash.reconcile", body, *OFFICERS)


def explain(stage: Scene, number: int, day: str = TODAY) -> str | None:
    body = {"date": day, "number": number, "ground": "银行更正", "document": "d"}
    return stage.say("exchange", "cash.explain", body, *OPERATORS).answer.get("code")


def found(stage: Scene) -> list[tuple[str, str | None, int]]:
    rows = stage.rows(difference_table)
    return [(r["kind"], r["reference"], r["difference_fen"]) for r in rows]


@pytest.fixture
def paid(stage: Scene) -> Scene:
    """Three deposits of one day."""
    for reference, amount in (("A", 100), ("B", 200), ("C", 300)):
        deposit(stage, "owner", amount, reference=reference)
    return stage


THREE = [row("A", 100), row("A", 100), row("C", 299)]
"""B left out, A doubled, C a fen short."""


def test_a_file_that_agrees_settles_its_day(paid: Scene) -> None:
    reconcile(paid, file([row("A", 100), row("B", 200), row("C", 300)], 600))
    assert found(paid) == []
    (day,) = paid.rows(cash_day_table)
    told = (day["closing_fen"], day["ledger_fen"], day["carried_fen"], day["rows"])
    assert told == (600, 600, 0, 3)
    assert {r["state"] for r in paid.rows(movement_table)} == {"reconciled"}
    (public,) = paid.rows(reconciliation_table)
    assert (public["state"], public["open"]) == ("settled", [])


def test_a_missing_a_doubled_and_a_one_fen_wrong_row_give_exactly_three(paid: Scene) -> None:
    reconcile(paid, file(THREE, 600))
    assert found(paid) == [("doubled", "A", 100), ("amount", "C", -1), ("missing", "B", -200)]
    (public,) = paid.rows(reconciliation_table)
    assert (public["state"], public["open"]) == ("unexplained", [1, 2, 3])


def test_open_differences_stop_payouts_until_each_is_explained(paid: Scene) -> None:
    early = request_payout(paid, "owner", 10)
    sent = request_payout(paid, "owner", 20)
    paid.do("bank", "cash.payout-sent", {"payout": sent}, *OFFICERS)
    reconcile(paid, file(THREE, 600))
    body = {"account": bank_account(paid, "owner"), "amount_fen": 1}
    reply = paid.say("owner", "cash.request-payout", body, "a", "b")
    open_ = [f"{TODAY}/{n}" for n in (1, 2, 3)]
    assert reply.answer["code"] == "cash-not-reconciled"
    assert reply.answer["params"] == {"open": open_, "missing": None}
    for type, more in (("payout-sent", {}), ("payout-paid", {"reference": "p"})):
        act = {"payout": early, **more}
        assert paid.refused("bank", f"cash.{type}", act, *OFFICERS) == "cash-not-reconciled"
    pay(paid, sent)  # it had left before: a fact that no rule undoes
    for number in (1, 2, 3):
        assert paid.refused("bank", "cash.payout-sent", {"payout": early}, *OFFICERS)
        assert explain(paid, number) is None
    pay(paid, early)
    (public,) = paid.rows(reconciliation_table)
    assert (public["state"], public["differences"], public["open"]) == ("settled", 3, [])


def test_open_differences_stop_the_next_opening(stage: Scene) -> None:
    floor = Floor(stage)
    floor.list()
    reconcile(stage, file([row("X", 5)], 0))
    body = {"venue": "zhejiang", "date": TODAY}
    reply = stage.say("exchange", "session.open", body, *OPERATORS)
    assert reply.answer["params"]["open"] == [f"{TODAY}/1"]
    assert explain(stage, 1) is None
    floor.open()


def test_a_venue_may_demand_the_file_of_the_trading_day_before(stage: Scene) -> None:
    floor = Floor(stage)
    floor.list()
    floor.rule("zhejiang.reconciliation", "needed")
    floor.next_day()
    body = {"venue": "zhejiang", "date": TOMORROW}
    reply = stage.say("exchange", "session.open", body, *OPERATORS)
    # 1 January is a closure that the venue's calendar may know; the day before is named.
    missing = reply.answer["params"]["missing"]
    assert reply.answer["code"] == "cash-not-reconciled" and missing < TOMORROW
    reconcile(stage, file([], 0, missing))
    floor.open(TOMORROW)


def test_a_second_officer_of_the_exchange_explains_once(paid: Scene) -> None:
    reconcile(paid, file(THREE, 600))
    body = {"date": TODAY, "number": 1, "ground": "g", "document": "d"}
    assert paid.refused("bank", "cash.explain", body, *OFFICERS) == "role-not-allowed"
    assert paid.refused("exchange", "cash.explain", body, OPERATORS[0]) == "four-eyes"
    assert explain(paid, 4) == "cash-difference-unknown"
    assert explain(paid, 1) is None
    assert explain(paid, 1) == "difference-explained"
    paid.admit("exchange-b", "exchange", 60)
    other = paid.refused("exchange-b", "cash.explain", {**body, "number": 2}, "a", "b")
    assert other == "cash-difference-unknown"


def test_whoever_signed_the_file_does_not_explain_it(paid: Scene) -> None:
    paid.admit("exchange-b", "exchange", 60, a="somebody")
    body = {**file(THREE, 600), "operator": "exchange-b"}
    key = paid.entry("bank", "two-hats", "somebody")
    paid.do("bank", "key.register", {"key": key}, *OFFICERS)
    paid.do("bank", "cash.reconcile", body, "bank-1", "two-hats")
    act = {"date": TODAY, "number": 1, "ground": "g", "document": "d"}
    assert paid.refused("exchange-b", "cash.explain", act, "a", "b") == "second-officer"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"operator": "owner"}, "operator-not-exchange"),
        ({"operator": "nobody"}, "party-unknown"),
        ({"date": TOMORROW}, "reconciliation-future"),
    ],
)
def test_a_file_of_the_wrong_exchange_or_day_is_refused(
    paid: Scene, change: dict[str, Any], code: str
) -> None:
    body = {**file([], 0), **change}
    assert paid.refused("bank", "cash.reconcile", body, *OFFICERS) == code


def test_days_are_reconciled_once_and_in_their_order(paid: Scene) -> None:
    paid.clock.time += DAY_MS
    body = file([], 600, TOMORROW)
    assert paid.refused("bank", "cash.reconcile", body, *OFFICERS) == "earlier-day-open"
    today = file([row("A", 100), row("B", 200), row("C", 300)], 600)
    reconcile(paid, today)
    assert paid.refused("bank", "cash.reconcile", today, *OFFICERS) == "day-reconciled"
    reconcile(paid, body)
    assert found(paid) == []


def test_after_the_cut_of_a_day_cash_counts_for_the_next(paid: Scene) -> None:
    reconcile(paid, file([row("A", 100), row("B", 200), row("C", 300)], 600))
    deposit(paid, "owner", 40, reference="D")
    late = deposit_body(paid, "owner", 1, date=TODAY)
    assert paid.refused("bank", "cash.deposit", late, *OFFICERS) == "day-reconciled"
    paid.clock.time += DAY_MS
    reconcile(paid, file([row("D", 40)], 640, TOMORROW))
    assert found(paid) == []


def test_what_the_file_had_and_the_record_lacked_is_stated_late(paid: Scene) -> None:
    rows = [row("A", 100), row("B", 200), row("C", 300), row("D", 40)]
    reconcile(paid, file(rows, 640))
    assert found(paid) == [("unknown", "D", 40)]
    for amount in (39, 41):
        wrong = deposit_body(paid, "owner", amount, reference="D", date=TODAY)
        code = paid.refused("bank", "cash.deposit", wrong, *OFFICERS)
        assert code == "movement-not-as-filed"
    other = deposit_body(paid, "owner", 40, reference="E", date=TODAY)
    assert paid.refused("bank", "cash.deposit", other, *OFFICERS) == "day-reconciled"
    deposit(paid, "owner", 40, reference="D", date=TODAY)
    assert explain(paid, 1) is None
    paid.clock.time += DAY_MS
    reconcile(paid, file([], 640, TOMORROW))
    assert [r["carried_fen"] for r in paid.rows(cash_day_table)] == [0, 0]


def test_what_the_file_had_twice_is_stated_late_as_its_first_row_says(paid: Scene) -> None:
    rows = [row("A", 100), row("B", 200), row("C", 300), row("D", 40), row("D", 50)]
    reconcile(paid, file(rows, 690))
    assert found(paid) == [("unknown", "D", 40), ("doubled", "D", 50)]
    doubled = deposit_body(paid, "owner", 50, reference="D", date=TODAY)
    assert paid.refused("bank", "cash.deposit", doubled, *OFFICERS) == "movement-not-as-filed"
    deposit(paid, "owner", 40, reference="D", date=TODAY)


def test_money_that_went_out_is_not_stated_late_as_money_that_came_in(paid: Scene) -> None:
    rows = [row("A", 100), row("B", 200), row("C", 300), row("D", 40, "out")]
    reconcile(paid, file(rows, 560))
    wrong = deposit_body(paid, "owner", 40, reference="D", date=TODAY)
    reply = paid.say("bank", "cash.deposit", wrong, *OFFICERS)
    assert reply.answer["code"] == "movement-not-as-filed"
    assert reply.answer["params"] == {"field": "amount_fen", "filed_fen": -40}


def test_a_fen_that_nobody_put_right_is_carried_and_not_said_again(paid: Scene) -> None:
    reconcile(paid, file([row("A", 100), row("B", 200), row("C", 299)], 599))
    assert found(paid) == [("amount", "C", -1)]
    assert explain(paid, 1) is None
    paid.clock.time += DAY_MS
    deposit(paid, "owner", 10, reference="E")
    reconcile(paid, file([row("E", 10)], 609, TOMORROW))
    assert len(found(paid)) == 1
    assert paid.rows(cash_day_table)[1]["carried_fen"] == -1
