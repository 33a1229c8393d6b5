"""Reading: what a file must be, what a row must be, and that neighbours go on."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from portal.imports.errors import CellFault, ImportFault
from portal.imports.model import Left, Refused
from portal.imports.report import Report
from portal.imports.rows import Cells, open_csv


def read(folder: Path, data: bytes) -> tuple[list[Cells | Refused | Left], Report]:
    path = folder / "file.csv"
    path.write_bytes(data)
    report = Report("x", "r")
    with open_csv(path) as file:
        return list(file.rows(report)), report


def fault(folder: Path, data: bytes) -> ImportFault:
    with pytest.raises(ImportFault) as caught:
        read(folder, data)
    return caught.value


def one(folder: Path, data: bytes) -> Cells:
    rows, _ = read(folder, data)
    assert isinstance(rows[0], Cells)
    return rows[0]


def test_a_cell_of_many_lines_is_one_cell(tmp_path: Path) -> None:
    rows, report = read(tmp_path, b'A,B\r\n"one\r\ntwo, ""three""",x\r\n1,2\r\n')
    assert report.rows == len(rows) == 2
    first = rows[0]
    assert isinstance(first, Cells)
    assert first.raw == {"A": 'one\r\ntwo, "three"', "B": "x"}
    assert first.text("A") == 'one\ntwo, "three"'


def test_digest_and_size_are_of_the_bytes(tmp_path: Path) -> None:
    data = "A\r\né\r\n".encode()
    _, report = read(tmp_path, data)
    assert report.sha256 == hashlib.sha256(data).hexdigest()
    assert report.size_bytes == len(data)


def test_a_byte_order_mark_is_passed_over_and_stays_in_the_digest(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfA,B\n1,2\n"
    (row,), report = read(tmp_path, data)
    assert isinstance(row, Cells)
    assert row.raw == {"A": "1", "B": "2"}
    assert report.sha256 == hashlib.sha256(data).hexdigest()


def test_another_encoding_is_refused_with_the_row_before_it(tmp_path: Path) -> None:
    for data in ("A,B\n1,é\n".encode("latin-1"), "A,B\n1,项目\n".encode("gb18030")):
        assert fault(tmp_path, data).code == "not-utf8"
    assert fault(tmp_path, "A\n1\n".encode("utf-16")).code == "not-utf8"


def test_a_file_cut_inside_quotes_is_refused_whole(tmp_path: Path) -> None:
    broken = fault(tmp_path, b'A,B\n1,2\n3,"four')
    assert broken.code == "csv-broken"
    assert broken.params["after_row"] == 1


def test_text_after_a_closing_quote_is_refused(tmp_path: Path) -> None:
    assert fault(tmp_path, b'A,B\n"1"2,3\n').code == "csv-broken"


def test_an_endless_cell_is_refused(tmp_path: Path) -> None:
    assert fault(tmp_path, b'A\n"' + b"x" * 200_000 + b'"\n').code == "csv-broken"


def test_a_file_cut_inside_a_row_refuses_that_row(tmp_path: Path) -> None:
    rows, report = read(tmp_path, b"A,B,C\n1,2,3\n4,5")
    last = rows[1]
    assert isinstance(last, Refused)
    assert (last.row, last.code) == (2, "cell-count")
    assert last.params == {"cells": 2, "expected": 3}
    assert last.raw == {"A": "4", "B": "5"}
    assert [note.code for note in report.notes] == ["no-final-line-end"]


def test_a_row_with_a_cell_too_many_is_refused(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, b"A,B\n1,2,3\n4,5\n")
    assert isinstance(rows[0], Refused)
    assert isinstance(rows[1], Cells)


def test_a_blank_row_is_left_and_counted(tmp_path: Path) -> None:
    rows, report = read(tmp_path, b"A,B\n\n , \n1,2\n")
    assert rows[:2] == [Left(1, "blank-row"), Left(2, "blank-row")]
    assert report.rows == 3


def test_a_nul_character_refuses_its_row(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, b"A,B\n1,x\0y\n")
    assert isinstance(rows[0], Refused)
    assert (rows[0].code, rows[0].field) == ("nul-character", "B")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "header-missing"),
        (b"\n1,2\n", "header-missing"),
        (b"A,,C\n1,2,3\n", "header-blank-name"),
        (b"A,B,A\n1,2,3\n", "header-repeats"),
        (b"A b,A  b \n1,2\n", "header-repeats"),
    ],
)
def test_a_header_names_each_column_once(tmp_path: Path, data: bytes, code: str) -> None:
    assert fault(tmp_path, data).code == code


def test_spaces_of_a_header_are_evened_out_and_told(tmp_path: Path) -> None:
    rows, report = read(tmp_path, b"Status  (GMT),Total \nx,1\n")
    assert isinstance(rows[0], Cells)
    assert rows[0].raw == {"Status (GMT)": "x", "Total": "1"}
    assert {key for key in report.normalised} == {
        ("Status  (GMT)", "header-space"),
        ("Total ", "header-space"),
    }


def test_cleaning_keeps_the_raw_cell_and_is_told_once(tmp_path: Path) -> None:
    rows, report = read(tmp_path, "A\n\u00a0x \n".encode())
    cells = rows[0]
    assert isinstance(cells, Cells)
    assert (cells.text("A"), cells.text("A")) == ("x", "x")
    assert cells.raw == {"A": "\u00a0x "}
    assert report.normalised["A", "no-break-space"].cells == 1
    assert report.normalised["A", "edge-space"].rows == [1]


def test_an_empty_cell_is_none_or_a_fault(tmp_path: Path) -> None:
    cells = one(tmp_path, b"A,B\n ,1\n")
    assert cells.optional("A") is None
    assert cells.read_optional("A", int) is None
    with pytest.raises(CellFault) as caught:
        cells.text("A")
    assert (caught.value.code, caught.value.field) == ("cell-empty", "A")


def test_a_formula_stays_text(tmp_path: Path) -> None:
    text = '=HYPERLINK("x")'
    cells = one(tmp_path, b'A,B\n"=HYPERLINK(""x"")",-5\n')
    assert (cells.text("A"), cells.text("B")) == (text, "-5")


def test_rows_come_before_the_end_of_the_file_is_known(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"A\n" + b"1\n" * 100_000 + b'"cut')
    with open_csv(path) as file:
        first = next(file.rows(Report("x", "r")))
    assert isinstance(first, Cells)
