"""A form becomes statements, a row each; again changes nothing; each row that fails says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portal.sheets import read_sheet
from tests.portal.forms.filling import (
    ORIGIN,
    filled,
    officers,
    party,
    project,
    results,
    run,
    told,
)


@pytest.fixture
def folder(home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    monkeypatch.setenv("QINGZHANG_DATABASE_URL", database_url)
    run("init", "--origin", ORIGIN)
    return home


def size() -> int:
    head: int = json.loads(run("log", "checkpoint", "--json").stdout)["size"]
    return head


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_parties_then_their_projects_enter_and_a_second_time_nothing(
    folder: Path, tmp_path: Path, suffix: str
) -> None:
    parties = filled(tmp_path / f"a.{suffix}", [party(tmp_path, n) for n in (1, 2, 3)])
    given = told(parties, *officers(folder))
    assert given["outcomes"] == {"written": 3}
    assert [row["index"] for row in given["results"]] == [1, 2, 3]
    projects = filled(tmp_path / f"b.{suffix}", [project(n) for n in (1, 2)])
    assert told(projects, "--key", tmp_path / "kiln-1.pem")["outcomes"] == {"written": 2}
    assert size() == 6
    assert told(parties, *officers(folder))["outcomes"] == {"already": 3}
    assert told(projects, "--key", tmp_path / "kiln-1.pem")["outcomes"] == {"already": 2}
    assert size() == 6
    audited = json.loads(run("log", "audit", "--json").stdout)
    assert (audited["faults"], audited["entries"]) == ([], 6)


def test_a_row_that_fails_leaves_its_neighbours_and_says_where(
    folder: Path, tmp_path: Path
) -> None:
    rows = [
        party(tmp_path, 1),
        party(tmp_path, 2, name="=cmd"),
        party(tmp_path, 3, uscc="91330100MADEM00010"),
        party(tmp_path, 4, name=""),
        party(tmp_path, 5, public_1="zz"),
        party(tmp_path, 6, roles="enterprise;owner"),
        party(tmp_path, 1, name="twice"),
        party(tmp_path, 8),
    ]
    path = filled(tmp_path / "a.xlsx", rows)
    wanted = [
        (2, "kiln-1", "written", None, None),
        (3, "kiln-2", "faulty", "formula-character", "name"),
        (4, "kiln-3", "refused", "uscc-invalid", "uscc"),
        (5, "kiln-4", "faulty", "cell-empty", "name"),
        (6, "kiln-5", "faulty", "not-hex", "public_1"),
        (7, "kiln-6", "faulty", "not-one-of", "roles"),
        (8, "kiln-1", "faulty", "row-repeated", "party"),
        (9, "kiln-8", "written", None, None),
    ]
    assert results(path, "--dry-run", code=1) == [w for w in wanted if w[2] == "faulty"]
    assert size() == 1
    out = tmp_path / "results.csv"
    assert results(path, *officers(folder), "--results", out, code=1) == wanted
    with read_sheet(out) as sheet:
        words = {line.cells["subject"]: line.cells["meaning"] for line in sheet.lines}
    assert words["kiln-4"] == "A required cell is empty"
    assert words["kiln-8"] == ""
    assert size() == 4  # two admitted, one refused by the ledger, five never stated


def test_a_corrected_row_is_stated_again_and_a_changed_one_is_a_conflict(
    folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    filled(path, [party(tmp_path, 1), party(tmp_path, 2, region="999999")])
    assert [row[2] for row in results(path, *officers(folder), code=1)] == ["written", "refused"]
    assert [row[2] for row in results(path, *officers(folder), code=1)] == ["already", "refused"]
    assert size() == 3
    filled(path, [party(tmp_path, 1, name="another"), party(tmp_path, 2)])
    assert [row[2] for row in results(path, *officers(folder), code=1)] == ["conflict", "written"]


def test_two_officers_are_needed_and_the_right_party(folder: Path, tmp_path: Path) -> None:
    path = filled(tmp_path / "a.csv", [party(tmp_path, n) for n in (1, 2, 3)])
    assert "four-eyes" in run("form", "submit", path, *officers(folder)[:2], code=1).output
    assert size() == 2  # one entry says so, and the others were not tried
    regulator = folder / "keys" / "regulator-1.pem"
    assert "role-not-allowed" in run("form", "submit", path, "--key", regulator, code=1).output
    assert told(path, *officers(folder))["outcomes"] == {"written": 3}


def test_rows_are_signed_for_a_ledger_elsewhere_and_enter_once(
    folder: Path, tmp_path: Path
) -> None:
    path = filled(tmp_path / "a.csv", [party(tmp_path, n) for n in (1, 2)])
    common = ("--party", "registrar", "--origin", ORIGIN, *officers(folder))
    out, later = tmp_path / "a.ndjson", tmp_path / "b.ndjson"
    run("form", "sign", path, *common, "-o", out)
    run("form", "sign", path, *common, "-o", out, code=1)
    given = json.loads(run("statement", "submit", out, "--json").stdout)
    assert [answer["status"] for answer in given] == ["accepted", "accepted"]
    # Signed anew it has the same ids, and through the form it is there already.
    run("form", "sign", path, *common, "-o", later)
    given = json.loads(run("statement", "submit", later, "--json", code=1).stdout)
    assert [answer["status"] for answer in given] == ["conflict", "conflict"]
    assert told(path, *officers(folder))["outcomes"] == {"already": 2}
    assert size() == 3
    bad = filled(tmp_path / "bad.csv", [party(tmp_path, 3), party(tmp_path, 4, name="")])
    run("form", "sign", bad, *common, "-o", tmp_path / "none.ndjson", code=1)
    assert not (tmp_path / "none.ndjson").exists()


def test_a_key_is_proved_at_the_shell_as_a_form_asks(folder: Path, tmp_path: Path) -> None:
    made = tmp_path / "new.pem"
    run("key", "new", "--out", made)
    words = ("--party", "kiln-1", "--operator", "op-1", "--origin", ORIGIN)
    proved = json.loads(run("key", "prove", made, *words, "--json").stdout)
    cells = {"public_1": proved["public"], "proof_1": proved["proof"]}
    path = filled(tmp_path / "a.csv", [party(tmp_path, 1, **cells)])
    assert told(path, *officers(folder))["outcomes"] == {"written": 1}
    path = filled(tmp_path / "b.csv", [party(tmp_path, 2, **cells)])
    assert results(path, *officers(folder), code=1)[0][3] == "key-not-proved"
