"""Verra: batches and blocks from one list, and every way in which a row can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.imports import exports
from tests.portal.imports.exports import VERRA_BLOCK, VERRA_PROJECT, Row, notes, plan_of, refusals

KEY = "77/2021-01-01/2021-12-31/2026-03-01/1000"


def block(first: int, units: int, **cells: str) -> Row:
    serial = f"9-{first}-{first + units - 1}-VCS-VCU-262-VER-CL-3-77-01012021-31122021-0"
    return {**VERRA_BLOCK, "Serial Number": serial, "Quantity Issued": f"{units:,}", **cells}


def retired(first: int, units: int, **cells: str) -> Row:
    return block(first, units, **{"Retirement/Cancellation Date": "2026-03-09", **cells})


def test_a_block_opens_its_project_and_batch_before_itself(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "verra", block(5001, 100), retired(5101, 7))
    assert [act.type for act in plan.acts] == [
        "mirror.project",
        "mirror.batch",
        "mirror.block",
        "mirror.retirement",
    ]
    assert [act.rows for act in plan.acts] == [(), (), (1,), (2,)]
    assert plan.acts[1].body == {
        "registry": "verra",
        "batch": KEY,
        "project": "77",
        "origin": "listed",
        "unit": "VCU",
        "vintage_from": "2021-01-01",
        "vintage_to": "2021-12-31",
        "issued_at": "2026-03-01",
        "quantity": 1000,
    }
    assert plan.acts[0].body["kinds"] == ["Energy demand", "Transport"]


def test_a_retirement_says_when_why_and_keeps_names_apart(tmp_path: Path) -> None:
    row = retired(
        5001,
        7,
        **{
            "Retirement Beneficiary": "A Person",
            "Retirement Reason": "Other",
            "Retirement Details": "for A Person",
        },
    )
    act = plan_of(tmp_path, "verra", row).acts[-1]
    assert act.body["retired_at"] == "2026-03-09"
    assert act.body["reason"] == "Other"
    assert act.attached == {"beneficiary": "A Person", "details": "for A Person"}
    assert "A Person" not in str(act.body)
    assert act.ms == 1773014400000  # 2026-03-09T00:00Z


def test_a_retirement_without_beneficiary_is_taken_and_told(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "verra", retired(5001, 7))
    assert plan.acts[-1].attached == {}
    assert notes(plan) == {"retirement-or-cancellation-not-told-apart": {"rows": 1}}


def test_thousands_are_read_with_and_without_commas(tmp_path: Path) -> None:
    rows = (
        block(5001, 1454, **{"Total Vintage Quantity": "1454054"}),
        block(9001, 1, **{"Total Vintage Quantity": "1,454,054"}),
    )
    plan = plan_of(tmp_path, "verra", *rows)
    assert plan.report.taken_quantity["block", "VCU"] == 1455
    assert sum(act.type == "mirror.batch" for act in plan.acts) == 1


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"Quantity Issued": "99"}, "serial-quantity-mismatch", "Serial Number"),
        ({"Quantity Issued": "1,00"}, "quantity-malformed", "Quantity Issued"),
        ({"Quantity Issued": "0"}, "quantity-not-positive", "Quantity Issued"),
        ({"Quantity Issued": "-100"}, "quantity-malformed", "Quantity Issued"),
        ({"Quantity Issued": "100.0"}, "quantity-malformed", "Quantity Issued"),
        ({"Total Vintage Quantity": ""}, "cell-empty", "Total Vintage Quantity"),
        ({"Total Vintage Quantity": "99"}, "batch-exceeded", ""),
        ({"Serial Number": "9-5001-5100"}, "serial-malformed", "Serial Number"),
        ({"ID": "78"}, "cells-disagree", "Serial Number"),
        ({"Vintage Start": "2021-02-01"}, "cells-disagree", "Serial Number"),
        ({"Vintage End": "2020-12-31"}, "period-backwards", "Vintage End"),
        ({"Issuance Date": "03/01/2026"}, "date-malformed", "Issuance Date"),
        ({"Issuance Date": "2026-02-30"}, "date-impossible", "Issuance Date"),
        (
            {"Retirement/Cancellation Date": "2026-02-28"},
            "ended-before-issue",
            "Retirement/Cancellation Date",
        ),
        ({"Retirement Beneficiary": "A"}, "claim-without-date", "Retirement Beneficiary"),
        ({"Name": " "}, "cell-empty", "Name"),
    ],
)
def test_a_wrong_row_is_refused_and_its_neighbours_are_taken(
    tmp_path: Path, cells: Row, code: str, field: str
) -> None:
    plan = plan_of(tmp_path, "verra", retired(1, 10), {**VERRA_BLOCK, **cells}, block(100, 5))
    assert refusals(plan) == [(2, code, field)]
    assert plan.report.taken_rows == 2
    assert {row for act in plan.acts for row in act.rows} == {1, 3}


def test_a_unit_stands_in_one_row(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "verra", block(1, 10), retired(10, 5), block(1, 10), block(11, 5))
    assert refusals(plan) == [(2, "serial-overlap", ""), (3, "serial-overlap", "")]
    assert [r.params["other_row"] for r in plan.report.refused] == [1, 1]
    assert plan.report.taken_quantity["block", "VCU"] == 15


def test_a_refused_row_opens_nothing(tmp_path: Path) -> None:
    other = block(5, 5, **{"Issuance Date": "2026-03-02"})
    plan = plan_of(tmp_path, "verra", block(1, 10), other)
    assert refusals(plan) == [(2, "serial-overlap", "")]
    assert sum(act.type == "mirror.batch" for act in plan.acts) == 1


def test_blocks_never_exceed_their_batch(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "verra", block(1, 600), block(601, 401), retired(2001, 400))
    assert refusals(plan) == [(2, "batch-exceeded", "")]
    assert plan.report.refused[0].params == {"batch": KEY, "quantity": 1000, "listed": 600}
    assert plan.report.taken_rows == 2


def test_one_vintage_in_two_issuances_is_told(tmp_path: Path) -> None:
    later = block(2001, 10, **{"Issuance Date": "2026-03-05"})
    plan = plan_of(tmp_path, "verra", block(1, 10), later)
    assert notes(plan)["vintage-in-several-batches"] == {"vintages": ("77/2021-01-01/2021-12-31",)}


def test_keys_do_not_depend_on_the_place_of_a_row(tmp_path: Path) -> None:
    rows = [block(1, 10), retired(11, 5), block(100, 5)]

    def keys(*given: Row) -> set[tuple[str, str, int, int]]:
        acts = plan_of(tmp_path, "verra", *given).acts
        return {(act.source, act.key, act.ms) for act in acts}

    assert keys(*rows) == keys(*reversed(rows))
    assert keys(*rows[:2]) < keys(*rows)


def test_a_project_list_is_taken_as_it_says(tmp_path: Path) -> None:
    (act,) = plan_of(tmp_path, "verra", VERRA_PROJECT).acts
    assert act.rows == (1,)
    assert act.ms == 1582934400000  # 2020-02-29T00:00Z
    assert act.body == {
        "registry": "verra",
        "project": "77",
        "origin": "listed",
        "name": "Kiln at the river",
        "proponent": "Kilns, Ltd.",
        "country": "Chile",
        "kinds": ["Energy demand"],
        "methodologies": ["VM0001"],
        "status": "Registered",
        "annual_estimate": 56373,
        "registered_on": "2020-02-29",
        "period_from": "2020-01-01",
        "period_to": "2029-12-31",
    }


def test_a_project_stands_once_in_a_list(tmp_path: Path) -> None:
    again = {**VERRA_PROJECT, "Status": "Withdrawn"}
    plan = plan_of(tmp_path, "verra", VERRA_PROJECT, again)
    assert refusals(plan) == [(2, "project-repeated", "")]


def test_a_project_that_changed_is_another_statement(tmp_path: Path) -> None:
    first = plan_of(tmp_path, "verra", VERRA_PROJECT).acts[0]
    second = plan_of(tmp_path, "verra", {**VERRA_PROJECT, "Status": "Withdrawn"}).acts[0]
    assert first.key != second.key


def test_a_period_that_runs_backwards_is_refused(tmp_path: Path) -> None:
    row = {**VERRA_PROJECT, "Crediting Period End Date": "2019-12-31"}
    plan = exports.plan_of(tmp_path, "verra", row)
    assert refusals(plan) == [(1, "period-backwards", "Crediting Period End Date")]
