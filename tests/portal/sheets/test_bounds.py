"""A small package that unfolds to more than a table is refused before anything is built of it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from portal.sheets import SheetFault, bounds, read_sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CELL = b"<c/>"
WIDE = CELL * 80_000  # of more elements than a row may have


def swollen(folder: Path, inner: bytes, name: str = "xl/worksheets/sheet1.xml") -> Path:
    """A workbook whose sheet, or other part, has ``inner`` instead of its own."""
    path, made = folder / "t.xlsx", Workbook()
    made.active.append(["a"])  # type: ignore[union-attr]  # a new book has a sheet
    made.save(path)
    with zipfile.ZipFile(path) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    parts[name] = inner
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, data in parts.items():
            packed.writestr(part, data)
    return path


def sheet(inner: bytes) -> bytes:
    return (
        f'<worksheet xmlns="{MAIN}" xmlns:y="urn:y"><sheetData>'.encode()
        + inner
        + b"</sheetData></worksheet>"
    )


def refused(path: Path) -> tuple[str, object]:
    with pytest.raises(SheetFault) as fault, read_sheet(path) as found:
        list(found.lines)
    return fault.value.code, fault.value.params.get("of")


@pytest.mark.parametrize(
    "row",
    [
        b"<row>" + WIDE * 3 + b"</row>",
        b"<row>" + (CELL * 50_000 + b"<row/>") * 5 + b"</row>",
        b"<row>" + (CELL * 50_000 + b"<!--</row><row>-->") * 5 + b"</row>",
        b"<y:row>" + WIDE * 3 + b"</y:row>",
        WIDE * 3,
        b"<row/>" * 150_000 + b"<row>" + b"<c>" * 70_001 + b"</c>" * 70_001 + b"</row>",
    ],
    ids=["wide", "rows-in-rows", "comments", "of-another-kind", "beside-rows", "deep"],
)
def test_a_row_of_more_than_a_sheet_can_have_is_refused(tmp_path: Path, row: bytes) -> None:
    path = swollen(tmp_path, sheet(row))
    assert path.stat().st_size < 100_000
    assert refused(path) == ("sheet-too-large", "row")


@pytest.mark.parametrize(
    ("name", "inner"),
    [
        ("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"><si>'.encode() + b"<r/>" * 250_000),
        ("xl/styles.xml", b"<styleSheet>" + b"<xf/>" * 250_000 + b"</styleSheet>"),
    ],
)
def test_other_parts_have_their_bounds_too(tmp_path: Path, name: str, inner: bytes) -> None:
    assert refused(swollen(tmp_path, inner, name)) == ("sheet-too-large", "row")


def test_many_narrow_rows_with_the_widest_that_there_can_be_are_read(tmp_path: Path) -> None:
    cells = b'<c t="inlineStr"><is><t>x</t></is></c>'
    widest = b"<row><c/>" + cells * 16_383 + b"</row>"
    heading = b"<row>" + cells + b"</row>"
    path = swollen(tmp_path, sheet(heading + widest + b"<row><c/></row>" * 40_000))
    with read_sheet(path) as found:
        (line,) = found.lines
    assert line.line == 2


def test_all_parts_together_have_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = swollen(tmp_path, sheet(b"<row><c/></row>" * 10))
    monkeypatch.setattr(bounds, "MARKS_MAX", 10)
    assert refused(path) == ("sheet-too-large", "marks")
    monkeypatch.setattr(bounds, "UNPACKED_MAX", 10)
    assert refused(path) == ("sheet-too-large", None)


def test_a_picture_is_no_table_whatever_its_bytes(tmp_path: Path) -> None:
    path = swollen(tmp_path, b"BM" + b"<" * 300_000, "xl/media/image1.bmp")
    with read_sheet(path) as found:
        assert found.columns == ("a",)


def test_a_sheet_that_is_no_xml_is_unreadable(tmp_path: Path) -> None:
    assert refused(swollen(tmp_path, b"<" * 300_000)) == ("sheet-unreadable", None)
