"""The identity of cash under every act in any order; a fault that is planted is found."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Connection, update

from ledger.accounts.cash.models import (
    KINDS,
    correction_table,
    movement_table,
    payout_table,
    receipt_table,
)
from ledger.accounts.cash.queries import FAULTS, identity
from ledger.accounts.models import BUCKETS, balance_table
from tests.factories.audits import columns_missed, faults_after_rebuild
from tests.factories.cash import OFFICERS, OPERATORS, bank_account, deposit, request_payout
from tests.factories.claims import COURT, freeze_body, numbered
from tests.factories.market import DAY_MS
from tests.factories.scene import OFFICERS as REGISTRAR
from tests.factories.scene import Scene, scene

PARTIES = ("owner", "buyer")
PEOPLE: Mapping[str, tuple[str, ...]] = {"bank": OFFICERS, "exchange": OPERATORS}
AMOUNTS = st.integers(1, 500)


class CashDays(RuleBasedStateMachine):
    """Deposits, suspense, payouts, freezes and files; answers may be refusals, never faults."""

    def __init__(self) -> None:
        super().__init__()
        self._exit = ExitStack()
        home = Path(self._exit.enter_context(tempfile.TemporaryDirectory())) / "home"
        self.stage = self._exit.enter_context(scene(home, None))
        self.stage.cast()
        self.accounts = {party: bank_account(self.stage, party) for party in PARTIES}
        self.receipts: list[str] = []
        self.payouts: list[str] = []
        self.freezes: list[str] = []
        self.count = 0

    def teardown(self) -> None:
        self._exit.close()

    def say(self, party: str, type: str, body: dict[str, Any], *signers: str) -> str | None:
        """What was said, by its id, where it was accepted."""
        before = self.rows()
        submission = self.stage.write(party, type, body, *(signers or PEOPLE.get(party, "ab")))
        reply = self.stage.ledger.entrance.submit(submission.encode())
        assert reply.status in ("accepted", "refused"), reply
        if reply.status == "accepted":
            return submission.envelope.payload.id
        assert self.rows() == before
        return None

    def rows(self) -> list[Any]:
        tables = (balance_table, correction_table, movement_table, payout_table, receipt_table)
        return [self.stage.rows(table) for table in tables]

    def reference(self, fresh: bool) -> str:
        self.count += fresh
        return f"r-{self.count}"

    @rule(party=st.sampled_from(PARTIES), amount=AMOUNTS, fresh=st.booleans(), own=st.booleans())
    def pay_in(self, party: str, amount: int, fresh: bool, own: bool) -> None:
        paid = {"party": party, "amount_fen": amount, "reference": self.reference(fresh)}
        payer = {"account": self.accounts[party], "payer": party if own else "somebody"}
        said = self.say("bank", "cash.deposit", {**paid, **payer})
        assert own or said is None

    @rule(amount=AMOUNTS)
    def receive(self, amount: int) -> None:
        body = {"amount_fen": amount, "reference": self.reference(True)}
        if said := self.say("bank", "cash.receive", body):
            self.receipts.append(said)

    @precondition(lambda self: self.receipts)
    @rule(party=st.sampled_from(PARTIES), back=st.booleans(), data=st.data())
    def conclude(self, party: str, back: bool, data: Any) -> None:
        receipt = {"receipt": data.draw(st.sampled_from(self.receipts))}
        if back:
            reference = {"reference": self.reference(True)}
            self.say("bank", "cash.return", {**receipt, **reference})
            return
        own = {"account": self.accounts[party], "payer": party, "party": party, "document": "d"}
        self.say("bank", "cash.identify", {**receipt, **own})

    @rule(party=st.sampled_from(PARTIES), amount=AMOUNTS)
    def ask(self, party: str, amount: int) -> None:
        body = {"account": self.accounts[party], "amount_fen": amount}
        if said := self.say(party, "cash.request-payout", body):
            self.payouts.append(said)

    @precondition(lambda self: self.payouts)
    @rule(act=st.sampled_from(("sent", "paid", "failed", "cancel")), data=st.data())
    def go_on(self, act: str, data: Any) -> None:
        payout = data.draw(st.sampled_from(self.payouts))
        more: dict[str, Any] = {"failed": {"reason": "r"}}.get(act, {})
        if act == "paid":
            more = {"reference": self.reference(True)}
        if act == "cancel":
            for party in PARTIES:
                self.say(party, "cash.cancel-payout", {"payout": payout})
            return
        self.say("bank", f"cash.payout-{act}", {"payout": payout, **more})

    @precondition(lambda self: self.stage.rows(movement_table))
    @rule(amount=st.integers(0, 500), chance=st.integers(0, 1 << 20))
    def correct(self, amount: int, chance: int) -> None:
        """Any amount for any movement: before its file freely, after it as the file says."""
        rows = self.stage.rows(movement_table)
        body = {"reference": rows[chance % len(rows)]["reference"], "amount_fen": amount}
        self.say("bank", "cash.correct", {**body, "document": "d"})

    @rule(chance=st.integers(0, 1 << 20))
    def collect(self, chance: int) -> None:
        rows = self.stage.rows(correction_table)
        names = [row["correction"] for row in rows if row["state"] == "claimed"]
        if names:
            body = {"correction": names[chance % len(names)]}
            self.say("bank", "cash.collect", body)

    @rule(party=st.sampled_from(PARTIES), amount=AMOUNTS)
    def freeze(self, party: str, amount: int) -> None:
        body = freeze_body(amount, asset="CNY", party=party, document=numbered(self.stage))
        if said := self.say("registrar", "freeze.order", body, *REGISTRAR):
            self.freezes.append(said)

    @precondition(lambda self: self.freezes)
    @rule(execute=st.booleans(), amount=AMOUNTS, data=st.data())
    def unfreeze(self, execute: bool, amount: int, data: Any) -> None:
        body = {"freeze": data.draw(st.sampled_from(self.freezes)), "quantity": amount, **COURT}
        more = {"receiver": "buyer"} if execute else {}
        kind = "execute" if execute else "lift"
        self.say("registrar", f"freeze.{kind}", {**body, **more}, *REGISTRAR)

    @rule(wrong=st.integers(0, 2))
    def reconcile(self, wrong: int) -> None:
        """The file of today, with so many fen too much; what differs is explained at once."""
        now = self.stage.clock.now()
        day = f"2026-01-{1 + (now - 1_767_225_600_000) // DAY_MS:02d}"
        sums: Counter[str] = Counter()
        for row in self.stage.rows(movement_table):
            if row["date"] == day:
                sums[row["corrects"] or row["reference"]] += row["signed_fen"]
        told = [
            {
                "reference": reference,
                "direction": "in" if fen > 0 else "out",
                "amount_fen": abs(fen),
            }
            for reference, fen in sums.items()
            if fen
        ]
        with self.stage.ledger.record.reading() as connection:
            omnibus = identity(connection)["omnibus"]
        body = {
            "operator": "exchange",
            "date": day,
            "file_sha256": "f" * 64,
            "closing_fen": omnibus + wrong,
            "rows": told,
        }
        if self.say("bank", "cash.reconcile", body):
            explained = {"date": day, "number": 1, "ground": "g", "document": "d"}
            self.say("exchange", "cash.explain", explained)
        self.stage.clock.time += DAY_MS

    @invariant()
    def the_cash_is_whose_the_acts_say(self) -> None:
        with self.stage.ledger.record.reading() as connection:
            figures = identity(connection)
        assert not any(figures[name] for name in FAULTS), figures
        for row in self.stage.rows(balance_table):
            if row["account"] != "bank/omnibus":
                assert all(row[bucket] >= 0 for bucket in BUCKETS)


CashDays.TestCase.settings = settings(
    max_examples=6, stateful_step_count=25, deadline=None, parent=settings()
)
TestCashDays = CashDays.TestCase


@pytest.fixture
def busy(stage: Scene) -> Scene:
    """Cash in every part of the identity but income."""
    deposit(stage, "owner", 1_000)
    stage.do("bank", "cash.receive", {"amount_fen": 70, "reference": "S"}, *OFFICERS)
    request_payout(stage, "owner", 300)
    stage.do("registrar", "freeze.order", freeze_body(200, asset="CNY"), *REGISTRAR)
    return stage


def figures_of(connection: Connection) -> dict[str, int]:
    return {name: value for name, value in identity(connection).items() if value}


def test_the_parts_are_told_apart(busy: Scene) -> None:
    with busy.ledger.record.reading() as connection:
        assert figures_of(connection) == {
            "omnibus": 1_070,
            "available": 500,
            "frozen": 200,
            "suspense": 70,
            "in_payout": 300,
        }


OWN = (balance_table.c.account == "owner/trading") & (balance_table.c.asset == "CNY")
OMNIBUS = balance_table.c.account == "bank/omnibus"


@pytest.mark.parametrize(
    ("planted", "wanted"),
    [
        (update(balance_table).where(OWN).values(available=501), {"difference"}),
        (update(balance_table).where(OMNIBUS).values(available=-1_071), {"difference", "moved"}),
        (update(balance_table).where(OWN).values(available=501, in_transfer=299), {"under_way"}),
        (update(balance_table).where(OWN).values(available=-1, frozen=701), {"below_zero"}),
        (update(receipt_table).values(state="returned"), {"unidentified"}),
        (update(payout_table).values(state="paid"), {"under_way"}),
        (update(movement_table).values(signed_fen=1_000), {"moved"}),
    ],
)
def test_a_planted_fault_is_found(busy: Scene, planted: Any, wanted: set[str]) -> None:
    with busy.ledger.record.database.connect() as connection:
        connection.execute(planted)
        figures = identity(connection)
        connection.rollback()
    assert {name for name in FAULTS if figures[name]} == wanted


def test_the_record_of_cash_is_rebuilt_as_it_was_and_no_column_escapes_the_audit(
    busy: Scene,
) -> None:
    body = {
        "operator": "exchange",
        "date": "2026-01-01",
        "file_sha256": "f" * 64,
        "closing_fen": 1_070,
        "rows": [{"reference": "S", "direction": "in", "amount_fen": 70}],
    }
    busy.do("bank", "cash.reconcile", body, *OFFICERS)
    wrong = {"reference": "S", "amount_fen": 69, "document": "d"}
    assert busy.refused("bank", "cash.correct", wrong, *OFFICERS) == "correction-against-file"
    missing = next(r["reference"] for r in busy.rows(movement_table) if r["act"] == "deposit")
    taken_back = {"reference": missing, "amount_fen": 0, "document": "d"}
    busy.do("bank", "cash.correct", taken_back, *OFFICERS)
    assert faults_after_rebuild(busy) == []
    assert columns_missed(busy, KINDS) == []


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("ledger.accounts.cash.payouts.move", {"under_way"}),
        ("ledger.accounts.cash.movements.post", {"moved"}),
    ],
)
def test_a_handler_that_forgets_a_posting_is_found(
    busy: Scene, monkeypatch: pytest.MonkeyPatch, place: str, wanted: set[str]
) -> None:
    payout = request_payout(busy, "owner", 100)
    monkeypatch.setattr(place, lambda *_, **__: None)
    busy.do("bank", "cash.payout-failed", {"payout": payout, "reason": "r"}, *OFFICERS)
    deposit(busy, "owner", 5)
    with busy.ledger.record.reading() as connection:
        figures = identity(connection)
    assert {name for name in FAULTS if figures[name]} == wanted
