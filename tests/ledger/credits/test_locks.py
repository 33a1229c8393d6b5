"""Locks on named serials: they follow the serials, and what is locked is not given away."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.accounts.models import BUCKETS
from ledger.credits.locks import free_of, union
from ledger.credits.models import block_table, serial_lock_table
from ledger.credits.queries import trace
from ledger.credits.serials import count, split
from tests.factories.claims import pledge
from tests.factories.market import REGULATOR
from tests.factories.scene import OFFICERS, Scene

BATCH = "ZJ_FS-R1-2024"


def lock(stage: Scene, first: int, last: int, party: str = "registrar", **more: Any) -> str:
    signers = OFFICERS if party == "registrar" else REGULATOR
    return stage.do(party, "serial.lock", body(first, last, **more), *signers)


def body(first: int, last: int, **more: Any) -> dict[str, Any]:
    named = {"batch": BATCH, "first": first, "last": last, "ground": "dispute"}
    return {**named, "reason": "权属争议", "document": "锁定1", **more}


def spans(stage: Scene, account: str) -> list[tuple[int, int]]:
    rows = [row for row in stage.rows(block_table) if row["account"] == account]
    return [(row["first"], row["last"]) for row in rows]


def shift(stage: Scene, quantity: int, to: str = "trading") -> None:
    moved = {"batch": BATCH, "quantity": quantity, "to": to}
    stage.do("owner", "credit.move", moved, "a")


def test_locked_serials_are_handed_over_last_and_the_lock_goes_with_them(stage: Scene) -> None:
    stage.issue(100)
    lock(stage, 1, 10)
    shift(stage, 85)
    assert spans(stage, "owner/trading") == [(11, 95)]
    shift(stage, 8)
    assert spans(stage, "owner/trading") == [(1, 3), (11, 100)]
    assert spans(stage, "owner/registry") == [(4, 10)]
    with stage.ledger.record.reading() as connection:
        found = trace(connection, f"{BATCH}-3")
        free = trace(connection, f"{BATCH}-11")
    assert found is not None and free is not None
    assert [row["document"] for row in found.locks] == ["锁定1"]
    assert free.locks == []


def test_locked_units_are_neither_transferred_nor_retired(stage: Scene) -> None:
    stage.issue(100)
    lock(stage, 1, 10)
    lock(stage, 5, 20, "regulator")
    offered = {"batch": BATCH, "quantity": 81, "receiver": "buyer"}
    claimed = {"batch": BATCH, "quantity": 81, "purpose": "public-good", "beneficiary": "公众"}
    assert stage.refused("owner", "credit.transfer", offered, "a", "b") == "serials-locked"
    assert stage.refused("owner", "credit.retire", claimed, "a", "b") == "serials-locked"
    more = {**claimed, "quantity": 101}
    assert stage.refused("owner", "credit.retire", more, "a", "b") == "balance-short"
    stage.do("owner", "credit.transfer", {**offered, "quantity": 70}, "a", "b")
    assert stage.refused("owner", "credit.retire", {**claimed, "quantity": 11}, "a", "b") == (
        "serials-locked"
    )
    stage.do("owner", "credit.retire", {**claimed, "quantity": 10}, "a", "b")
    assert spans(stage, "owner/registry") == [(1, 20), (31, 100)]


def test_a_lock_that_comes_later_follows_a_transfer(stage: Scene) -> None:
    stage.issue(100)
    offered = {"batch": BATCH, "quantity": 95, "receiver": "buyer"}
    name = stage.do("owner", "credit.transfer", offered, "a", "b")
    lock(stage, 1, 10)
    stage.do("buyer", "credit.accept", {"transfer": name}, "a")
    assert spans(stage, "buyer/registry") == [(1, 5), (11, 100)]


def test_free_serials_that_were_offered_are_not_used_up_by_a_move(stage: Scene) -> None:
    stage.issue(100)
    lock(stage, 1, 10)
    offered = {"batch": BATCH, "quantity": 90, "receiver": "buyer"}
    name = stage.do("owner", "credit.transfer", offered, "a", "b")
    shift(stage, 10)
    assert spans(stage, "owner/trading") == [(1, 10)]
    stage.do("buyer", "credit.accept", {"transfer": name}, "a")
    assert spans(stage, "buyer/registry") == [(11, 100)]


def test_what_is_pledged_counts_on_free_serials_too(stage: Scene) -> None:
    stage.issue(100)
    pledge(stage, 60)
    lock(stage, 1, 30)
    # 70 are free, of which the bank counts on 60: ten may be given
    offered = {"batch": BATCH, "quantity": 11, "receiver": "buyer"}
    assert stage.refused("owner", "credit.transfer", offered, "a", "b") == "serials-locked"
    stage.do("owner", "credit.transfer", {**offered, "quantity": 10}, "a", "b")
    shift(stage, 30)
    assert spans(stage, "owner/trading") == [(1, 30)]


def test_what_was_bought_today_is_promised_to_nobody() -> None:
    balance = dict.fromkeys(BUCKETS, 0)
    assert free_of({**balance, "available": 50, "bought": 50}, 50) == 50
    for bucket in ("frozen", "in_transfer", "pledged"):
        assert free_of({**balance, "available": 50, bucket: 50}, 40) == 10
        assert free_of({**balance, "available": 50, bucket: 50}, 60) == 0


def test_a_court_may_take_locked_units(stage: Scene) -> None:
    stage.issue(100)
    lock(stage, 1, 100)
    handed = {"party": "owner", "receiver": "buyer", "batch": BATCH, "quantity": 30}
    more = {"ground": "merger", "authority": "法院", "document": "1"}
    stage.do("registrar", "credit.reassign", {**handed, **more}, *OFFICERS)
    assert spans(stage, "buyer/registry") == [(1, 30)]


def test_locks_are_held_to_the_batch_and_end_once(stage: Scene) -> None:
    stage.issue(100)
    for first, last in ((1, 101), (5, 4)):
        code = stage.refused("registrar", "serial.lock", body(first, last), *OFFICERS)
        assert code == "serials-outside-batch"
    unknown = body(1, 2, batch="nothing")
    assert stage.refused("registrar", "serial.lock", unknown, *OFFICERS) == "batch-unknown"
    assert stage.refused("registrar", "serial.lock", body(1, 2), OFFICERS[0]) == "four-eyes"
    assert stage.refused("owner", "serial.lock", body(1, 2), "a", "b") == "role-not-allowed"
    own, other = lock(stage, 1, 10), lock(stage, 1, 10, "regulator", ground="use")
    lifted = {"lock": other, "document": "解锁1"}
    assert stage.refused("registrar", "serial.unlock", lifted, *OFFICERS) == "lock-of-other"
    stage.do("regulator", "serial.unlock", lifted, *REGULATOR)
    assert stage.refused("regulator", "serial.unlock", lifted, *REGULATOR) == "lock-ended"
    stage.do("regulator", "serial.unlock", {**lifted, "lock": own}, *REGULATOR)
    rows = stage.rows(serial_lock_table)
    assert {(row["state"], row["lifted_by"]) for row in rows} == {("lifted", "解锁1")}
    missing = {"lock": "nothing", "document": "d"}
    assert stage.refused("regulator", "serial.unlock", missing, *REGULATOR) == (
        "serial-lock-unknown"
    )
    shift(stage, 10)
    assert spans(stage, "owner/trading") == [(1, 10)]


@pytest.mark.parametrize(
    ("marks", "outside", "inside"),
    [
        ([], [(1, 10), (20, 30)], []),
        ([(1, 30)], [], [(1, 10), (20, 30)]),
        ([(5, 22)], [(1, 4), (23, 30)], [(5, 10), (20, 22)]),
        (
            [(2, 3), (9, 9), (25, 99)],
            [(1, 1), (4, 8), (10, 10), (20, 24)],
            [(2, 3), (9, 9), (25, 30)],
        ),
    ],
)
def test_spans_are_split_along_marks(marks: Any, outside: Any, inside: Any) -> None:
    assert split([(1, 10), (20, 30)], marks) == (outside, inside)


PAIRS = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)), max_size=8)


@given(PAIRS, PAIRS)
def test_split_and_union_agree_with_sets(held: Any, marked: Any) -> None:
    def units(spans: Any) -> set[int]:
        return {n for first, last in spans for n in range(first, last + 1)}

    mine = union((a, a + b) for a, b in held)
    marks = union((a, a + b) for a, b in marked)
    outside, inside = split(mine, marks)
    assert units(outside) == units(mine) - units(marks)
    assert units(inside) == units(mine) & units(marks)
    assert count(outside) + count(inside) == count(mine)
