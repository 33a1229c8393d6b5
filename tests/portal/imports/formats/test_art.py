"""ART TREES: approvals without serials, blocks of several prefixes in one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.imports.exports import (
    ART_CANCELLATION,
    ART_ISSUANCE,
    ART_PROJECT,
    ART_RETIREMENT,
    Row,
    plan_of,
    refusals,
)

BATCH = "ART77/2021/2024-02-28"


def test_a_programme_is_a_project(tmp_path: Path) -> None:
    (act,) = plan_of(tmp_path, "art", ART_PROJECT).acts
    assert (act.body["country"], act.body["status"]) == ("GUYANA", "Listed")


def test_an_approval_is_a_batch_with_its_buffer(tmp_path: Path) -> None:
    body = plan_of(tmp_path, "art", ART_ISSUANCE).acts[1].body
    assert (body["batch"], body["quantity"], body["buffer"]) == (BATCH, 1000, 60)
    whole = {**ART_ISSUANCE, "Credits Deposited in Buffer": "0", "Credits Verified": "1000"}
    assert "buffer" not in plan_of(tmp_path, "art", whole).acts[1].body


def test_blocks_of_two_prefixes_stand_in_one_batch(tmp_path: Path) -> None:
    other = {**ART_RETIREMENT, "Credit Serial Numbers": "FCPF-GY-77-2021-12-1 to 100"}
    plan = plan_of(tmp_path, "art", ART_RETIREMENT, other)
    batch, first, second = plan.acts[1:]
    assert batch.body["batch"] == first.body["batch"] == second.body["batch"] == BATCH
    assert first.attached == {"beneficiary": "Bakery", "details": "for the year"}
    act = plan_of(tmp_path, "art", ART_CANCELLATION).acts[-1]
    assert (act.type, act.body["reason"]) == ("mirror.cancellation", "CORSIA Compliance")
    assert act.attached == {"details": "an airline, phase 1"}


@pytest.mark.parametrize(
    ("row", "cells", "code", "field"),
    [
        (ART_RETIREMENT, {"Program ID": "ART7"}, "cells-disagree", "Credit Serial Numbers"),
        (ART_RETIREMENT, {"Vintage": "2020"}, "cells-disagree", "Credit Serial Numbers"),
        (ART_RETIREMENT, {"Quantity of Credits": "99"}, "serial-quantity-mismatch",
         "Credit Serial Numbers"),
        (ART_CANCELLATION, {"Status Effective": "02/27/2024"}, "ended-before-issue",
         "Status Effective"),
        (ART_ISSUANCE, {"Credits Verified": "941"}, "cells-disagree",
         "Total Emission Reductions/Removals"),
        (ART_PROJECT, {"Status": ""}, "cell-empty", "Status"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused(
    tmp_path: Path, row: Row, cells: Row, code: str, field: str
) -> None:
    assert refusals(plan_of(tmp_path, "art", {**row, **cells})) == [(1, code, field)]
