"""Tables are written so that a spreadsheet shows what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from portal.sheets import SheetFault, Table, csv_line, pack_tables, write_tables
from portal.sheets import writing as module


def test_no_cell_of_a_workbook_is_a_formula_and_codes_are_texts(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_tables(path, [Table("a", ["=x", "y"], [["=1+1", "0330100"], ["+1", 3]])])
    sheet = load_workbook(path)["a"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells] == ["=x", "y", "=1+1", "0330100", "+1", 3]
    assert [cell.data_type for cell in cells] == ["s", "s", "s", "s", "s", "n"]
    assert sheet["B2"].number_format == "@"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<a> & \"b\" 'c'", "<a> & \"b\" 'c'"),
        (" both ends ", " both ends "),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("一\r\n二", "一\r\n二"),
        ("a\x00b\x1fc\ufffe\ud800", "a\ufffdb\ufffdc\ufffd\ufffd"),  # what no XML may hold
        ("]]>", "]]>"),
        ("𠮷", "𠮷"),
        ("x" * 32_768, "x" * 32_767),
    ],
)
def test_a_text_is_kept_whatever_it_holds(tmp_path: Path, text: str, read: str) -> None:
    path = tmp_path / "t.xlsx"
    write_tables(path, [Table("a & <b>", ["x"], [[text]])])
    assert load_workbook(path)["a & <b>"]["A2"].value == read


def test_numbers_that_a_spreadsheet_would_round_are_texts(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    rows = [[10**15 - 1, 10**15], [-(10**15) + 1, -(10**15)], [0, None]]
    write_tables(path, [Table("a", ["x", "y"], rows)])
    sheet = load_workbook(path)["a"]
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert found == [[r[0], None if r[1] is None else str(r[1])] for r in rows]


def test_a_sheet_has_a_heading_that_stays_in_sight(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    columns = [f"c{number}" for number in range(1, 31)]
    write_tables(path, [Table("a", columns, [columns] * 1_001), Table("b", ["x"], [])])
    book = load_workbook(path)
    sheet = book["a"]
    assert (sheet.freeze_panes, sheet["AD1"].value, sheet["A1"].font.b) == ("A2", "c30", True)
    assert (sheet["AD1002"].value, sheet.max_row) == ("c30", 1_002)
    assert sheet.column_dimensions["A"].width == 24
    assert [[cell.value for cell in row] for row in book["b"].iter_rows()] == [["x"]]


def test_one_table_is_one_file_of_bytes() -> None:
    table = Table("a", ["x"], [["1"], [2]], {"x": ["p", 'q "&"']})
    assert pack_tables(".xlsx", [table]) == pack_tables(".xlsx", [table])


def test_a_csv_bears_the_mark_and_guards_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_tables(path, [Table("a", ["x", "y"], [["=1", None], ["窑,", 2]])])
    assert path.read_bytes() == '\ufeffx,y\r\n\'=1,\r\n"窑,",2\r\n'.encode()


def test_a_choice_is_offered_below_its_heading(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_tables(path, [Table("a", ["x", "y"], [], {"y": ["p", "q"]})])
    (offered,) = load_workbook(path)["a"].data_validations.dataValidation
    assert (offered.formula1, str(offered.sqref)) == ('"p,q"', "B2:B1048576")


def test_a_sheet_that_cannot_hold_its_rows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROWS_MAX", 1)
    with pytest.raises(SheetFault, match="sheet-too-long"):
        write_tables(tmp_path / "t.xlsx", [Table("a", ["x"], [["1"], ["2"]])])
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_is_refused_leaves_the_file_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.xlsx"
    write_tables(path, [Table("a", ["x"], [["1"], ["2"]])])
    before = path.read_bytes()
    monkeypatch.setattr(module, "ROWS_MAX", 1)
    with pytest.raises(SheetFault, match="sheet-too-long"):
        write_tables(path, [Table("a", ["x"], [["1"], ["2"]])])
    assert path.read_bytes() == before


def test_a_line_quotes_guards_and_leaves_numbers_as_they_are() -> None:
    assert csv_line(["=1", -5, None, 'a,"b"', ""]) == b'\'=1,-5,,"a,""b""",\r\n'
