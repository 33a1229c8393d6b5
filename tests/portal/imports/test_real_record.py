"""Public extracts imported for real: every row, the sums of their description, twice the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.portal.imports.recording import figures, run, told
from tests.portal.imports.test_real_files import EUTL, OFFSETS, path_of
from tests.shared import needs_shared

pytestmark = needs_shared
ACR, CAR = f"{OFFSETS}/american-carbon-registry", f"{OFFSETS}/climate-action-reserve"
FILES = (
    ("verra", f"{OFFSETS}/verra/projects.csv", 50, 0),
    ("verra", f"{OFFSETS}/verra/transactions.csv", 200, 4_029_227),
    ("gold-standard", f"{OFFSETS}/gold-standard/projects.csv", 50, 0),
    ("gold-standard", f"{OFFSETS}/gold-standard/retirements.csv", 100, 1_968_759),
    ("gold-standard", f"{OFFSETS}/gold-standard/issuances.csv", 100, 5_380_873),
    ("eutl", EUTL, 16_418, 5_962_790_911),
    ("acr", f"{ACR}/projects.csv", 50, 0),
    ("acr", f"{ACR}/retirements.csv", 100, 298_881),
    ("acr", f"{ACR}/cancellations.csv", 50, 7_646_709),
    ("acr", f"{ACR}/issuances.csv", 100, 7_749_713),
    ("car", f"{CAR}/issuances.csv", 100, 10_275_056),
    ("car", f"{CAR}/retirements.csv", 100, 1_506_818),
    ("car", f"{CAR}/cancellations.csv", 50, 4_406_143),
    ("car", f"{CAR}/projects.csv", 50, 0),
    ("art", f"{OFFSETS}/art-trees/retirements.csv", 8, 420_998),
    ("art", f"{OFFSETS}/art-trees/issuances.csv", 11, 62_322_618),
    ("art", f"{OFFSETS}/art-trees/cancellations.csv", 3, 36_100),
    ("art", f"{OFFSETS}/art-trees/projects.csv", 28, 0),
    ("cercarbono", f"{OFFSETS}/cercarbono/issuances.csv", 100, 2_166_860),
    ("cercarbono", f"{OFFSETS}/cercarbono/retirements.csv", 100, 639_718),
    ("cercarbono", f"{OFFSETS}/cercarbono/projects.csv", 50, 0),
    ("isometric", f"{OFFSETS}/isometric/retirements.csv", 100, 14_366_110),
    ("isometric", f"{OFFSETS}/isometric/issuances.csv", 100, 85_162_160),
    ("isometric", f"{OFFSETS}/isometric/projects.csv", 50, 0),
)
ARB = (f"{OFFSETS}/arb/nc-arboc_issuance_sheet3.csv", 98, 8_069_970)
"""Two of its 100 rows are periods for which nothing was issued."""


def state(serial: str) -> Any:
    return json.loads(run("credit", "trace", serial, "--json").stdout)["state"]


def test_every_row_is_on_record_once(ledger_home: Path) -> None:
    for name, file, rows, total in FILES:
        given = told(name, path_of(file))
        assert figures(given) == (rows, 0, 0, 0, 0)
        assert sum(unit["taken"] for unit in given["sums"]) == total == given["stated_total"]
    file, rows, total = ARB
    given = told("arb", path_of(file))
    assert (figures(given), given["left"]) == ((rows, 0, 0, 0, 0), 2)
    assert given["stated_total"] == total
    head = run("log", "checkpoint", "--json").stdout
    for name, file, rows, _ in FILES:
        assert figures(told(name, path_of(file))) == (0, rows, 0, 0, 0)
    assert figures(told("arb", path_of(ARB[0]))) == (0, ARB[1], 0, 0, 0)
    assert run("log", "checkpoint", "--json").stdout == head
    audited = json.loads(run("log", "audit", "--json").stdout)
    assert (audited["faults"], audited["sealed"]) == ([], 0)
    assert audited["entries"] == audited["replayed"]
    assert state("GS1-1-KE-GS11603-16-2025-30256-110-5463") == "retired"
    assert state("ACR-FR-1129-2025-2917-30932 to 35143") == "retired"
    assert state("CDC_1_1_1_321_14_1_2009-4426-4971") == "retired"
    assert state("ret_1KNSQMD6Z1S0TB50") == "retired"
