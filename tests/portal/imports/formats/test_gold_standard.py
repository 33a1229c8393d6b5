"""Gold Standard: issuances, retirements of units whose issuance may not be at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.imports.exports import (
    GOLD_ISSUANCE,
    GOLD_PROJECT,
    GOLD_RETIREMENT,
    Row,
    plan_of,
    refusals,
)

GOLD = "gold-standard"
BATCH = "GS1-1-GH-GS501-16-2023-900"
CER = {
    "Product Type": "CER",
    "Quantity": "133",
    "Serial Number": "GH-5-1459975-2-2-0-7014 - GH-5-1460107-2-2-0-7014",
}


def test_an_issuance_is_a_batch_and_its_whole_block(tmp_path: Path) -> None:
    project, batch = plan_of(tmp_path, GOLD, GOLD_ISSUANCE).acts
    assert (project.type, project.rows, project.body["programme"]) == ("mirror.project", (), "400")
    assert (batch.type, batch.rows, batch.ms) == ("mirror.batch", (1,), 1767773350123)
    assert batch.body == {
        "registry": GOLD,
        "batch": BATCH,
        "project": "501",
        "origin": "listed",
        "unit": "VER",
        "vintage_from": "2023",
        "vintage_to": "2023",
        "period_from": "2023-01-01",
        "period_to": "2023-12-31",
        "issued_at": "2026-01-07T08:09:10.123456",
        "quantity": 400,
        "block": {
            "serial": BATCH + "-1-400",
            "scope": BATCH,
            "first": 1,
            "last": 400,
            "quantity": 400,
            "labels": ["Emission Reduction"],
        },
    }


def test_a_retirement_opens_a_batch_of_unknown_size(tmp_path: Path) -> None:
    other = {
        **GOLD_RETIREMENT,
        "Quantity": "1",
        "Serial Number": BATCH + "-9-9",
        "Using Entity": "",
    }
    plan = plan_of(tmp_path, GOLD, GOLD_RETIREMENT, other)
    assert [act.type for act in plan.acts] == [
        "mirror.project",
        "mirror.batch",
        "mirror.retirement",
        "mirror.retirement",
    ]
    batch, first, second = plan.acts[1:]
    assert (batch.body["origin"], batch.body["batch"]) == ("seen", BATCH)
    assert "quantity" not in batch.body
    assert first.body["reason"] == "Voluntary"
    assert first.attached == {"beneficiary": "Bakery", "details": "for the year"}
    assert second.attached == {"details": "for the year"}


def test_the_issuance_and_the_retirement_name_one_batch(tmp_path: Path) -> None:
    issued = plan_of(tmp_path, GOLD, GOLD_ISSUANCE).acts[1]
    seen = plan_of(tmp_path, GOLD, GOLD_RETIREMENT).acts[1]
    assert issued.body["batch"] == seen.body["batch"]
    assert issued.key != seen.key


def test_a_cancelled_row_is_no_retirement_and_gets_no_date(tmp_path: Path) -> None:
    row = {
        **GOLD_RETIREMENT,
        "Credit Status": "Canceled",
        "Retirement Date": "",
        "Using Entity": "",
        "Use Case": "",
        "Note": "Moved to another registry",
    }
    plan = plan_of(tmp_path, GOLD, row)
    act = plan.acts[-1]
    assert act.type == "mirror.cancellation"
    assert "cancelled_at" not in act.body
    assert act.attached == {"details": "Moved to another registry"}
    assert act.ms == 1767744000000  # the issuance day, 2026-01-07T00:00Z
    assert plan.report.taken_quantity["cancellation", "VER"] == 11


def test_a_cer_block_is_a_range_of_two_serials(tmp_path: Path) -> None:
    batch = plan_of(tmp_path, GOLD, {**GOLD_ISSUANCE, **CER}).acts[1]
    assert batch.body["batch"] == "GH-5-2-2-0-7014/501/2023/2026-01-07"
    assert batch.body["unit"] == "CER"
    assert batch.body["block"] == {
        "serial": CER["Serial Number"],
        "scope": "GH-5",
        "first": 1459975,
        "last": 1460107,
        "quantity": 133,
        "labels": ["Emission Reduction"],
    }


def test_a_cer_retirement_names_the_batch_of_its_issuance(tmp_path: Path) -> None:
    unit = "GH-5-1460000-2-2-0-7014"
    part = {**CER, "Quantity": "1", "Serial Number": f"{unit} - {unit}"}
    seen = plan_of(tmp_path, GOLD, {**GOLD_RETIREMENT, **part}).acts[1]
    assert seen.body["batch"] == "GH-5-2-2-0-7014/501/2023/2026-01-07"


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"Credit Status": "Held"}, "status-unknown", "Credit Status"),
        ({"Retirement Date": ""}, "cell-empty", "Retirement Date"),
        ({"Retirement Date": "2026-01-06"}, "ended-before-issue", "Retirement Date"),
        ({"Credit Status": "Canceled"}, "cancellation-with-beneficiary", "Using Entity"),
        ({"Product Type": "PER"}, "product-type-unknown", "Product Type"),
        ({"Product Type": "CER"}, "serial-malformed", "Serial Number"),
        ({"GSID": "502"}, "cells-disagree", "Serial Number"),
        ({"Vintage": "2024"}, "cells-disagree", "Serial Number"),
        ({"Vintage": "24"}, "date-malformed", "Vintage"),
        ({"Quantity": "12"}, "serial-quantity-mismatch", "Serial Number"),
        ({"Quantity": "1,1"}, "quantity-malformed", "Quantity"),
        ({"POA GSID": "400.5"}, "identifier-malformed", "POA GSID"),
        ({"Issuance Date": "2026-01-07T08:09:10"}, "date-malformed", "Issuance Date"),
        ({"Monitoring Period End": "2022-12-31"}, "period-backwards", "Monitoring Period End"),
    ],
)
def test_a_wrong_row_is_refused(tmp_path: Path, cells: Row, code: str, field: str) -> None:
    good = {**GOLD_RETIREMENT, "Quantity": "1", "Serial Number": BATCH + "-9-9"}
    plan = plan_of(tmp_path, GOLD, {**GOLD_RETIREMENT, **cells}, good)
    assert refusals(plan) == [(1, code, field)]
    assert plan.report.taken_rows == 1


def test_only_an_issued_row_issues(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, GOLD, {**GOLD_ISSUANCE, "Credit Status": "Retired"})
    assert refusals(plan) == [(1, "status-unknown", "Credit Status")]
    assert plan.acts == ()


def test_a_batch_is_issued_once(tmp_path: Path) -> None:
    more = {**GOLD_ISSUANCE, "Quantity": "5", "Serial Number": BATCH + "-401-405"}
    plan = plan_of(tmp_path, GOLD, GOLD_ISSUANCE, more)
    assert refusals(plan) == [(2, "batch-repeated", "")]


def test_rows_of_a_batch_agree_about_it(tmp_path: Path) -> None:
    other = {
        **GOLD_RETIREMENT,
        "Quantity": "1",
        "Serial Number": BATCH + "-9-9",
        "Monitoring Period End": "2023-11-30",
    }
    plan = plan_of(tmp_path, GOLD, GOLD_RETIREMENT, other)
    assert refusals(plan) == [(2, "batch-disagrees", "")]


def test_units_count_within_their_batch(tmp_path: Path) -> None:
    other = {**GOLD_RETIREMENT, "Serial Number": "GS1-1-GH-GS501-16-2023-901-20-30"}
    again = {**GOLD_RETIREMENT, "Serial Number": BATCH + "-30-40"}
    plan = plan_of(tmp_path, GOLD, GOLD_RETIREMENT, other, again)
    assert refusals(plan) == [(3, "serial-overlap", "")]


def test_a_project_keeps_its_lines_and_its_programme(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, GOLD, GOLD_PROJECT)
    (act,) = plan.acts
    assert act.attached == {"description": "Two\nlines"}
    assert (act.body["programme"], act.body["annual_estimate"]) == ("400", 0)
    assert plan.report.normalised["POA GSID", "decimal-suffix"].cells == 1
