"""Climate Action Reserve: issuances and blocks that nothing lays to each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.imports.exports import (
    CAR_CANCELLATION,
    CAR_ISSUANCE,
    CAR_PROJECT,
    CAR_RETIREMENT,
    Row,
    notes,
    plan_of,
    refusals,
)

SERIAL = "Offset Credit Serial Numbers"


def test_a_project_is_registered_on_its_day(tmp_path: Path) -> None:
    (act,) = plan_of(tmp_path, "car", CAR_PROJECT).acts
    assert (act.body["registered_on"], act.ms) == ("2022-05-27", 1653609600000)


def test_an_issuance_counts_both_buffers(tmp_path: Path) -> None:
    both = {**CAR_ISSUANCE, "Offset Credits Intended for Compliance Buffer Pool": "6.0"}
    plan = plan_of(tmp_path, "car", both)
    body = plan.acts[1].body
    assert body["batch"] == "CAR77/2025/2026-03-19/1000"
    assert (body["quantity"], body["buffer"], body["issued_at"]) == (1000, 40, "2026-03-19")
    assert "units-not-laid-to-issuances" in notes(plan)


def test_a_block_opens_a_batch_that_has_no_day(tmp_path: Path) -> None:
    _, batch, ended = plan_of(tmp_path, "car", CAR_RETIREMENT).acts
    assert batch.body["batch"] == "CAR-1-US-77-31-983-KS-2025-9205"
    assert "issued_at" not in batch.body
    assert batch.ms == 0  # a later export may begin with another block of the batch
    assert (ended.body["retired_at"], ended.attached) == ("2025-10-27", {"details": "for Bakery"})
    act = plan_of(tmp_path, "car", CAR_CANCELLATION).acts[-1]
    assert (act.type, act.body["reason"], act.body["cancelled_at"]) == (
        "mirror.cancellation", "ARB", "2025-10-27",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "cells", "code", "field"),
    [
        (CAR_RETIREMENT, {SERIAL: "CAR-2B-US-77-31-983-KS-2025-9205-11 to 20"},
         "serial-malformed", SERIAL),
        (CAR_RETIREMENT, {SERIAL: "CAR-1-US-77-31-983-KS-2025-9205-20 to 11"},
         "serial-backwards", SERIAL),
        (CAR_RETIREMENT, {"Project ID": "CAR7"}, "cells-disagree", SERIAL),
        (CAR_RETIREMENT, {"Status Effective": "27/10/2025"}, "date-impossible",
         "Status Effective"),
        (CAR_ISSUANCE, {"Offset Credits Currently in Reserve Buffer Pool": "34.5"},
         "quantity-malformed", "Offset Credits Currently in Reserve Buffer Pool"),
        (CAR_ISSUANCE, {"Total Offset Credits Issued": "0"}, "quantity-not-positive",
         "Total Offset Credits Issued"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused(
    tmp_path: Path, row: Row, cells: Row, code: str, field: str
) -> None:
    assert refusals(plan_of(tmp_path, "car", {**row, **cells})) == [(1, code, field)]
