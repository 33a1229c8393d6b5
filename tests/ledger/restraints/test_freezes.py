"""Freezes: what they take, what they wait for, in which order, and how they end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.accounts.cash.models import payout_table
from ledger.restraints.models import freeze_table
from ledger.writer.versions import DOCUMENTS_KEPT
from market.blocks.models import proposal_table
from tests.factories.auctions import Blocks
from tests.factories.cash import bank_account, deposit, request_payout
from tests.factories.claims import (
    BATCH,
    COURT,
    agree,
    claimed,
    freeze,
    freeze_body,
    holding,
    pledge,
    sound,
)
from tests.factories.market import BANK, Floor
from tests.factories.scene import HOUR_MS, OFFICERS, Scene, scene

DAY_MS = 24 * HOUR_MS


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """The owner holds 900 units on its registry account."""
    with scene(home, vacant_database_url) as opened:
        opened.issue(900)
        yield opened
        sound(opened)


def state(stage: Scene, name: str) -> str:
    (row,) = [row for row in stage.rows(freeze_table) if row["freeze"] == name]
    return str(row["state"])


def move(quantity: int) -> dict[str, object]:
    return {"batch": BATCH, "quantity": quantity, "to": "trading"}


def test_frozen_units_are_the_holders_and_cannot_be_used(stage: Scene) -> None:
    freeze(stage, 600)
    assert holding(stage, "owner/registry") == {"available": 300, "frozen": 600}
    for type, body in (
        ("credit.move", move(301)),
        ("credit.transfer", {"batch": BATCH, "quantity": 301, "receiver": "buyer"}),
        (
            "credit.retire",
            {"batch": BATCH, "quantity": 301, "purpose": "public-good", "beneficiary": "公众"},
        ),
    ):
        assert stage.refused("owner", type, body, "a", "b") == "balance-short"
    stage.do("owner", "credit.move", move(300), "a")


def test_a_freeze_takes_from_both_accounts(stage: Scene) -> None:
    stage.do("owner", "credit.move", move(400), "a")
    name = freeze(stage, 700)
    assert holding(stage, "owner/registry") == {"frozen": 500}
    assert holding(stage, "owner/trading") == {"available": 200, "frozen": 200}
    assert claimed(stage, name) == (700, 0)


def test_a_freeze_ends_what_nobody_has_accepted_yet(stage: Scene) -> None:
    body = {"batch": BATCH, "quantity": 850, "receiver": "buyer"}
    transfer = stage.do("owner", "credit.transfer", body, "a", "b")
    name = freeze(stage, 100)
    assert claimed(stage, name) == (100, 0)
    assert holding(stage, "owner/registry") == {"available": 800, "frozen": 100}
    accept = stage.refused("buyer", "credit.accept", {"transfer": transfer}, "a")
    assert accept == "transfer-closed"


def test_a_freeze_that_finds_enough_leaves_proposals_alone(stage: Scene) -> None:
    body = {"batch": BATCH, "quantity": 100, "receiver": "buyer"}
    transfer = stage.do("owner", "credit.transfer", body, "a", "b")
    freeze(stage, 800)
    stage.do("buyer", "credit.accept", {"transfer": transfer}, "a")
    assert holding(stage, "buyer/registry") == {"available": 100}


def test_later_freezes_wait_in_the_order_of_their_entries(stage: Scene) -> None:
    first, second, third = (freeze(stage, quantity) for quantity in (600, 500, 400))
    assert [claimed(stage, name) for name in (first, second, third)] == [
        (600, 0),
        (300, 200),
        (0, 400),
    ]
    lifted = {"freeze": first, "quantity": 250, **COURT}
    stage.do("registrar", "freeze.lift", lifted, *OFFICERS)
    assert [claimed(stage, name) for name in (first, second, third)] == [
        (350, 0),
        (500, 0),
        (50, 350),
    ]
    stage.do("registrar", "freeze.lift", {"freeze": second, **COURT}, *OFFICERS)
    assert claimed(stage, third) == (400, 0)
    assert holding(stage, "owner/registry") == {"available": 150, "frozen": 750}


def test_units_that_arrive_go_to_the_freeze_that_waits(stage: Scene) -> None:
    moved = {"batch": BATCH, "quantity": 300, "receiver": "buyer"}
    transfer = stage.do("owner", "credit.transfer", moved, "a", "b")
    stage.do("buyer", "credit.accept", {"transfer": transfer}, "a")
    first, name = freeze(stage, 600), freeze(stage, 100)
    assert claimed(stage, name) == (0, 100)
    back = {"batch": BATCH, "quantity": 150, "receiver": "owner"}
    transfer = stage.do("buyer", "credit.transfer", back, "a", "b")
    stage.do("owner", "credit.accept", {"transfer": transfer}, "a")
    assert claimed(stage, name) == (100, 0)
    assert claimed(stage, first) == (600, 0)
    assert holding(stage, "owner/registry") == {"available": 50, "frozen": 700}


def test_a_freeze_over_a_pledge_takes_hold_when_the_bank_lets_go(stage: Scene) -> None:
    pledged = pledge(stage, 800)
    name = freeze(stage, 900)
    assert claimed(stage, name) == (100, 800)
    assert holding(stage, "owner/registry") == {"frozen": 100, "pledged": 800}
    released = {"pledge": pledged, "quantity": 500}
    stage.do("bank", "pledge.release", released, *BANK)
    assert holding(stage, "owner/registry") == {"frozen": 600, "pledged": 300}
    assert claimed(stage, name) == (600, 300)


def test_a_pledge_that_was_not_registered_does_not_outrank_a_freeze(stage: Scene) -> None:
    agreed = agree(stage, 800)
    freeze(stage, 200)
    body = {"pledge": agreed, "number": "质登9"}
    assert stage.refused("registrar", "pledge.register", body, *OFFICERS) == "pledge-rank-differs"


def test_a_freeze_lapses_after_its_last_day_and_not_before(stage: Scene) -> None:
    name = freeze(stage, 900, until="2026-01-02")
    waiting = freeze(stage, 100)
    # the clock stands at 00:00 UTC on 1 January, which is 08:00 in Shanghai
    stage.clock.time += 40 * HOUR_MS - 1
    stage.ledger.writer.tick().result(30)
    assert state(stage, name) == "standing"
    stage.clock.time += 1
    stage.ledger.writer.tick().result(30)
    assert state(stage, name) == "lapsed"
    assert claimed(stage, waiting) == (100, 0)
    assert holding(stage, "owner/registry") == {"available": 800, "frozen": 100}


def test_a_renewed_freeze_keeps_its_rank_and_lapses_later(stage: Scene) -> None:
    name = freeze(stage, 900, until="2026-01-02")
    freeze(stage, 100)
    renewal = {"freeze": name, "until": "2026-01-03", **COURT}
    stage.do("registrar", "freeze.renew", {**renewal, "document": "续1"}, *OFFICERS)
    (renewed,) = [row for row in stage.rows(freeze_table) if row["freeze"] == name]
    assert renewed["document"] == f"{COURT['document']}；续1"  # the order that it rests on first
    same = stage.refused("registrar", "freeze.renew", renewal, *OFFICERS)
    assert same == "freeze-not-longer"
    copy = {**renewal, "document": "续1", "until": "2026-02-01"}
    assert stage.refused("registrar", "freeze.renew", copy, *OFFICERS) == "order-stated"
    stage.clock.time += 41 * HOUR_MS
    stage.ledger.writer.tick().result(30)
    assert claimed(stage, name) == (900, 0)
    stage.clock.time += DAY_MS
    stage.ledger.writer.tick().result(30)
    assert state(stage, name) == "lapsed"
    late = stage.refused("registrar", "freeze.renew", {**renewal, "until": "2026-02-01"}, *OFFICERS)
    assert late == "freeze-ended"


def test_a_court_hands_over_what_the_freeze_holds_with_its_serials(stage: Scene) -> None:
    stage.do("owner", "credit.move", move(100), "a")
    name = freeze(stage, 850)
    body = {"freeze": name, "quantity": 800, "receiver": "buyer", **COURT}
    stage.do("registrar", "freeze.execute", body, *OFFICERS)
    assert holding(stage, "buyer/registry") == {"available": 800}
    assert claimed(stage, name) == (50, 0)
    sound(stage)
    again = {**body, "document": "（2026）执2号"}
    more = {**again, "quantity": 51}
    assert stage.refused("registrar", "freeze.execute", more, *OFFICERS) == "freeze-short"
    stage.do("registrar", "freeze.execute", {**again, "quantity": 50}, *OFFICERS)
    assert state(stage, name) == "executed"
    assert stage.refused("registrar", "freeze.execute", body, *OFFICERS) == "freeze-ended"


def test_cash_may_be_frozen_too(stage: Scene) -> None:
    deposit(stage, "owner", 500)
    name = freeze(stage, 300, asset="CNY")
    payout = {"account": bank_account(stage, "owner"), "amount_fen": 201}
    assert stage.refused("owner", "cash.request-payout", payout, "a", "b") == "balance-short"
    body = {"freeze": name, "quantity": 300, "receiver": "buyer", **COURT}
    stage.do("registrar", "freeze.execute", body, *OFFICERS)
    assert holding(stage, "buyer/trading", "CNY") == {"available": 300}


def states(stage: Scene, proposal: str) -> str:
    rows = stage.rows(proposal_table)
    return next(str(row["state"]) for row in rows if row["proposal"] == proposal)


def payouts(stage: Scene) -> dict[str, str]:
    return {row["payout"]: row["state"] for row in stage.rows(payout_table)}


def test_a_freeze_of_cash_stops_payouts_that_the_bank_has_not_begun(stage: Scene) -> None:
    deposit(stage, "owner", 500)
    sent, first, second = (request_payout(stage, "owner", fen) for fen in (100, 250, 120))
    stage.do("bank", "cash.payout-sent", {"payout": sent}, *BANK)
    name = freeze(stage, 450, asset="CNY")
    assert claimed(stage, name) == (400, 50)
    assert payouts(stage) == {sent: "sent", first: "cancelled", second: "cancelled"}
    assert holding(stage, "owner/trading", "CNY") == {"frozen": 400, "in_transfer": 100}
    failed = {"payout": sent, "reason": "户名不符"}
    stage.do("bank", "cash.payout-failed", failed, *BANK)
    assert claimed(stage, name) == (450, 0)


def test_a_freeze_of_cash_that_finds_enough_leaves_payouts_alone(stage: Scene) -> None:
    deposit(stage, "owner", 500)
    payout = request_payout(stage, "owner", 250)
    freeze(stage, 250, asset="CNY")
    assert payouts(stage) == {payout: "requested"}


def test_payouts_end_before_what_is_offered_on_the_exchange(stage: Scene) -> None:
    floor = Floor(stage)
    blocks = Blocks(floor)
    floor.list()
    floor.open()
    blocks.afternoon()
    floor.pay_in("buyer", 2_000_000)
    proposal = blocks.propose("buyer", side="buy", other="owner")
    assert holding(stage, "buyer/trading", "CNY")["frozen"] == 1_400_000
    payout = request_payout(stage, "buyer", 300_000)
    first = freeze(stage, 600_000, asset="CNY", party="buyer")
    assert claimed(stage, first) == (600_000, 0)
    assert payouts(stage) == {payout: "cancelled"}
    assert states(stage, proposal) == "open"
    second = freeze(stage, 700, asset="CNY", party="buyer")
    assert claimed(stage, second) == (700, 0)
    assert states(stage, proposal) == "stopped"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"quantity": 901}, "freeze-over-holding"),
        ({"party": "vvb1"}, "account-missing"),
        ({"party": "nobody"}, "party-unknown"),
        ({"asset": "ZJ_FS-R9-2024"}, "batch-unknown"),
        ({"until": "2025-12-31"}, "freeze-period"),
        ({"until": "2029-01-01"}, "freeze-period"),  # 1,095 days end on 31 December 2028
    ],
)
def test_an_order_that_cannot_be_is_refused(
    stage: Scene, change: dict[str, object], code: str
) -> None:
    body = {**freeze_body(100), **change}
    assert stage.refused("registrar", "freeze.order", body, *OFFICERS) == code


def test_a_lift_of_more_than_stands_and_strangers_as_receivers_are_refused(stage: Scene) -> None:
    name = freeze(stage, 100)
    lift = {"freeze": name, "quantity": 101, **COURT}
    assert stage.refused("registrar", "freeze.lift", lift, *OFFICERS) == "freeze-short"
    execute = {"freeze": name, "quantity": 1, **COURT}
    for receiver, code in (
        ("owner", "transfer-to-self"),
        ("vvb1", "account-missing"),
        ("nobody", "party-unknown"),
    ):
        body = {**execute, "receiver": receiver}
        assert stage.refused("registrar", "freeze.execute", body, *OFFICERS) == code
    unknown = {**lift, "freeze": "x"}
    assert stage.refused("registrar", "freeze.lift", unknown, *OFFICERS) == "freeze-unknown"


def test_before_documents_were_kept_a_renewal_took_the_place_of_the_order(home: Path) -> None:
    with scene(home, None, DOCUMENTS_KEPT - 1) as stage:
        stage.issue(900)
        name = freeze(stage, 900, until="2026-01-02")
        renewal = {"freeze": name, "until": "2026-01-03", **COURT, "document": "续1"}
        stage.do("registrar", "freeze.renew", renewal, *OFFICERS)
        (row,) = stage.rows(freeze_table)
        assert row["document"] == "续1"
