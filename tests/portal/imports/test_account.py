"""The account of an import: what was read is settled once, and the sums add up."""

from __future__ import annotations

import pytest

from portal.imports.account import Account
from portal.imports.model import Left, Refused
from portal.imports.plan import Act
from portal.imports.report import Report


def act(*rows: int, units: int = 7) -> Act:
    measures = tuple(("T", units) for _ in rows)
    return Act("mirror.block", "r", f"block/{rows}", 0, {}, {}, "block", rows, measures)


@pytest.fixture
def account() -> Account:
    """Five rows: three taken by the reader at 7 T each, one refused, one left."""
    report = Report("x", "r")
    for row in range(1, 6):
        report.seen(row, 2 * row)
        if row < 5:
            report.stated("T", 7)
    for row in (1, 2, 3):
        report.take(row, "block", "T", 7)
    report.refuse(Refused(4, "no", "Cell"))
    report.leave(Left(5, "blank-row"))
    report.close()
    return Account(report)


def test_every_outcome_is_told_and_they_add_up(account: Account) -> None:
    account.settle("written", act(1))
    account.settle("already", act(2))
    account.settle("refused", act(3), code="mirror-unit-ended", params={}, index=9)
    account.close()
    told = account.as_json()
    names = ("rows", "taken", "refused", "left", "written", "already", "refused_by_ledger")
    assert [told[name] for name in names] == [5, 2, 2, 1, 1, 1, 1]
    assert told["sums"] == [{"unit": "T", "stated": 28, "taken": 14, "not_taken": 14}]
    assert told["taken_by_kind"] == [{"kind": "block", "unit": "T", "rows": 2, "quantity": 14}]
    assert told["refused_by_code"] == {"mirror-unit-ended": 1, "no": 1}
    assert told["not_taken_by_ledger"][0]["lines"] == [6]
    assert told["acts"] == {"mirror.block": {"already": 1, "refused": 1, "written": 1}}
    assert not account.clean


def test_an_act_of_no_row_is_told_and_counts_no_row(account: Account) -> None:
    account.settle("written", act(1, 2, 3))
    account.settle("refused", act(), code="mirror-batch-exists", params={}, index=9)
    account.close()
    assert account.as_json()["not_taken_by_ledger"][0]["rows"] == []
    assert (account.count("written"), account.count("refused")) == (3, 0)
    assert account.as_json()["refused_by_code"] == {"no": 1}


def test_a_row_that_was_never_settled_is_a_defect(account: Account) -> None:
    account.settle("written", act(1, 2))
    with pytest.raises(LookupError):
        account.close()


def test_a_row_settled_twice_is_a_defect(account: Account) -> None:
    account.settle("written", act(1))
    with pytest.raises(LookupError):
        account.settle("already", act(1))


def test_a_quantity_other_than_was_read_is_a_defect(account: Account) -> None:
    account.settle("written", act(1, 2, 3, units=6))
    with pytest.raises(LookupError):
        account.close()
