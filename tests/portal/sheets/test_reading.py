"""Tables are read as texts; what is none is the fault of its cell, or of the whole file."""

from __future__ import annotations

import os
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart

from portal.sheets import Line, SheetFault, Table, read_sheet, write_tables
from portal.sheets import reading as module
from portal.sheets.errors import CellFault


def lines(path: Path, name: str | None = None) -> list[Line]:
    with read_sheet(path, name) as sheet:
        return list(sheet.lines)


def book(folder: Path, *rows: list[Any]) -> Path:
    path = folder / "t.xlsx"
    made = Workbook()
    for row in rows:
        made.active.append(row)  # type: ignore[union-attr]  # a new book has a sheet
    made.save(path)
    return path


def csv_of(folder: Path, data: bytes) -> Path:
    path = folder / "t.csv"
    path.write_bytes(data)
    return path


def refused(path: Path, name: str | None = None) -> tuple[str, dict[str, Any]]:
    with pytest.raises(SheetFault) as caught:
        lines(path, name)
    return caught.value.code, caught.value.params


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_what_was_written_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"t.{suffix}"
    rows = [["=1+1", 5], ["'q", None], ["窑", 10**17]]
    write_tables(path, [Table("a", ["x", "y"], rows, {"y": ["p", "q"]})])
    assert [line.cells for line in lines(path)] == [
        {"x": "=1+1", "y": "5"},
        {"x": "'q", "y": ""},
        {"x": "窑", "y": "100000000000000000"},
    ]


def test_a_spreadsheets_days_and_whole_numbers_are_texts(tmp_path: Path) -> None:
    rows = [date(2024, 2, 29), datetime(2024, 3, 1), 330100, 7.0]
    path = book(tmp_path, ["a", "b", "c", "d"], rows)
    assert lines(path)[0].cells == {"a": "2024-02-29", "b": "2024-03-01", "c": "330100", "d": "7"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.5, "1.5"),
        (0.35, "0.35"),
        (-0.000001, "-0.000001"),
        (123456789.123456, "123456789.123456"),
        (999_999_999_999_999, "999999999999999"),
        (1e14, "100000000000000"),
        (0, "0"),
        (0.0, "0"),
        (True, "true"),
        (False, "false"),
    ],
)
def test_an_exact_number_is_read_in_plain_digits(tmp_path: Path, value: Any, text: str) -> None:
    assert lines(book(tmp_path, ["a"], [value]))[0].cells == {"a": text}


def test_a_code_kept_as_a_number_has_the_zeros_that_its_cell_shows(tmp_path: Path) -> None:
    path, made = tmp_path / "t.xlsx", Workbook()
    sheet: Any = made.active
    for row in (["a", "b", "c"], [123, 1_234_567, 123]):
        sheet.append(row)
    for place, form in (("A2", "000000"), ("B2", "000000"), ("C2", "0.00")):
        sheet[place].number_format = form
    made.save(path)
    assert lines(path)[0].cells == {"a": "000123", "b": "1234567", "c": "123"}


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("0.34999999999999998", "0.35"),  # as some spreadsheets store what was typed as 0.35
        ("0.30000000000000004", "number-lost-digits"),  # 0.1 + 0.2 is not what its cell shows
        ("1E999", "cell-not-text"),
    ],
)
def test_a_number_is_what_was_typed_however_it_is_stored(
    tmp_path: Path, stored: str, told: str
) -> None:
    path = book(tmp_path, ["a"], [7])
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data.replace(b"<v>7</v>", f"<v>{stored}</v>".encode()))
    cell = lines(path)[0].cells["a"]
    assert (cell.code if isinstance(cell, CellFault) else cell) == told


CHINESE = "party,name\r\nkiln-1,示例窑业有限公司\r\nkiln-2,㐀镕\r\n"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030")],
)
def test_a_csv_is_read_as_utf8_else_as_gb18030_and_says_which(
    tmp_path: Path, encoding: str, told: str
) -> None:
    with read_sheet(csv_of(tmp_path, CHINESE.encode(encoding))) as sheet:
        assert [line.cells["name"] for line in sheet.lines] == ["示例窑业有限公司", "㐀镕"]
        assert sheet.encoding == told


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_broken_utf8_is_not_taken_for_gb18030(tmp_path: Path, mark: bytes) -> None:
    text = "名称\n示例窑业\n示例".encode()
    broken = mark + text.replace("例窑".encode(), b"\xe4\xbe\xaa\xaa")
    assert refused(csv_of(tmp_path, broken)) == ("sheet-unreadable", {"why": "not-utf8", "line": 2})


def test_a_number_that_a_csv_shows_rounded_is_a_fault_of_its_cell(tmp_path: Path) -> None:
    (line,) = lines(csv_of(tmp_path, b"uscc,name\n9.13301E+17,E+17\n"))
    assert isinstance(line.cells["uscc"], CellFault)
    assert (line.cells["uscc"].code, line.cells["name"]) == ("number-rounded", "E+17")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("=1+1", "formula-cell"),
        ('=HYPERLINK("http://a.example")', "formula-cell"),
        ("#REF!", "cell-not-text"),
        (0.1234567890123456, "number-lost-digits"),
        (1e15, "number-lost-digits"),
        (330100123456789012, "number-lost-digits"),
        ("9.13301E+17", "number-rounded"),
        (datetime(2024, 3, 1, 12, 30), "cell-not-text"),
        (9_133_010_012_345_678, "number-lost-digits"),
    ],
)
def test_a_cell_that_is_no_plain_text_is_a_fault_of_its_own(
    tmp_path: Path, value: Any, code: str
) -> None:
    cells = lines(book(tmp_path, ["a", "b"], [value, "x"], ["y", "z"]))
    assert isinstance(cells[0].cells["a"], CellFault)
    assert cells[0].cells["a"].code == code
    assert cells[0].cells["b"] == "x"
    assert cells[1].cells == {"a": "y", "b": "z"}


def test_blank_rows_are_passed_over_and_lines_keep_their_numbers(tmp_path: Path) -> None:
    path = csv_of(tmp_path, b'\xef\xbb\xbfa,b\n1,2\n,\n\n"x\ny",4\n5\n')
    found = lines(path)
    assert [line.line for line in found] == [2, 5, 7]
    assert found[1].cells == {"a": "x\ny", "b": "4"}
    assert found[2].cells == {"a": "5", "b": ""}
    assert [line.line for line in lines(book(tmp_path, ["a"], [None], ["x"]))] == [3]


def test_a_cell_beyond_the_heading_spoils_its_row_alone(tmp_path: Path) -> None:
    found = lines(csv_of(tmp_path, b"a,b\n1,2,3\n4,5\n"))
    assert isinstance(found[0].cells["a"], CellFault)
    assert found[1].cells == {"a": "4", "b": "5"}


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_tables(path, [Table("one", ["a"], [["1"]]), Table("two", ["a"], [["2"]])])
    assert lines(path, "two")[0].cells == {"a": "2"}
    assert refused(path, "three") == ("sheet-missing", {"sheet": "three"})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "heading-missing"),
        (b",,\n1,2,3\n", "heading-missing"),
        (b"a,,b\n", "heading-blank-name"),
        (b"a,b,a\n", "heading-repeats"),
        (b"a\n\xff\xfe\n", "sheet-unreadable"),
        (b'a\n"open\n', "sheet-unreadable"),
        ((",".join(f"c{n}" for n in range(201)) + "\n").encode(), "heading-too-wide"),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole(tmp_path: Path, data: bytes, code: str) -> None:
    assert refused(csv_of(tmp_path, data))[0] == code


def test_a_broken_or_swollen_workbook_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"no zip")
    assert refused(path) == ("sheet-unreadable", {"why": "not-xlsx"})
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("anything", "x")
    assert refused(path)[0] == "sheet-unreadable"
    whole = book(tmp_path, ["a"], ["x"])
    with zipfile.ZipFile(whole) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, sheet[: len(sheet) // 2] if data is sheet else data)
    assert refused(path)[0] == "sheet-unreadable"
    monkeypatch.setattr(module, "BYTES_MAX", 10)
    assert refused(path)[0] == "sheet-too-large"


def test_other_suffixes_are_neither_read_nor_written(tmp_path: Path) -> None:
    path = tmp_path / "t.xls"
    path.touch()
    assert refused(path)[0] == "sheet-suffix"
    with pytest.raises(SheetFault, match="sheet-suffix"):
        write_tables(path, [Table("a", ["x"], [])])


def test_a_chart_is_no_table(tmp_path: Path) -> None:
    path, made = tmp_path / "t.xlsx", Workbook()
    made.create_chartsheet("chart", 0).add_chart(BarChart())
    made["Sheet"].append(["a"])
    made["Sheet"].append(["x"])
    made.save(path)
    assert lines(path)[0].cells == {"a": "x"}
    assert refused(path, "chart") == ("sheet-missing", {"sheet": "chart"})


def test_a_file_is_let_go_when_its_reader_stops_early(tmp_path: Path) -> None:
    path = book(tmp_path, ["a"], *(["x"] for _ in range(50)))
    with read_sheet(path) as sheet:
        next(sheet.lines)
    held = [os.path.realpath(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")]
    assert str(path.resolve()) not in held
