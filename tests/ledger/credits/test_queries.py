"""Reads of many balances: as each alone would be told, in as many queries as one."""

from __future__ import annotations

import pytest

from ledger.accounts.models import CASH
from ledger.credits import queries
from ledger.credits.queries import standing_locks, transferable_of
from ledger.writer.kinds import Row
from tests.factories.asking import noted
from tests.factories.scene import OFFICERS, Scene

BATCH = "ZJ_FS-R1-2024"


def lock(stage: Scene, first: int, last: int) -> str:
    body = {"batch": BATCH, "first": first, "last": last, "ground": "dispute"}
    return stage.do(
        "registrar", "serial.lock", {**body, "reason": "争议", "document": "d"}, *OFFICERS
    )


def credits(stage: Scene) -> list[Row]:
    rows = stage.rows(queries.balance_table)
    return [row for row in rows if row["asset"] != CASH and not row["account"].startswith("@")]


@pytest.fixture
def parted(stage: Scene) -> Scene:
    """Of 1,000 serials the owner trades 1 to 300 and the buyer keeps 301 to 500."""
    stage.issue(1_000)
    stage.do("owner", "credit.move", {"batch": BATCH, "quantity": 300, "to": "trading"}, "a")
    body = {"batch": BATCH, "quantity": 200, "receiver": "buyer"}
    transfer = stage.do("owner", "credit.transfer", body, "a", "b")
    stage.do("buyer", "credit.accept", {"transfer": transfer}, "a")
    return stage


@pytest.mark.parametrize("page", [1, 2, 500])
def test_balances_are_told_together_as_each_alone(
    parted: Scene, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    lock(parted, 291, 310)
    lock(parted, 300, 312)  # what two locks cover is locked once
    monkeypatch.setattr(queries, "PAGE", page)
    with parted.ledger.record.reading() as connection:
        rows = credits(parted)
        told = transferable_of(connection, rows)
        alone = [transferable_of(connection, [row])[0] for row in rows]
    found = {row["account"]: t for row, t in zip(rows, told, strict=True) if row["available"]}
    assert told == alone
    assert found == {
        "owner/trading": {"locked": 10, "transferable": 290},
        "owner/registry": {"locked": 0, "transferable": 500},
        "buyer/registry": {"locked": 12, "transferable": 188},
    }


def test_a_page_of_balances_takes_two_queries_and_one_where_nothing_is_locked(
    parted: Scene,
) -> None:
    with parted.ledger.record.reading() as connection, noted(connection) as asked:
        rows = credits(parted)
        transferable_of(connection, rows)
        assert len(asked) == 1
    lock(parted, 1, 1)
    with parted.ledger.record.reading() as connection, noted(connection) as asked:
        transferable_of(connection, rows)
        assert len(asked) == 2
        assert transferable_of(connection, []) == []
        assert len(asked) == 2


def test_the_locks_of_one_serial_are_those_that_cover_it(parted: Scene) -> None:
    names = [lock(parted, 1, 10), lock(parted, 10, 20)]
    with parted.ledger.record.reading() as connection:
        assert len(standing_locks(connection, BATCH)) == 2
        for number, wanted in ((1, names[:1]), (10, names), (20, names[1:]), (21, [])):
            found = [row["lock"] for row in standing_locks(connection, BATCH, number)]
            assert found == wanted, number
