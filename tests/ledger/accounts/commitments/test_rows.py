"""Committed rows: sorted, salted one by one, under an RFC 6962 root."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.accounts.commitments.rows import committed, root_of, row_hash, row_salt
from ledger.log.errors import ProofError
from ledger.log.merkle import EMPTY_ROOT, tree_path, verify_inclusion

SALT = "0" * 32


def balance(account: str, asset: str, **buckets: int) -> dict[str, Any]:
    zero = dict.fromkeys(("available", "frozen", "bought", "in_transfer", "pledged"), 0)
    return {"account": account, "asset": asset, **zero, **buckets}


def test_rows_are_sorted_by_account_and_asset_and_empty_ones_left_out() -> None:
    rows = committed(
        [
            balance("b/registry", "X", available=1),
            balance("a/trading", "Y", frozen=2),
            balance("a/trading", "CNY", available=3),
            balance("a/registry", "X"),
        ],
        SALT,
        counted=False,
    )
    places = [(row["account"], row["asset"]) for row in rows]
    assert places == [("a/trading", "CNY"), ("a/trading", "Y"), ("b/registry", "X")]


def test_a_leaf_is_the_canonical_row_with_its_salt() -> None:
    (row,) = committed([balance("a/registry", "X", available=7, pledged=2)], SALT, counted=False)
    salt = hmac.new(SALT.encode(), b"qingzhang/balance/v1\na/registry\nX", hashlib.sha256)
    text = (
        '{"account":"a/registry","asset":"X","available":7,"bought":0,"frozen":0,'
        f'"in_transfer":0,"pledged":2,"salt":"{salt.hexdigest()[:32]}"}}'
    )
    assert row_hash(row) == hashlib.sha256(b"\x00" + text.encode()).digest()
    assert root_of([row]) == row_hash(row)


def test_no_row_is_the_empty_tree() -> None:
    assert root_of(committed([], SALT, counted=False)) == EMPTY_ROOT


def test_each_row_has_a_salt_of_its_own_and_each_commit_other_salts() -> None:
    places = [("a/registry", "X"), ("a/registry", "Y"), ("b/registry", "X")]
    salts = {row_salt(salt, *place) for salt in (SALT, "1" * 32) for place in places}
    assert len(salts) == 6


@given(st.integers(1, 70), st.data())
def test_every_row_is_proved_and_no_other_in_its_place(size: int, data: st.DataObject) -> None:
    rows = committed(
        [balance(f"p{n}/registry", "X", available=n + 1) for n in range(size)], SALT, counted=False
    )
    place = data.draw(st.integers(0, size - 1))
    path, root = tree_path([row_hash(row) for row in rows], place), root_of(rows)
    verify_inclusion(place, size, row_hash(rows[place]), path, root)
    with pytest.raises(ProofError):
        verify_inclusion(place, size, row_hash({**rows[place], "available": 0}), path, root)


def test_a_place_outside_the_tree_has_no_path() -> None:
    for wrong in (-1, 1):
        with pytest.raises(ProofError):
            tree_path([b"0" * 32], wrong)


def test_a_partys_rows_are_counted_before_them_and_contra_accounts_are_nobodys() -> None:
    balances = [
        balance("@issued", "X", available=-9),
        balance("ab-c/registry", "X", available=1),
        balance("ab/trading", "CNY", available=3),
        balance("ab/registry", "X", available=5),
        balance("ab/registry", "Y"),
    ]
    rows = committed(balances, SALT, counted=True)
    told = [(row["account"], row["asset"], row["available"]) for row in rows]
    assert told == [
        ("@issued", "X", -9),
        ("ab-c/", "", 1),
        ("ab-c/registry", "X", 1),
        ("ab/", "", 2),
        ("ab/registry", "X", 5),
        ("ab/trading", "CNY", 3),
    ]
    assert len({row["salt"] for row in rows}) == len(rows)
