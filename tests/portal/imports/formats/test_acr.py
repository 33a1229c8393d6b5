"""American Carbon Registry: an issuance without serials and the blocks that belong to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.imports.exports import (
    ACR_CANCELLATION,
    ACR_ISSUANCE,
    ACR_PROJECT,
    ACR_RETIREMENT,
    Row,
    plan_of,
    refusals,
)

BATCH = "ACR77/2025/2025-02-07/2025-03-19/2025-06-30T19:43:26Z"


def test_a_project_has_the_status_of_the_programme_that_it_is_in(tmp_path: Path) -> None:
    (act,) = plan_of(tmp_path, "acr", ACR_PROJECT).acts
    assert (act.body["status"], act.body["programme"]) == ("ARB Completed", "CAOD77")
    assert (act.body["period_from"], act.body["period_to"]) == ("2020-01-02", "2030-01-01")


def test_an_issuance_is_a_batch_with_its_buffer_and_no_block(tmp_path: Path) -> None:
    project, batch = plan_of(tmp_path, "acr", ACR_ISSUANCE).acts
    assert (project.type, project.body["origin"]) == ("mirror.project", "seen")
    assert (batch.type, batch.rows, batch.measures) == ("mirror.batch", (1,), (("ERT", 1000),))
    assert batch.body == {
        "registry": "acr",
        "batch": BATCH,
        "project": "ACR77",
        "origin": "listed",
        "unit": "ERT",
        "vintage_from": "2025",
        "vintage_to": "2025",
        "period_from": "2025-02-07",
        "period_to": "2025-03-19",
        "issued_at": "2025-06-30T19:43:26Z",
        "quantity": 1000,
        "buffer": 100,
    }


def test_removals_of_one_issuance_are_a_batch_of_their_own(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "acr", ACR_ISSUANCE, {**ACR_ISSUANCE, "Verified Removal": "Yes"})
    batches = [act.body["batch"] for act in plan.acts if act.type == "mirror.batch"]
    assert batches == [BATCH, f"{BATCH}/removal"]
    assert refusals(plan_of(tmp_path, "acr", ACR_ISSUANCE, ACR_ISSUANCE)) == [
        (2, "batch-repeated", "")
    ]


def test_a_retirement_names_the_batch_of_its_issuance(tmp_path: Path) -> None:
    _, batch, ended = plan_of(tmp_path, "acr", ACR_RETIREMENT).acts
    assert (batch.body["batch"], batch.body["origin"]) == (BATCH, "seen")
    assert "quantity" not in batch.body
    assert ended.body == {
        "registry": "acr",
        "batch": BATCH,
        "block": {
            "serial": "ACR-US-77-2025-2917-21 to 30",
            "scope": "ACR-US-77-2025-2917",
            "first": 21,
            "last": 30,
            "quantity": 10,
            "labels": ["CORSIA Eligible"],
        },
        "retired_at": "2026-04-13T19:17:56Z",
        "reason": "Environmental Benefit",
    }
    assert ended.attached == {"beneficiary": "Bakery", "details": "for the year"}


def test_a_cancellation_is_nobodys_claim(tmp_path: Path) -> None:
    act = plan_of(tmp_path, "acr", ACR_CANCELLATION).acts[-1]
    assert (act.type, act.attached) == ("mirror.cancellation", {})
    assert act.body["reason"] == "Convert to ARB offset credits"


@pytest.mark.parametrize(
    ("row", "cells", "code", "field"),
    [
        (ACR_RETIREMENT, {"Credit Serial Numbers": "ACR-US-77-2025-2917-21-30"},
         "serial-malformed", "Credit Serial Numbers"),
        (ACR_RETIREMENT, {"Project ID": "ACR78"}, "cells-disagree", "Credit Serial Numbers"),
        (ACR_RETIREMENT, {"Vintage": "2024"}, "cells-disagree", "Credit Serial Numbers"),
        (ACR_RETIREMENT, {"Quantity of Credits": "11"}, "serial-quantity-mismatch",
         "Credit Serial Numbers"),
        (ACR_RETIREMENT, {"Status Effective  (GMT)": "6/30/2025 7:43:25 PM"},
         "ended-before-issue", "Status Effective (GMT)"),
        (ACR_CANCELLATION, {"Status Effective  (GMT)": "6/30/2025 7:43:25 PM"},
         "ended-before-issue", "Status Effective (GMT)"),
        (ACR_RETIREMENT, {"Vintage Assignment Period End Date": "2/6/2025"}, "period-backwards",
         "Vintage Assignment Period End Date"),
        (ACR_ISSUANCE, {"Credits Issued to Buffer Pool": "99"}, "cells-disagree",
         "Total Credits Issued"),
        (ACR_ISSUANCE, {"Vintage": "25"}, "date-malformed", "Vintage"),
        (ACR_PROJECT, {"Compliance Program Status (ARB or Ecology)": ""}, "cell-empty",
         "Compliance Program Status (ARB or Ecology)"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused(
    tmp_path: Path, row: Row, cells: Row, code: str, field: str
) -> None:
    assert refusals(plan_of(tmp_path, "acr", {**row, **cells})) == [(1, code, field)]
