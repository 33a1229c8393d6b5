"""Public extracts imported for real: every row, the sums of their description, twice the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.portal.imports.recording import figures, run, told
from tests.portal.imports.test_real_files import EUTL, OFFSETS, path_of
from tests.shared import needs_shared

pytestmark = needs_shared

FILES = (
    ("verra", f"{OFFSETS}/verra/projects.csv", 50, 0),
    ("verra", f"{OFFSETS}/verra/transactions.csv", 200, 4_029_227),
    ("gold-standard", f"{OFFSETS}/gold-standard/projects.csv", 50, 0),
    ("gold-standard", f"{OFFSETS}/gold-standard/retirements.csv", 100, 1_968_759),
    ("gold-standard", f"{OFFSETS}/gold-standard/issuances.csv", 100, 5_380_873),
    ("eutl", EUTL, 16_418, 5_962_790_911),
)


def state(serial: str) -> Any:
    return json.loads(run("credit", "trace", serial, "--json").stdout)["state"]


def test_every_row_is_on_record_once(ledger_home: Path) -> None:
    for name, file, rows, total in FILES:
        given = told(name, path_of(file))
        assert figures(given) == (rows, 0, 0, 0, 0)
        assert sum(unit["taken"] for unit in given["sums"]) == total == given["stated_total"]
    head = run("log", "checkpoint", "--json").stdout
    for name, file, rows, _ in FILES:
        assert figures(told(name, path_of(file))) == (0, rows, 0, 0, 0)
    assert run("log", "checkpoint", "--json").stdout == head
    audited = json.loads(run("log", "audit", "--json").stdout)
    assert (audited["faults"], audited["sealed"]) == ([], 0)
    assert audited["entries"] == audited["replayed"]
    assert state("GS1-1-KE-GS11603-16-2025-30256-110-5463") == "retired"
