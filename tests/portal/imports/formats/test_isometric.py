"""Isometric: tonnes to the kilogram, issuances without vintage, retirements without serials."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.imports.exports import (
    ISOMETRIC_ISSUANCE,
    ISOMETRIC_PROJECT,
    ISOMETRIC_RETIREMENT,
    Row,
    notes,
    plan_of,
    refusals,
)

NAME = "isometric"
TONNES, MASS = "credit_batch_size_total.credits", "credit_batch_size_total.credit_kgs"


def test_a_project_is_taken_with_its_period(tmp_path: Path) -> None:
    (act,) = plan_of(tmp_path, NAME, ISOMETRIC_PROJECT).acts
    assert (act.body["country"], act.body["period_to"]) == ("India", "2030-11-26")


def test_an_issuance_is_counted_in_kilograms_and_has_no_vintage(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, NAME, ISOMETRIC_ISSUANCE)
    assert plan.acts[1].body == {
        "registry": NAME,
        "batch": "iss_1",
        "project": "prj_77",
        "origin": "listed",
        "unit": "kg",
        "issued_at": "2026-04-14T16:50:41.621676Z",
        "quantity": 2765370,
        "buffer": 55308,
    }
    assert "units-not-laid-to-issuances" in notes(plan)


def test_a_retirement_is_a_block_of_its_own_numbers(tmp_path: Path) -> None:
    _, batch, ended = plan_of(tmp_path, NAME, ISOMETRIC_RETIREMENT).acts
    assert (batch.body["batch"], batch.body["vintage_from"]) == (
        "prj_77/2026-01-22",
        "2026-01-22",
    )
    assert ended.body["block"] == {
        "serial": "ret_1", "scope": "ret_1", "first": 1, "last": 500, "quantity": 500,
    }  # fmt: skip
    assert ended.body["reason"] == "corporate_targets, other"
    assert ended.attached == {"beneficiary": "Bakery"}
    nothing = plan_of(tmp_path, NAME, {**ISOMETRIC_RETIREMENT, "purposes": "[]"})
    assert "reason" not in nothing.acts[-1].body


@pytest.mark.parametrize(
    ("row", "cells", "code", "field"),
    [
        (ISOMETRIC_RETIREMENT, {TONNES: "0.501"}, "cells-disagree", TONNES),
        (ISOMETRIC_RETIREMENT, {TONNES: "0.5001"}, "quantity-malformed", TONNES),
        (ISOMETRIC_RETIREMENT, {TONNES: "0.0", MASS: "0"}, "quantity-not-positive", MASS),
        (ISOMETRIC_RETIREMENT, {"purposes": "[1]"}, "list-malformed", "purposes"),
        (ISOMETRIC_RETIREMENT, {"sequestered_on": "2026-04-10"}, "ended-before-issue",
         "retired_at"),
        (ISOMETRIC_ISSUANCE, {TONNES: "2765.371", MASS: "2765371"}, "cells-disagree", MASS),
        (ISOMETRIC_ISSUANCE, {"id": ""}, "cell-empty", "id"),
        (ISOMETRIC_PROJECT, {"crediting_period_end": "2025-11-26"}, "period-backwards",
         "crediting_period_end"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused(
    tmp_path: Path, row: Row, cells: Row, code: str, field: str
) -> None:
    assert refusals(plan_of(tmp_path, NAME, {**row, **cells})) == [(1, code, field)]
