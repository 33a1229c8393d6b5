"""冲正: a wrong amount is reversed and restated; what an account lacks is claimed."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from ledger.accounts.book import book
from ledger.accounts.cash.correcting import _check_moves
from ledger.accounts.cash.models import (
    CORRECTION_MOVES,
    CorrectionState,
    cash_day_table,
    correction_table,
    difference_table,
    movement_table,
    payout_table,
    receipt_table,
)
from ledger.accounts.cash.queries import FAULTS, identity
from ledger.accounts.claims import claim_table
from ledger.writer.errors import Refusal
from tests.factories.audits import faults_after_rebuild, sealed
from tests.factories.cash import OFFICERS, bank_account, deposit, pay, request_payout
from tests.factories.claims import claimed, freeze, holding
from tests.factories.market import DAY_MS, TODAY, TOMORROW
from tests.factories.scene import OFFICERS as REGISTRAR
from tests.factories.scene import Scene
from tests.ledger.accounts.cash.test_reconciling import explain, file, found, reconcile, row

OWN, BUYERS = "owner/trading", "buyer/trading"


@pytest.fixture
def paid(stage: Scene) -> Scene:
    """The owner was credited with 300 fen under the bank's reference C."""
    deposit(stage, "owner", 300, reference="C")
    return stage


def body(amount: int, reference: str = "C") -> dict[str, Any]:
    return {"reference": reference, "amount_fen": amount, "document": "更正通知1"}


def correct(stage: Scene, amount: int, reference: str = "C") -> str:
    name = stage.do("bank", "cash.correct", body(amount, reference), *OFFICERS)
    whole(stage)
    return name


def refused(stage: Scene, amount: int, reference: str = "C") -> str:
    return stage.refused("bank", "cash.correct", body(amount, reference), *OFFICERS)


def whole(stage: Scene) -> None:
    with stage.ledger.record.reading() as connection:
        figures = identity(connection)
    assert not any(figures[name] for name in FAULTS), figures


def moved(stage: Scene) -> list[tuple[str, int, str | None, str]]:
    rows = sorted(stage.rows(movement_table), key=lambda r: (r["index"], r["reference"]))
    return [(r["act"], r["signed_fen"], r["corrects"], r["state"]) for r in rows]


def states(stage: Scene) -> list[str]:
    rows = sorted(stage.rows(correction_table), key=lambda r: r["index"])
    return [row["state"] for row in rows]


@pytest.mark.parametrize("amount", [299, 301, 0])
def test_before_its_file_a_movement_is_put_right_and_the_file_agrees(
    paid: Scene, amount: int
) -> None:
    correct(paid, amount)
    assert moved(paid) == [
        ("deposit", 300, None, "open"),
        ("reversal", -300, "C", "open"),
        ("restated", amount, "C", "open"),
    ]
    assert holding(paid, OWN, "CNY") == ({"available": amount} if amount else {})
    reconcile(paid, file([row("C", amount)] if amount else [], amount))
    assert found(paid) == []
    assert {r["state"] for r in paid.rows(movement_table)} == {"reconciled"}


def test_after_its_file_it_becomes_what_the_file_says_and_the_day_balances(paid: Scene) -> None:
    reconcile(paid, file([row("C", 299)], 299))
    assert found(paid) == [("amount", "C", -1)]
    for amount in (298, 301):
        assert refused(paid, amount) == "correction-against-file"
    correct(paid, 299)
    (difference,) = paid.rows(difference_table)
    assert difference["late_fen"] == difference["difference_fen"] == -1
    (day,) = paid.rows(cash_day_table)
    assert day["closing_fen"] == day["ledger_fen"] + day["carried_fen"] + day["late_fen"] == 299
    assert [state for *_, state in moved(paid)] == ["reconciled", "late", "late"]
    assert explain(paid, 1) is None  # the exchange still says that it has seen why
    paid.clock.time += DAY_MS
    reconcile(paid, file([], 299, TOMORROW))
    assert [r["carried_fen"] for r in paid.rows(cash_day_table)] == [0, 0]
    assert len(found(paid)) == 1


def test_what_the_bank_never_had_is_taken_back_whole(paid: Scene) -> None:
    reconcile(paid, file([], 0))
    assert found(paid) == [("missing", "C", -300)]
    assert refused(paid, 1) == "correction-against-file"
    correct(paid, 0)
    assert holding(paid, OWN, "CNY") == {}


def test_what_the_file_agrees_with_is_not_changed(paid: Scene) -> None:
    reconcile(paid, file([row("C", 300)], 300))
    assert refused(paid, 299) == "correction-against-file"
    late = {"reference": "D", "amount_fen": 5, "direction": "in"}
    paid.clock.time += DAY_MS
    reconcile(paid, file([late], 305, TOMORROW))
    deposit(paid, "owner", 5, reference="D", date=TOMORROW)
    assert [r["late_fen"] for r in paid.rows(difference_table)] == [5]
    assert refused(paid, 6, "D") == "correction-against-file"


def test_a_second_correction_starts_from_the_first(paid: Scene) -> None:
    correct(paid, 200)
    correct(paid, 250)
    assert holding(paid, OWN, "CNY") == {"available": 250}
    assert [fen for _, fen, _, _ in moved(paid)] == [300, -300, 200, -200, 250]
    assert refused(paid, 250) == "correction-void"


@pytest.mark.parametrize(("right", "left"), [(90, 210), (110, 190), (0, 300)])
def test_a_payout_is_corrected_as_it_left(paid: Scene, right: int, left: int) -> None:
    reference = pay(paid, request_payout(paid, "owner", 100))
    correct(paid, right, reference)
    assert holding(paid, OWN, "CNY") == {"available": left}
    assert holding(paid, "bank/omnibus", "CNY") == {"available": -left}
    rows = [row("C", 300), *([row(reference, right, "out")] if right else [])]
    reconcile(paid, file(rows, left))
    assert found(paid) == []


def test_the_statement_of_account_shows_both_lines_and_what_was_held_after_each(
    paid: Scene,
) -> None:
    correct(paid, 299)
    record = paid.ledger.record
    with record.reading() as connection:
        told = book(connection, record.head(connection).size, OWN, 0, 1 << 53, "CNY")
    lines = [(line.type, line.change, after["available"]) for line, after in told.lines()]
    assert lines == [
        ("cash.deposit", {"available": 300}, 300),
        ("cash.correct", {"available": -1}, 299),
    ]
    assert told.closing["CNY"]["available"] == 299


@pytest.mark.parametrize("place", ["post", "note_late"])
def test_a_correction_that_forgets_a_step_is_found(
    paid: Scene, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    reconcile(paid, file([row("C", 299)], 299))
    monkeypatch.setattr(f"ledger.accounts.cash.correcting.{place}", lambda *_, **__: None)
    paid.do("bank", "cash.correct", body(299), *OFFICERS)
    with paid.ledger.record.reading() as connection:
        figures = identity(connection)
    (day,) = paid.rows(cash_day_table)
    balanced = day["closing_fen"] == day["ledger_fen"] + day["carried_fen"] + day["late_fen"]
    missed = {"post": ({"moved"}, True), "note_late": (set(), False)}[place]
    assert ({name for name in FAULTS if figures[name]}, balanced) == missed


def test_a_receipt_is_corrected_in_suspense_and_where_it_went(paid: Scene) -> None:
    stated = {"amount_fen": 70, "reference": "S"}
    receipt = paid.do("bank", "cash.receive", stated, *OFFICERS)
    assert refused(paid, 0, "S") == "movement-not-corrected"
    correct(paid, 71, "S")
    assert holding(paid, "bank/suspense", "CNY") == {"available": 71}
    returned = {"receipt": receipt, "reference": "R"}
    paid.do("bank", "cash.return", returned, *OFFICERS)
    assert [row["amount_fen"] for row in paid.rows(receipt_table)] == [71]
    assert refused(paid, 72, "S") == "receipt-closed"
    assert refused(paid, 72, "R") == "movement-not-corrected"


def test_a_receipt_that_was_corrected_is_its_partys_with_both_lines(paid: Scene) -> None:
    stated = {"amount_fen": 70, "reference": "S"}
    receipt = paid.do("bank", "cash.receive", stated, *OFFICERS)
    correct(paid, 71, "S")
    own = {"account": bank_account(paid, "buyer"), "payer": "buyer", "party": "buyer"}
    identified = {"receipt": receipt, "document": "d", **own}
    paid.do("bank", "cash.identify", identified, *OFFICERS)
    assert holding(paid, BUYERS, "CNY") == {"available": 71}
    rows = [row for row in paid.rows(movement_table) if row["party"] == "buyer"]
    assert sorted(row["signed_fen"] for row in rows) == [-70, 70, 71]
    correct(paid, 60, "S")
    assert holding(paid, BUYERS, "CNY") == {"available": 60}


def test_what_was_spent_is_claimed_and_collected_when_it_comes_in(paid: Scene) -> None:
    pay(paid, request_payout(paid, "owner", 250))
    name = correct(paid, 100)
    assert states(paid) == ["claimed"]
    assert claimed(paid, name) == (50, 150)
    assert holding(paid, OWN, "CNY") == {"frozen": 50}
    assert [act for act, *_ in moved(paid)] == ["deposit", "payout"]
    collected = {"correction": name}
    reply = paid.say("bank", "cash.collect", collected, *OFFICERS)
    assert (reply.answer["code"], reply.answer["params"]["missing_fen"]) == (
        "correction-waits",
        150,
    )
    deposit(paid, "owner", 180, reference="E")
    assert holding(paid, OWN, "CNY") == {"available": 30, "frozen": 200}
    paid.do("bank", "cash.collect", collected, *OFFICERS)
    whole(paid)
    assert states(paid) == ["posted"]
    assert holding(paid, OWN, "CNY") == {"available": 30}
    assert {row["state"] for row in paid.rows(claim_table)} == {"ended"}
    assert paid.refused("bank", "cash.collect", collected, *OFFICERS) == "correction-closed"


def test_what_a_day_differed_by_while_it_was_claimed_is_put_right_when_it_is_collected(
    paid: Scene,
) -> None:
    pay(paid, request_payout(paid, "owner", 300), date=TODAY)
    out = next(r["reference"] for r in paid.rows(movement_table) if r["act"] == "payout")
    name = correct(paid, 299)
    reconcile(paid, file([row("C", 299), row(out, 300, "out")], 0))
    assert found(paid) == [("amount", "C", -1)]
    assert explain(paid, 1) is None
    deposit(paid, "owner", 9)
    paid.do("bank", "cash.collect", {"correction": name}, *OFFICERS)
    whole(paid)
    assert [r["late_fen"] for r in paid.rows(difference_table)] == [-1]


def test_payouts_that_the_bank_has_not_begun_make_room(paid: Scene) -> None:
    payout = request_payout(paid, "owner", 300)
    correct(paid, 100)
    assert {r["payout"]: r["state"] for r in paid.rows(payout_table)} == {payout: "cancelled"}
    assert states(paid) == ["posted"]
    assert holding(paid, OWN, "CNY") == {"available": 100}


def test_an_older_freeze_comes_first(paid: Scene) -> None:
    held = freeze(paid, 280, asset="CNY")
    name = correct(paid, 200)
    assert (claimed(paid, held), claimed(paid, name)) == ((280, 0), (20, 80))


def test_a_claim_that_was_wrong_itself_is_withdrawn_by_the_right_amount(paid: Scene) -> None:
    pay(paid, request_payout(paid, "owner", 250))
    correct(paid, 100)
    correct(paid, 280)
    assert states(paid) == ["withdrawn", "posted"]
    assert holding(paid, OWN, "CNY") == {"available": 30}
    correct(paid, 0)
    correct(paid, 280)  # as it stood: nothing is left to correct
    assert states(paid) == ["withdrawn", "posted", "withdrawn"]
    assert holding(paid, OWN, "CNY") == {"available": 30}


def test_what_one_party_owes_is_never_taken_from_another(stage: Scene) -> None:
    deposit(stage, "buyer", 500)
    deposit(stage, "owner", 100, reference="C")
    pay(stage, request_payout(stage, "owner", 100))
    correct(stage, 1)
    assert holding(stage, BUYERS, "CNY") == {"available": 500}


def test_a_party_does_not_leave_while_the_bank_waits_for_its_cash(paid: Scene) -> None:
    pay(paid, request_payout(paid, "owner", 300))
    correct(paid, 299)
    closing = {"party": "owner", "document": "d"}
    assert paid.refused("registrar", "party.close", closing, *REGISTRAR) == "closing-correction"
    correct(paid, 300)
    paid.do("registrar", "party.close", closing, *REGISTRAR)


def test_it_takes_two_officers_of_the_settlement_bank_and_a_movement(paid: Scene) -> None:
    assert paid.refused("bank", "cash.correct", body(1), OFFICERS[0]) == "four-eyes"
    assert paid.refused("owner", "cash.correct", body(1), "a", "b") == "role-not-allowed"
    assert refused(paid, 1, "nothing") == "cash-movement-unknown"
    name = correct(paid, 200)
    assert refused(paid, 1, f"{name}/1") == "movement-not-corrected"
    missing = {"correction": "nothing"}
    assert paid.refused("bank", "cash.collect", missing, *OFFICERS) == "cash-correction-unknown"
    assert paid.refused("bank", "cash.collect", missing, OFFICERS[0]) == "four-eyes"
    paid.admit("bank-b", "bank", 61)
    assert paid.refused("bank-b", "cash.correct", body(1), "a", "b") == "not-settlement-bank"
    assert paid.refused("bank-b", "cash.collect", missing, "a", "b") == "not-settlement-bank"


@pytest.mark.parametrize(
    ("before", "after"), list(itertools.product(CorrectionState, CorrectionState))
)
def test_every_pair_of_states(before: CorrectionState, after: CorrectionState) -> None:
    row = {"state": before}
    if after in CORRECTION_MOVES[before]:
        assert before == CorrectionState.CLAIMED
        _check_moves(row, after)
    else:
        with pytest.raises(Refusal) as caught:
            _check_moves(row, after)
        assert caught.value.code == "correction-closed"


def test_each_reader_can_check_corrections_and_they_are_rebuilt(paid: Scene) -> None:
    correct(paid, 299)
    pay(paid, request_payout(paid, "owner", 299))
    correct(paid, 200)
    assert states(paid) == ["posted", "claimed"]
    assert sealed(paid, supervisor=False)
    assert not sealed(paid, supervisor=True)
    assert faults_after_rebuild(paid) == []
