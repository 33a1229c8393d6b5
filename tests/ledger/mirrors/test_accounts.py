"""Foreign accounts: what is moved was there, and every unit type sums to zero."""

from __future__ import annotations

from collections import Counter

import pytest

from ledger.mirrors.models import holding_table, transaction_table
from tests.factories.mirrors import MIRROR, opening, transaction
from tests.factories.scene import Scene


def balances(stage: Scene) -> dict[tuple[str, str], int]:
    rows = stage.rows(holding_table)
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row["asset"]] += row["quantity"]
    assert set(sums.values()) <= {0}
    return {(row["asset"], row["account"]): row["quantity"] for row in rows}


def test_a_transaction_moves_all_its_legs_in_order(stage: Scene) -> None:
    stage.do("mirror", "mirror.opening", opening(["EUA2005", "1", 10]), *MIRROR)
    legs = (["11", "1", "2", "EUA2005", 10], ["12", "2", "3", "EUA2005", 4])
    stage.do("mirror", "mirror.transaction", transaction("T1", "transfer", *legs), *MIRROR)
    assert balances(stage) == {
        ("eutl/EUA2005", "1"): 0,
        ("eutl/EUA2005", "2"): 6,
        ("eutl/EUA2005", "3"): 4,
        ("eutl/EUA2005", "@opened"): -10,
    }
    row = stage.rows(transaction_table)[0]
    assert (row["legs"], row["quantity"]) == (2, 14)


def test_issues_and_ends_stand_against_contra_accounts(stage: Scene) -> None:
    issue = transaction("T1", "issue", ["1", "7", "7", "CER", 5])
    stage.do("mirror", "mirror.transaction", issue, *MIRROR)
    surrender = transaction("T2", "surrender", ["2", "7", "8", "CER", 3])
    stage.do("mirror", "mirror.transaction", surrender, *MIRROR)
    assert balances(stage) == {
        ("eutl/CER", "7"): 2,
        ("eutl/CER", "@issued"): -5,
        ("eutl/CER", "@surrender"): 3,
    }


@pytest.mark.parametrize("operation", ["transfer", "surrender", "other"])
def test_what_an_account_lacks_cannot_leave_it(stage: Scene, operation: str) -> None:
    stage.do("mirror", "mirror.opening", opening(["EUA2005", "1", 10]), *MIRROR)
    before = balances(stage)
    legs = (["1", "1", "2", "EUA2005", 9], ["2", "1", "2", "EUA2005", 2])
    body = transaction("T1", operation, *legs)
    assert stage.refused("mirror", "mirror.transaction", body, *MIRROR) == "mirror-balance-short"
    assert balances(stage) == before


def test_unit_types_do_not_stand_in_for_one_another(stage: Scene) -> None:
    stage.do("mirror", "mirror.opening", opening(["EUA2005", "1", 10]), *MIRROR)
    body = transaction("T1", "transfer", ["1", "1", "2", "CER", 1])
    assert stage.refused("mirror", "mirror.transaction", body, *MIRROR) == "mirror-balance-short"


def test_a_transaction_is_told_once_and_issues_to_one_account(stage: Scene) -> None:
    body = transaction("T1", "issue", ["1", "7", "7", "CER", 5])
    stage.do("mirror", "mirror.transaction", body, *MIRROR)
    code = stage.refused("mirror", "mirror.transaction", body, *MIRROR)
    assert code == "mirror-transaction-exists"
    odd = transaction("T2", "issue", ["1", "7", "8", "CER", 5])
    code = stage.refused("mirror", "mirror.transaction", odd, *MIRROR)
    assert code == "mirror-issue-between-accounts"


def test_contra_accounts_cannot_be_named(stage: Scene) -> None:
    from ledger.statements.errors import Malformed

    with pytest.raises(Malformed, match="not-a-leg"):
        stage.say(
            "mirror",
            "mirror.transaction",
            transaction("T1", "transfer", ["1", "@opened", "2", "CER", 1]),
            *MIRROR,
        )
