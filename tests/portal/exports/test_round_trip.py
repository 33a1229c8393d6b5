"""What an export says is what the record holds: written, read back, compared, and caught lying."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from portal.cli import main
from portal.exports import VOCABULARIES, ExportFault
from portal.exports.register import Register
from portal.sheets import SheetFault, Table, read_sheet, write_tables
from tests.factories.scene import OFFICERS, ORIGIN, ProjectDesign, Scene, scene

URL = "https://register.example"


@pytest.fixture
def stage(home: Path, vacant_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A batch of 900, of which 99 and 50 are retired; a project whose name is a formula."""
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    monkeypatch.setenv("QINGZHANG_DATABASE_URL", vacant_database_url)
    with scene(home, vacant_database_url) as opened:
        batch = opened.issue(900)
        body = {"batch": batch, "purpose": "public-good", "beneficiary": "a person"}
        opened.do("owner", "credit.retire", {**body, "quantity": 99}, "a", "b")
        opened.do("owner", "credit.retire", {**body, "quantity": 50}, "a", "b")
        carbon = {"credit_class": "ZJ_AC", "methodology": "ZJ-AC-DESIGN-PROPOSAL"}
        named = ProjectDesign(project="P2", name="=HYPERLINK(1)", **carbon)
        opened.do("owner", "project.submit", named, "a")
        refused = {"project": "P2", "document": "d", "reasons": "r"}
        opened.do("registrar", "project.refuse", refused, *OFFICERS)
        other = {"credit_class": "ZJ_VER", "methodology": "CCER-14-003-V01"}
        opened.do("owner", "project.submit", ProjectDesign(project="P3", **other), "a")
        yield opened


def run(*words: Any, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["export", *(str(word) for word in words)])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def rows(path: Path, sheet: str) -> list[dict[str, Any]]:
    with read_sheet(path, sheet) as opened:
        return [line.cells for line in opened.lines]


@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize("name", VOCABULARIES)
def test_an_export_read_back_is_the_register(stage: Scene, tmp_path: Path, name: str) -> None:
    words, path = VOCABULARIES[name], tmp_path / "e.xlsx"
    with stage.ledger.record.reading() as connection:
        register = Register(connection, ORIGIN, URL)
        counts = words.write(register, path)
        carried = words.carried(register)
    assert words.read(path) == carried
    assert counts == {sheet: len(records) for sheet, records in carried.items()}
    assert all(counts.values())
    book = load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    about = {row["name"]: row["value"] for row in rows(path, "about")}
    assert (about["register"], about["confidence"]) == (ORIGIN, "medium")
    run(name, "--check", path)


@pytest.mark.usefixtures("stage")
def test_cadt_says_projects_and_units_in_its_picklists(tmp_path: Path) -> None:
    path = tmp_path / "e.xlsx"
    told = json.loads(run("cadt", "-o", path, "--url", f"{URL}/", "--json").stdout)
    assert told["rows"] == {"projects": 3, "projectLocations": 3, "issuances": 1, "units": 3}
    first, second, third = rows(path, "projects")
    assert first["projectStatus"] == "Registered"
    assert (first["projectLink"], first["projectDeveloper"]) == (f"{URL}/projects/P1", "owner")
    assert (first["projectStatusDate"], first["registryOfOrigin"]) == ("2026-01-01", ORIGIN)
    assert (second["projectStatus"], second["projectName"]) == ("Rejected", "=HYPERLINK(1)")
    assert (third["projectStatus"], third["projectTags"]) == ("Listed", "ZJ_VER")
    units = rows(path, "units")
    named = ("unitBlockStart", "unitBlockEnd", "unitCount", "unitStatus", "unitStatusReason")
    batch = "ZJ_FS-R1-2024"
    assert [tuple(unit[name] for name in named) for unit in units] == [
        (f"{batch}-1", f"{batch}-99", "99", "Retired", "public-good"),
        (f"{batch}-100", f"{batch}-149", "50", "Retired", "public-good"),
        (f"{batch}-150", f"{batch}-900", "751", "Held", ""),
    ]
    assert {unit["unitType"] for unit in units} == {"Removal - nature"}
    assert rows(path, "issuances")[0]["verificationReportDate"] == "2026-01-01"
    assert rows(path, "projectLocations")[0]["inCountryRegion"] == "浙江省"
    text = json.dumps([rows(path, sheet) for sheet in ("projects", "issuances", "units")])
    assert "a person" not in text and "registry" not in text.replace("registryOfOrigin", "")


@pytest.mark.usefixtures("stage")
def test_ccer_says_reductions_by_state_and_claims_no_national_id(tmp_path: Path) -> None:
    path = tmp_path / "e.xlsx"
    run("ccer", "-o", path)
    projects = rows(path, "projects")
    assert [(row["dataType"], row["statusName"]) for row in projects] == [
        ("2", "项目登记"),
        ("", "不予登记"),
        ("", "项目申请"),
    ]
    (reduction,) = rows(path, "reductions")
    assert (reduction["dataType"], reduction["statusName"]) == ("5", "减排量签发")
    assert (reduction["certifiedNum"], reduction["ccerId"]) == ("900", "")
    (units,) = rows(path, "units")
    assert (units["签发"], units["注销"], units["取消"]) == ("900", "149", "0")


def test_a_changed_cell_is_found(stage: Scene, tmp_path: Path) -> None:
    path = tmp_path / "e.xlsx"
    run("cadt", "-o", path)
    tables = [
        Table(s, list(found[0]), [list(r.values()) for r in found])
        for s in ("projects", "projectLocations", "issuances", "units")
        if (found := rows(path, s))
    ]
    changed = [list(row) for row in tables[3].rows]
    changed[2][list(tables[3].columns).index("unitCount")] = 752
    write_tables(path, [*tables[:3], Table("units", tables[3].columns, changed)])
    told = json.loads(run("cadt", "--check", path, "--json", code=1).stdout.splitlines()[0])
    assert told["sheets"]["units"]["only_in_record"]["count"] == 1
    assert told["sheets"]["units"]["only_in_export"]["first"][0]["count"] == 752
    assert told["sheets"]["projects"]["only_in_record"]["count"] == 0
    # The record goes on, and an older export no longer agrees.
    run("ccer", "-o", tmp_path / "old.xlsx")
    stage.do("registrar", "project.deregister", {"project": "P1", "document": "d"}, *OFFICERS)
    run("ccer", "--check", tmp_path / "old.xlsx", code=1)


@pytest.mark.usefixtures("stage")
def test_what_is_no_export_is_refused_by_name(tmp_path: Path) -> None:
    words, path = VOCABULARIES["cadt"], tmp_path / "e.xlsx"
    write_tables(path, [Table("projects", ["projectId"], [["P1"]])])
    with pytest.raises(ExportFault, match="export-columns"):
        words.read(path)
    run("cadt", "-o", tmp_path / "good.xlsx")
    good = rows(tmp_path / "good.xlsx", "projects")
    bad = [{**row, "projectStatus": "Sleeping"} for row in good]
    write_tables(path, [Table("projects", list(bad[0]), [list(row.values()) for row in bad])])
    with pytest.raises(ExportFault) as caught:
        words.read(path)
    assert caught.value.params["column"] == "projectStatus"
    assert (caught.value.params["line"], caught.value.params["rule"]) == (2, "not-a-value")
    write_tables(path, [Table("projects", list(good[0]), [list(row.values()) for row in good])])
    with pytest.raises(SheetFault, match="sheet-missing"):
        words.read(path)
    assert "export-suffix" in run("cadt", "-o", tmp_path / "e.csv", code=1).output
    run("cadt", "-o", path, code=1)
    run("cadt", code=2)


@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize("name", VOCABULARIES)
def test_no_cell_is_changed_unseen(tmp_path: Path, name: str) -> None:
    """But for links, which say where the export was made."""
    path, other = tmp_path / "e.xlsx", tmp_path / "other.xlsx"
    run(name, "-o", path)
    unseen = []
    for sheet in VOCABULARIES[name].sheets:
        for number, column in enumerate(sheet.columns, 1):
            if column.elsewhere:
                continue
            book = load_workbook(path)
            cell = book[sheet.name].cell(2, number)
            cell.value = f"{cell.value or ''}1"
            book.save(other)
            result = CliRunner().invoke(main, ["export", name, "--check", str(other)])
            if result.exit_code != 1:
                unseen.append((sheet.name, column.name))
    assert unseen == []
