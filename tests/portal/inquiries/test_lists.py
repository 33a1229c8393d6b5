"""A list is read row by row; what is wrong with a row is told there and stops no other."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from portal.inquiries import lists
from portal.inquiries.lists import Asked, read_list
from portal.sheets import SheetFault, Table, write_tables


def read(tmp_path: Path, text: str) -> list[Asked]:
    file = tmp_path / "list.csv"
    file.write_text(text, "utf-8")
    return read_list(file).rows


def test_a_row_names_a_party_or_a_code_a_day_and_what_is_declared(tmp_path: Path) -> None:
    first, second = read(
        tmp_path, "party,uscc,on,staff,some-rule.spend\nowner,,2025-12-31,7,\n,9133,,,1.5\n"
    )
    assert first == Asked(2, "owner", "", "2025-12-31", {"staff": "7"})
    assert second == Asked(3, "", "9133", None, {"some-rule": {"spend": "1.5"}})


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (",,", "cell-empty", "party"),
        ("=owner,,", "formula-character", "party"),
        ("owner,,31.12.2025", "not-a-date", "on"),
        ("own\x00er,,", "cell-not-text", "party"),
    ],
)
def test_a_row_that_cannot_be_asked_says_why(
    tmp_path: Path, row: str, code: str, column: str
) -> None:
    found = read(tmp_path, f"party,uscc,on,x\n{row},1\nbuyer,,,\n")
    assert (found[0].code, found[0].column) == (code, column)
    assert found[1].code is None


def test_what_no_input_can_be_called_is_carried_along(tmp_path: Path) -> None:
    """An empty cell carries nothing; what is written as an input is one, known or not."""
    first, second = read(tmp_path, "party,备注,Remark,staff\nowner,甲,,7\nbuyer,,b,\n")
    assert first == Asked(2, "owner", "", None, {"staff": "7"}, carried={"备注": "甲"})
    assert second == Asked(3, "buyer", "", None, {}, carried={"Remark": "b"})


@pytest.mark.parametrize("columns", ["ground,ground.x", "ground.x,ground", "x,party.x"])
def test_a_name_is_an_input_or_a_rule_and_not_both(tmp_path: Path, columns: str) -> None:
    (found,) = read(tmp_path, f"party,{columns}\nowner,1,2\n")
    assert (found.code, found.declared) == ("declared-clash", {})
    assert "." in found.column


@pytest.mark.parametrize(
    ("text", "code"),
    [("name\nowner\n", "columns-missing"), ("party\n", "rows-missing"), ("", "heading-missing")],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(SheetFault, match=code):
        read(tmp_path, text)


def test_a_list_that_is_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "ROWS_MAX", 2)
    with pytest.raises(SheetFault, match="rows-too-many"):
        read(tmp_path, "party\na\nb\nc\n")


def test_a_workbook_is_read_as_well(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    write_tables(file, [Table("list", ("party", "staff"), [("owner", 7)])])
    assert read_list(file) == ([Asked(2, "owner", "", None, {"staff": "7"})], "")


def test_numbers_of_a_workbook_are_declared_as_they_were_typed(tmp_path: Path) -> None:
    file, made = tmp_path / "list.xlsx", Workbook()
    sheet: Any = made.active
    for row in (["party", "on", "rate", "green"], ["a", date(2025, 12, 31), 0.35, True]):
        sheet.append(row)
    sheet.append(["b", None, 123456789.0123456, None])
    made.save(file)
    first, second = read_list(file).rows
    assert first == Asked(2, "a", "", "2025-12-31", {"rate": "0.35", "green": "true"})
    assert (second.code, second.column) == ("number-lost-digits", "rate")


def test_a_code_that_lost_its_digits_is_refused_and_not_looked_up(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "uscc\n9.13301E+17\n")
    assert (found.code, found.column, found.uscc) == ("number-rounded", "uscc", "")


def test_a_list_in_gb18030_says_so(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes("party,地址\nowner,杭州\n".encode("gb18030"))
    row = Asked(2, "owner", "", None, carried={"地址": "杭州"})
    assert read_list(file) == ([row], "gb18030")
