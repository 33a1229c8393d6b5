"""Templates show every column; a file whose heading is not a form's is refused whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledger.statements.types import rows as fields_of
from portal.forms import FORMS
from portal.forms import filled as module
from portal.house import make_engine
from portal.sheets import read_sheet
from portal.shell.texts import LANGUAGES, catalogue
from portal.signing import newest
from tests.portal.forms.filling import filled, party, project, results, run


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


def test_a_form_is_judged_without_a_ledger(tmp_path: Path) -> None:
    good = filled(tmp_path / "a.xlsx", [project(1), project(2)])
    assert results(good, "--dry-run") == []
    dates = project(3, crediting_end="2031-02-30")
    bad = filled(tmp_path / "b.xlsx", [project(1), dates])
    wanted = (3, "P3", "faulty", "not-a-date", "crediting_end")
    assert results(bad, "--dry-run", code=1) == [wanted]


def test_a_form_that_is_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROWS_MAX", 1)
    path = filled(tmp_path / "a.csv", [party(tmp_path, n) for n in (1, 2)])
    assert "rows-too-many" in run("form", "submit", path, "--dry-run", code=1).output
