"""Cercarbono: ranges within a serial, lists as Python writes them, what is not public."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.imports.exports import (
    CERCARBONO_ISSUANCE,
    CERCARBONO_PROJECT,
    CERCARBONO_RETIREMENT,
    Row,
    plan_of,
    refusals,
)

NAME = "cercarbono"
BATCH = "CDC_7_1_1_321_14_1_2009"


def test_a_project_says_each_country_once_and_leaves_out_what_is_not_defined(
    tmp_path: Path,
) -> None:
    (act,) = plan_of(tmp_path, NAME, CERCARBONO_PROJECT).acts
    assert act.body == {
        "registry": NAME,
        "project": "7",
        "origin": "listed",
        "name": "Carbono",
        "proponent": "Forest House",
        "country": "Colombia",
        "kinds": ["Land use (AFOLU)"],
        "status": "Certified",
        "annual_estimate": 3195,
    }


def test_an_issuance_names_its_project_by_number(tmp_path: Path) -> None:
    project, batch = plan_of(tmp_path, NAME, CERCARBONO_ISSUANCE).acts
    assert (project.body["project"], project.body["name"]) == ("7", "7")
    assert (batch.body["batch"], batch.body["quantity"]) == (BATCH, 1000)
    assert (batch.body["period_from"], batch.body["period_to"]) == ("2009-01-01", "2009-12-31")
    assert "buffer" not in batch.body
    buffer = {**CERCARBONO_ISSUANCE, "is_buffer": "True"}
    assert plan_of(tmp_path, NAME, buffer).acts[1].body["buffer"] == 1000


def test_a_range_may_begin_at_nought(tmp_path: Path) -> None:
    _, batch, ended = plan_of(tmp_path, NAME, CERCARBONO_RETIREMENT).acts
    assert (batch.body["batch"], batch.ms, "issued_at" in batch.body) == (BATCH, 0, False)
    block = ended.body["block"]
    assert block == {
        "serial": f"{BATCH}-0-9", "scope": BATCH, "first": 0, "last": 9, "quantity": 10,
    }  # fmt: skip
    assert ended.attached == {"details": "Fuel S.A."}  # nobody is named "Not public"
    named = {**CERCARBONO_RETIREMENT, "end_user": "Bakery"}
    assert plan_of(tmp_path, NAME, named).acts[-1].attached["beneficiary"] == "Bakery"


@pytest.mark.parametrize(
    ("row", "cells", "code", "field"),
    [
        (CERCARBONO_PROJECT, {"code": "CDC-8"}, "cells-disagree", "code"),
        (CERCARBONO_PROJECT, {"sector": "{'description': 'x'}"}, "list-malformed", "sector"),
        (CERCARBONO_PROJECT, {"sector": "[{'id': 1}]"}, "list-malformed", "sector"),
        (CERCARBONO_PROJECT, {"sector": "__import__('os').getcwd()"}, "list-malformed", "sector"),
        (CERCARBONO_PROJECT, {"locations": "[" * 5_000}, "list-malformed", "locations"),
        (CERCARBONO_PROJECT, {"locations": f"['{'x' * 20_000}']"}, "list-malformed", "locations"),
        (CERCARBONO_ISSUANCE, {"serial": "VCS_7_1"}, "serial-malformed", "serial"),
        (CERCARBONO_ISSUANCE, {"is_buffer": "yes"}, "flag-malformed", "is_buffer"),
        (CERCARBONO_ISSUANCE, {"vintage_of_credits": "2009"}, "date-malformed",
         "vintage_of_credits"),
        (CERCARBONO_ISSUANCE, {"vintage_of_credits": "2009-12-31 / 2009-01-01"},
         "period-backwards", "vintage_of_credits"),
        (CERCARBONO_RETIREMENT, {"project_id": "8"}, "cells-disagree", "serial"),
        (CERCARBONO_RETIREMENT, {"to": "10"}, "serial-quantity-mismatch", "quantity"),
        (CERCARBONO_RETIREMENT, {"from": "-1"}, "quantity-malformed", "from"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused(
    tmp_path: Path, row: Row, cells: Row, code: str, field: str
) -> None:
    assert refusals(plan_of(tmp_path, NAME, {**row, **cells})) == [(1, code, field)]
