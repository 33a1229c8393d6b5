"""Formats: a file is known by its header, and an incomplete one is told what it lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.imports import FORMATS, Format, ImportFault
from portal.imports.rows import canonical_header
from tests.portal.imports import exports


def header(row: exports.Row) -> tuple[str, ...]:
    return canonical_header(list(row))


CASES = [
    ("verra", "projects", exports.VERRA_PROJECT),
    ("verra", "transactions", exports.VERRA_BLOCK),
    ("gold-standard", "projects", exports.GOLD_PROJECT),
    ("gold-standard", "issuances", exports.GOLD_ISSUANCE),
    ("gold-standard", "retirements", exports.GOLD_RETIREMENT),
    ("eutl", "transfers", exports.EUTL_LEG),
    ("acr", "projects", exports.ACR_PROJECT),
    ("acr", "issuances", exports.ACR_ISSUANCE),
    ("acr", "retirements", exports.ACR_RETIREMENT),
    ("acr", "cancellations", exports.ACR_CANCELLATION),
    ("car", "projects", exports.CAR_PROJECT),
    ("car", "issuances", exports.CAR_ISSUANCE),
    ("car", "retirements", exports.CAR_RETIREMENT),
    ("car", "cancellations", exports.CAR_CANCELLATION),
    ("arb", "issuances", exports.ARB_ISSUANCE),
    ("art", "projects", exports.ART_PROJECT),
    ("art", "issuances", exports.ART_ISSUANCE),
    ("art", "retirements", exports.ART_RETIREMENT),
    ("art", "cancellations", exports.ART_CANCELLATION),
    ("cercarbono", "projects", exports.CERCARBONO_PROJECT),
    ("cercarbono", "issuances", exports.CERCARBONO_ISSUANCE),
    ("cercarbono", "retirements", exports.CERCARBONO_RETIREMENT),
    ("isometric", "projects", exports.ISOMETRIC_PROJECT),
    ("isometric", "issuances", exports.ISOMETRIC_ISSUANCE),
    ("isometric", "retirements", exports.ISOMETRIC_RETIREMENT),
]
NAMES = (
    "verra", "gold-standard", "eutl", "acr", "car", "arb", "art", "cercarbono", "isometric",
)  # fmt: skip


def test_names_of_formats_are_those_of_the_command() -> None:
    assert [known.name for known in FORMATS] == list(NAMES)
    assert [known.title_key for known in FORMATS] == [
        f"imports.{known.name}.title" for known in FORMATS
    ]


@pytest.mark.parametrize(("name", "file", "row"), CASES)
def test_a_file_is_known_by_its_columns_in_any_order(
    name: str, file: str, row: exports.Row
) -> None:
    known = exports.format_named(name)
    assert known.detect(header(row)).name == file
    assert known.detect((*reversed(header(row)), "Unnamed: 19", "Unnamed: 20")).name == file


@pytest.mark.parametrize(("name", "file", "row"), CASES)
def test_each_missing_column_is_named(name: str, file: str, row: exports.Row) -> None:
    known = exports.format_named(name)
    spec = known.detect(header(row))
    # Without its four own columns a retirements file would be an issuances file; one is missing.
    for column in spec.read:
        with pytest.raises(ImportFault) as caught:
            known.detect(tuple(each for each in header(row) if each != column))
        assert caught.value.code == "columns-missing"
        assert caught.value.params["file"] == file
        assert caught.value.params["columns"] == (column,)


def test_a_known_column_that_is_not_carried_may_be_missing() -> None:
    row = [name for name in exports.EUTL_LEG if name != "transferringAccountID_2024"]
    assert exports.format_named("eutl").detect(tuple(row)).name == "transfers"


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_a_foreign_header_is_no_file_of_the_format(known: Format) -> None:
    with pytest.raises(ImportFault) as caught:
        known.detect(("Reporter", "Sector"))
    assert caught.value.code == "header-unknown"


def test_columns_that_no_statement_carries_are_listed(tmp_path: Path) -> None:
    row = {**exports.VERRA_BLOCK, "Unnamed: 17": "", "Added later": "x"}
    report = exports.plan_of(tmp_path, "verra", row).report
    assert report.unread_columns == (
        "Sustainable Development Goals",
        "Unnamed: 17",
        "Added later",
    )
    assert report.taken_rows == 1


def test_rows_are_read_one_by_one_before_a_plan_is_made(tmp_path: Path) -> None:
    path = exports.write(tmp_path, [exports.EUTL_LEG] * 3)
    with path.open("ab") as file:
        file.write(b'"cut')
    known = exports.format_named("eutl")
    events = known.read(path, known.report())
    assert [next(events).row for _ in range(3)] == [1, 2, 3]
    with pytest.raises(ImportFault) as caught:
        next(events)
    assert caught.value.code == "csv-broken"
    with pytest.raises(ImportFault):
        exports.planned(known, path)
