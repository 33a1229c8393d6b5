"""What falls due is stated under the scheduler's key: first, once, the same for everybody."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.accounts.commitments.models import commitment_table
from ledger.accounts.models import balance_table
from ledger.credits.models import transfer_table
from ledger.parties.authority import public_key
from ledger.statements.canonical import parse
from ledger.statements.envelope import parse_envelope
from ledger.statements.instants import format_instant
from ledger.writer import scheduler, store
from ledger.writer.audit import Report, audit
from ledger.writer.room import Due
from ledger.writer.tables import statement as statement_table
from tests.factories.scene import HOUR_MS, ORIGIN, Scene

DAY_MS = 24 * HOUR_MS
BATCH = "ZJ_FS-R1-2024"
OPEN_DAYS = 10  # the seed of transfer-open-days


@pytest.fixture
def issued(stage: Scene) -> Scene:
    """A ledger whose owner holds 900 credits."""
    stage.issue(900)
    return stage


def propose(stage: Scene, quantity: int = 100, answer_by: int | None = None) -> str:
    body: dict[str, Any] = {"batch": BATCH, "quantity": quantity, "receiver": "buyer"}
    if answer_by is not None:
        body["answer_by"] = format_instant(answer_by)
    return stage.do("owner", "credit.transfer", body, "a", "b")


def tick(stage: Scene) -> None:
    stage.ledger.writer.tick().result(30)


def states(stage: Scene) -> dict[str, str]:
    return {row["transfer"]: row["state"] for row in stage.rows(transfer_table)}


def available(stage: Scene) -> tuple[int, int]:
    rows = {(r["account"], r["asset"]): r for r in stage.rows(balance_table)}
    row = rows["owner/registry", BATCH]
    return row["available"], row["in_transfer"]


def types(stage: Scene) -> list[str]:
    rows = sorted(stage.rows(statement_table), key=lambda row: int(row["index"]))
    return [row["type"] for row in rows]


def audited(stage: Scene, *, supervisor: bool = True) -> Report:
    with stage.ledger.record.reading() as connection:
        engine, vkey = stage.ledger.engine, stage.ledger.record.vkey
        return audit(connection, engine, ORIGIN, vkey, public_key, supervisor=supervisor)


def test_a_proposal_lapses_at_its_own_instant_and_not_a_millisecond_before(issued: Scene) -> None:
    now = issued.clock.time
    transfer = propose(issued, 100, now + HOUR_MS)
    issued.clock.time = now + HOUR_MS - 1
    tick(issued)
    assert states(issued) == {transfer: "proposed"}
    assert available(issued) == (800, 100)
    issued.clock.time = now + HOUR_MS
    tick(issued)
    assert states(issued) == {transfer: "expired"}
    assert available(issued) == (900, 0)


def test_without_an_instant_the_dated_parameter_says_how_long_it_stays_open(issued: Scene) -> None:
    now = issued.clock.time
    transfer = propose(issued)
    assert issued.rows(transfer_table)[0]["answer_by"] == now + OPEN_DAYS * DAY_MS
    issued.clock.time = now + OPEN_DAYS * DAY_MS
    tick(issued)
    assert states(issued) == {transfer: "expired"}


def test_an_instant_that_is_not_to_come_is_refused(issued: Scene) -> None:
    body = {"batch": BATCH, "quantity": 1, "receiver": "buyer"}
    now = {**body, "answer_by": format_instant(issued.clock.time)}
    assert issued.refused("owner", "credit.transfer", now, "a", "b") == "answer-by-past"


def test_what_is_due_is_applied_before_any_other_statement_of_a_turn(issued: Scene) -> None:
    transfer = propose(issued, 900)
    issued.clock.time += OPEN_DAYS * DAY_MS
    assert (
        issued.refused("buyer", "credit.accept", {"transfer": transfer}, "a") == "transfer-closed"
    )
    assert types(issued)[-2:] == ["credit.expire", "credit.accept"]
    propose(issued, 900)  # the units are free again


def test_several_due_items_come_in_the_order_of_their_instants(issued: Scene) -> None:
    now = issued.clock.time
    later, sooner = propose(issued, 1, now + 2_000), propose(issued, 2, now + 1_000)
    issued.clock.time += HOUR_MS
    tick(issued)
    with issued.ledger.record.reading() as connection:
        size = issued.ledger.record.head(connection).size
        bodies = [parse(e.body)["body"] for e in store.read_entries(connection, size - 2, size)]
    assert [body["transfer"] for body in bodies] == [sooner, later]


def test_a_due_item_is_stated_once_however_often_the_clock_ticks(issued: Scene) -> None:
    propose(issued)
    issued.clock.time += OPEN_DAYS * DAY_MS
    for _ in range(3):
        tick(issued)
    assert types(issued).count("credit.expire") == 1


def test_an_answered_proposal_never_falls_due(issued: Scene) -> None:
    issued.do("buyer", "credit.accept", {"transfer": propose(issued)}, "a")
    issued.do("owner", "credit.withdraw", {"transfer": propose(issued)}, "a")
    issued.clock.time += 2 * OPEN_DAYS * DAY_MS
    tick(issued)
    assert "credit.expire" not in types(issued)


def test_an_idle_tick_writes_nothing(issued: Scene) -> None:
    before = types(issued)
    tick(issued)
    assert types(issued) == before


def test_the_id_of_a_due_item_follows_from_the_item_alone(issued: Scene) -> None:
    now = issued.clock.time
    transfer = propose(issued, 1, now + 1_000)
    issued.clock.time += HOUR_MS
    tick(issued)
    due = Due(now + 1_000, transfer, "credit.expire", {})
    made = scheduler.Scheduler(ORIGIN, issued.ledger.engine, issued.key("registrar-1"))
    rows = {row["type"]: row for row in issued.rows(statement_table)}
    assert rows["credit.expire"]["id"] == made.id_of(due)
    assert rows["credit.expire"]["party"] == "scheduler"


def test_both_audits_hold_and_the_public_does_not_see_who_let_a_proposal_lapse(
    issued: Scene,
) -> None:
    propose(issued)
    issued.clock.time += OPEN_DAYS * DAY_MS
    tick(issued)
    assert audited(issued).faults == []
    assert audited(issued, supervisor=False).faults == []
    with issued.ledger.record.reading() as connection:
        size = issued.ledger.record.head(connection).size
        entry = store.read_entry(connection, size - 1)
    assert entry is not None
    assert b"owner" not in entry.leaf + entry.outcome
    envelope = parse_envelope(parse(entry.body)["envelope"])
    assert envelope.payload.party == "scheduler"


def test_an_audit_finds_what_was_due_and_not_applied(
    issued: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer = propose(issued)
    issued.clock.time += OPEN_DAYS * DAY_MS
    with monkeypatch.context() as patched:
        patched.setattr(issued.ledger.engine, "_hooks", [])
        issued.admit("late-1", "enterprise", 50)
        issued.admit("late-2", "enterprise", 51)
    found = [(fault.code, fault.params["item"]) for fault in audited(issued).faults]
    newest = issued.rows(commitment_table)[-1]["index"]
    assert found == [("due-not-applied", str(newest)), ("due-not-applied", transfer)]


def test_only_the_scheduler_lets_proposals_lapse_and_only_when_they_are_due(issued: Scene) -> None:
    body = {"transfer": propose(issued)}
    assert issued.refused("owner", "credit.expire", body, "a") == "role-not-allowed"
    assert issued.refused("scheduler", "credit.expire", body, "scheduler") == "not-due"
    issued.clock.time += OPEN_DAYS * DAY_MS
    assert issued.refused("scheduler", "credit.expire", body, "scheduler") == "transfer-closed"


def test_a_due_item_that_breaks_raises_the_alarm_and_holds_up_nobody(
    issued: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms: list[str] = []
    issued.ledger.writer.alarm = lambda code, error: alarms.append(code)
    engine = issued.ledger.engine
    items = [
        Due(1, "no-such-type", "credit.nothing", {}),
        Due(2, "no-body", "credit.expire", {}),
        Due(3, "refused", "credit.expire", {"transfer": "x", "salt": "0" * 32}),
    ]
    monkeypatch.setattr(engine, "_hooks", [lambda state, at: items])
    issued.admit("third", "enterprise", 60)
    issued.admit("fourth", "enterprise", 61)
    assert alarms == ["due-broken", "due-broken", "statement-broken"]
    assert types(issued)[-2:] == ["party.admit", "party.admit"]


def test_an_item_that_stays_on_the_list_after_its_entry_is_a_defect_and_not_a_second_entry(
    issued: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms: list[str] = []
    issued.ledger.writer.alarm = lambda code, error: alarms.append(code)
    transfer = propose(issued)
    issued.clock.time += OPEN_DAYS * DAY_MS
    again = Due(
        issued.clock.time, transfer, "credit.expire", {"transfer": transfer, "salt": "0" * 32}
    )
    monkeypatch.setattr(issued.ledger.engine, "_hooks", [lambda state, at: [again]])
    tick_once = issued.ledger.writer.tick
    issued.admit("third", "enterprise", 60)
    tick_once().result(30)
    assert types(issued).count("credit.expire") == 1
    assert alarms == ["due-again"]
