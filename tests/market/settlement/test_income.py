"""Fees are the exchange's income, which it is paid out in the way of everybody's cash."""

from __future__ import annotations

from ledger.accounts.cash.queries import FAULTS, identity
from tests.factories.cash import pay, request_payout
from tests.factories.market import BANK, Floor


def test_the_exchange_is_paid_its_income(floor: Floor) -> None:
    floor.prepare()
    floor.rule("zhejiang.10.fee-buyer-rate", "0.001")
    floor.rule("zhejiang.10.fee-seller-rate", "0.001")
    floor.take(floor.place(7_000, 100), 100)  # 700,000 fen, of which each side pays 700
    income = {"available": 1_400}
    assert floor.held("exchange/income", "CNY") == income
    with floor.stage.ledger.record.reading() as connection:
        assert identity(connection)["income"] == 1_400
    payout = request_payout(floor.stage, "exchange", 1_000)
    assert floor.held("exchange/income", "CNY") == {"available": 400, "in_transfer": 1_000}
    pay(floor.stage, payout)
    assert floor.held("exchange/income", "CNY") == {"available": 400}
    with floor.stage.ledger.record.reading() as connection:
        figures = identity(connection)
    assert (figures["income"], figures["omnibus"]) == (400, 20_000_000 - 1_000)
    assert not any(figures[name] for name in FAULTS)


def test_income_that_is_not_there_is_not_taken_back_and_never_below_zero(floor: Floor) -> None:
    floor.prepare()
    floor.rule("zhejiang.10.fee-buyer-rate", "0.001")
    floor.take(floor.place(7_000, 100), 100)
    reference = pay(floor.stage, request_payout(floor.stage, "exchange", 600))
    correction = {"reference": reference, "amount_fen": 701, "document": "d"}
    code = floor.stage.refused("bank", "cash.correct", correction, *BANK)
    assert code == "balance-short"
    assert floor.held("exchange/income", "CNY") == {"available": 100}
    floor.stage.do("bank", "cash.correct", {**correction, "amount_fen": 700}, *BANK)
    assert floor.held("exchange/income", "CNY") == {}
