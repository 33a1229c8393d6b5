"""Templates show every column; a file whose heading is not a form's is refused whole."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from ledger.parties.people_schemas import COVERS
from ledger.statements.types import rows as fields_of
from portal.forms import FORMS
from portal.forms import filled as module
from portal.house import make_engine
from portal.sheets import read_sheet
from portal.shell.texts import LANGUAGES, catalogue
from portal.statements.signing import newest
from tests.portal.forms.filling import faults, filled, party, project, results, run, told


@pytest.fixture(autouse=True)
def no_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZHANG_HOME", str(tmp_path / "none"))


@pytest.mark.parametrize("name", FORMS)
def test_a_template_has_every_column_and_notes_in_both_languages(tmp_path: Path, name: str) -> None:
    path = tmp_path / "t.xlsx"
    run("form", "template", name, "-o", path)
    form = FORMS[name]
    book = load_workbook(path)
    assert book.sheetnames == [name, "notes"]
    assert [cell.value for cell in book[name][1]] == [column.name for column in form.columns]
    with read_sheet(path, "notes") as sheet:
        notes = {str(line.cells["column"]): line.cells for line in sheet.lines}
    assert list(notes) == [column.name for column in form.columns]
    assert {n for n, cells in notes.items() if cells["required"]} == set(form.required)
    for column in form.columns:
        key = f"form.{name}.{column.text}"
        assert all(key in catalogue(language) for language in LANGUAGES)
    run("form", "template", name, "-o", path, code=1)


def test_a_csv_template_has_its_notes_in_a_file_beside_it(tmp_path: Path) -> None:
    path, beside = tmp_path / "t.csv", tmp_path / "t-notes.csv"
    given = run("form", "template", "party", "-o", path)
    assert str(beside) in given.stdout
    with read_sheet(beside) as sheet:
        notes = {str(line.cells["column"]): line.cells for line in sheet.lines}
    lists = {name for name, cells in notes.items() if cells["separator 分隔符"] == ";"}
    several = ("agreement_covers", "approval_domains", "approval_methodologies", "roles")
    assert lists == set(several)
    assert notes["agreement_covers"]["choices"] == "; ".join(COVERS)
    assert "分号" in str(notes["roles"]["说明"])
    path.unlink()
    run("form", "template", "party", "-o", path, code=1)  # the notes are there already
    assert not path.exists()


@pytest.mark.parametrize("name", FORMS)
def test_every_field_of_the_body_has_a_column(name: str) -> None:
    form = FORMS[name]
    declared = newest(make_engine(), form.type)
    columns = {column.name for column in form.columns}
    for row in fields_of(declared.full_schema, ""):
        if row["field"] == "attachments":
            continue  # papers do not travel in a table; the statement itself may carry them
        pointer = f"/body/{row['field'].replace('*', '0')}"
        assert form.column(pointer) in columns, pointer
    assert form.column("/body") == ""
    assert (form.column(""), form.column("/body/other")) == ("", "other")


def test_the_last_key_of_a_party_has_its_columns() -> None:
    form = FORMS["party"]
    assert form.column("/body/keys/4/proof") == "proof_5"
    assert form.column("/body/keys") == "operator_1"


def test_a_missing_agreement_is_told_in_its_first_column() -> None:
    form = FORMS["party"]
    assert form.column("/body/agreement") == "agreement_document"
    assert form.column("/body/approval/domains/0") == "approval_domains"


def test_an_empty_template_has_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    run("form", "template", "project", "-o", path)
    assert "rows-missing" in run("form", "submit", path, "--dry-run", code=1).output


def test_a_foreign_heading_is_named(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.csv", [{"Reporter": "x"}])
    assert "form-unknown" in run("form", "submit", path, "--dry-run", code=1).output
    path = filled(tmp_path / "b.csv", [project(1, shade="x")])
    output = run("form", "submit", path, "--dry-run", code=1).output
    assert "columns-unknown" in output and "shade" in output
    row = project(1)
    del row["site"]
    output = run("form", "submit", filled(tmp_path / "c.csv", [row]), "--dry-run", code=1).output
    assert "columns-missing" in output and "site" in output
    output = run("form", "submit", path, "--form", "party", "--dry-run", code=1).output
    assert "columns-missing" in output
    run("form", "submit", path, code=2)


def test_a_form_is_judged_without_a_ledger_and_says_so(tmp_path: Path) -> None:
    good = filled(tmp_path / "a.xlsx", [project(1), project(2)])
    assert results(good, "--dry-run") == []
    assert told(good, "--dry-run")["judged"] == "form"
    assert "form alone" in run("form", "submit", good, "--dry-run").stdout
    key = ("--party", "kiln-1")
    assert "ledger-missing" in run("form", "submit", good, "--dry-run", *key, code=1).output
    dates = project(3, crediting_end="2031-02-30")
    bad = filled(tmp_path / "b.xlsx", [project(1), dates])
    wanted = (3, "P3", "faulty", "not-a-date", "crediting_end")
    assert results(bad, "--dry-run", code=1) == [wanted]


def test_every_fault_of_a_row_is_told_with_its_column(tmp_path: Path) -> None:
    wrong = {"credit_class": "ZJ", "site": "", "crediting_end": "2031-02-30", "name": "=x"}
    path = filled(tmp_path / "a.csv", [project(1, **wrong), project(1)])
    assert faults(path, "--dry-run") == [
        (2, "not-one-of", "credit_class"),
        (2, "formula-character", "name"),
        (2, "cell-empty", "site"),
        (2, "not-a-date", "crediting_end"),
        (3, "row-repeated", "project"),
    ]
    out = tmp_path / "out.csv"
    run("form", "submit", path, "--dry-run", "--results", out, code=1)
    with read_sheet(out) as sheet:
        lines = [(line.cells["line"], line.cells["column"]) for line in sheet.lines]
    assert lines == [
        ("2", "credit_class"),
        ("2", "name"),
        ("2", "site"),
        ("2", "crediting_end"),
        ("3", "project"),
    ]


@pytest.mark.parametrize("separator", [",", "、", "，", "|", "｜", "\n"])
def test_a_list_with_another_separator_is_told_the_right_one(
    tmp_path: Path, separator: str
) -> None:
    wrong = separator.join(["key-use", "fees"])
    path = filled(tmp_path / "a.xlsx", [party(tmp_path, 1, agreement_covers=wrong)])
    (row,) = told(path, "--dry-run", code=1)["results"]
    assert (row["code"], row["column"]) == ("list-separator", "agreement_covers")
    assert row["params"] == {"found": separator, "separator": ";", "value": wrong}


def test_a_word_that_is_not_allowed_is_told_with_those_that_are(tmp_path: Path) -> None:
    wrong = {"roles": "enterprise; owner", "role_1": "boss"}
    path = filled(tmp_path / "a.csv", [party(tmp_path, 1, **wrong)])
    (row,) = told(path, "--dry-run", code=1)["results"]
    roles, role = row["faults"]
    assert roles["params"]["found"] == ["owner"]
    assert roles["params"]["separator"] == ";"
    assert "enterprise" in roles["params"]["allowed"]
    assert role["params"] == {"found": ["boss"], "allowed": ["maker", "checker"]}
    assert "owner" in run("form", "submit", path, "--dry-run", code=1).stdout


def test_a_form_in_gb18030_is_read_and_the_result_says_so(tmp_path: Path) -> None:
    row = project(1, name="示例活性炭再生项目", site="杭州湾一号")
    text = ",".join(row) + "\n" + ",".join(row.values()) + "\n"
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("gb18030"))
    assert told(path, "--dry-run")["encoding"] == "gb18030"
    assert "GB18030" in run("form", "submit", path, "--dry-run").stdout


def test_numbers_and_days_of_a_workbook_are_codes_and_days(tmp_path: Path) -> None:
    path, made = tmp_path / "a.xlsx", Workbook()
    sheet: Any = made.active
    row: dict[str, Any] = {**project(1), "region": 330100}
    row |= {"construction_start": date(2021, 1, 1), "crediting_end": datetime(2031, 1, 1)}
    sheet.append(list(row))
    sheet.append(list(row.values()))
    made.save(path)
    assert results(path, "--dry-run") == []
    sheet["B1"], sheet["B2"] = "project", 913301001234567890
    sheet["A1"] = "credit_class"
    sheet["A2"] = "ZJ_AC"
    made.save(path)
    assert faults(path, "--dry-run") == [(2, "number-lost-digits", "project")]


def test_a_form_that_is_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROWS_MAX", 1)
    path = filled(tmp_path / "a.csv", [party(tmp_path, n) for n in (1, 2)])
    assert "rows-too-many" in run("form", "submit", path, "--dry-run", code=1).output
