"""California's table of offsets: issuances, and totals of ends that are no acts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.imports.exports import ARB_ISSUANCE, Row, plan_of, refusals


def test_an_issuance_is_a_batch_under_its_own_id(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "arb", ARB_ISSUANCE)
    project, batch = plan.acts
    assert (project.body["project"], project.body["programme"]) == ("CAOD77", "ACR77")
    assert batch.body == {
        "registry": "arb",
        "batch": "CAOD77-A",
        "project": "CAOD77",
        "origin": "listed",
        "unit": "ARBOC",
        "vintage_from": "2024",
        "vintage_to": "2024",
        "period_from": "2023-09-26",
        "period_to": "2024-01-26",
        "issued_at": "2024-06-11",
        "quantity": 1000,
        "buffer": 50,
    }
    assert plan.report.normalised["Vintage", "decimal-suffix"].cells == 1


def test_ends_without_serial_or_date_are_summed_and_not_stated(tmp_path: Path) -> None:
    reversal = {
        **ARB_ISSUANCE, "CARB Issuance ID": "", "ARB Offset Credits Issued": "",
        "Intentional Reversal": "-27150.0", "Vintage": "",
    }  # fmt: skip
    second = {**ARB_ISSUANCE, "CARB Issuance ID": "CAOD77-B"}
    plan = plan_of(tmp_path, "arb", ARB_ISSUANCE, reversal, second)
    assert [act.type for act in plan.acts] == ["mirror.project", "mirror.batch", "mirror.batch"]
    assert [(left.row, left.code) for left in plan.report.left] == [(2, "nothing-issued")]
    assert [dict(note.params) for note in plan.report.notes] == [
        {"column": "Intentional Reversal", "quantity": 27150},
        {"column": "Retired 4th Compliance Period (CA)", "quantity": 1200},
        {"column": "Retired Voluntarily", "quantity": 9},
    ]


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"CARB Issuance ID": ""}, "cell-empty", "CARB Issuance ID"),
        ({"CARB Issuance ID": "CAOD78-A"}, "cells-disagree", "CARB Issuance ID"),
        ({"ARB Offset Credits Issued": "1.5"}, "quantity-malformed", "ARB Offset Credits Issued"),
        ({"Retired Voluntarily": "some"}, "quantity-malformed", "Retired Voluntarily"),
        ({"Retired Voluntarily": "-3.0"}, "quantity-malformed", "Retired Voluntarily"),
        ({"Unintentional Reversal": "x"}, "quantity-malformed", "Unintentional Reversal"),
        ({"Vintage": "24.0"}, "date-malformed", "Vintage"),
        ({"Reporting Period End Date": "2023-09-25"}, "period-backwards",
         "Reporting Period End Date"),
        ({"Issuance Date": ""}, "cell-empty", "Issuance Date"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused(tmp_path: Path, cells: Row, code: str, field: str) -> None:
    assert refusals(plan_of(tmp_path, "arb", {**ARB_ISSUANCE, **cells})) == [(1, code, field)]
