"""A form becomes statements, a row each; again changes nothing; each row that fails says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.statements.ed25519 import key_id
from ledger.writer.errors import Unavailable
from portal.imports import delivery as module
from portal.imports.delivery import Delivery
from portal.imports.plan import Act
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
    uscc,
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


def test_each_row_tells_the_ids_of_what_it_made_also_the_second_time(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results.csv"
    rows = [party(tmp_path, 1), party(tmp_path, 2, region="999999")]
    path = filled(tmp_path / "a.csv", rows)
    good, bad = told(path, *officers(folder), "--results", out, code=1)["results"]
    key = key_id(bytes.fromhex(rows[0]["public_1"]))
    named = [{"kind": "party", "id": "kiln-1"}, {"kind": "signing_key", "id": key}]
    assert good["made"] == named
    assert (bad.get("made"), bad.get("statement")) == (None, None)
    shown = json.loads(run("statement", "show", good["statement"], "--json").stdout)
    assert (shown["index"], shown["made"]) == (good["index"], named)
    with read_sheet(out) as sheet:
        cells = [line.cells for line in sheet.lines]
    assert cells[0]["statement"] == good["statement"]
    assert cells[0]["made"] == f"party kiln-1; signing_key {key}"
    assert (cells[1]["statement"], cells[1]["made"]) == ("", "")
    again = told(path, *officers(folder), code=1)["results"][0]
    foretold = told(path, "--dry-run", code=1)["results"][0]
    assert again == foretold == {**good, "outcome": "already"}
    projects = filled(tmp_path / "b.csv", [project(1)])
    said = run("form", "submit", projects, "--key", tmp_path / "kiln-1.pem").stdout
    assert said.splitlines()[1:] == ["2  P1  written  entry 3  made project P1"]


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
    foreseen = [(*w[:2], "ready", *w[3:]) if w[2] == "written" else w for w in wanted]
    assert results(path, "--dry-run", code=1) == foreseen
    assert results(path, "--dry-run", *officers(folder), code=1) == foreseen
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
    dry = ("--dry-run", *officers(folder))
    assert [row[2] for row in results(path, *dry, code=1)] == ["conflict", "ready"]
    assert [row[2] for row in results(path, *officers(folder), code=1)] == ["conflict", "written"]


def outcomes(*words: Any, code: int = 0) -> list[tuple[Any, Any]]:
    return [(row[2], row[3]) for row in results(*words, code=code)]


def test_a_dry_run_foretells_what_the_ledger_says_also_of_earlier_rows(
    folder: Path, tmp_path: Path
) -> None:
    told(filled(tmp_path / "first.csv", [party(tmp_path, 1)]), *officers(folder))
    rows = [
        party(tmp_path, 1),  # there already
        party(tmp_path, 2),
        party(tmp_path, 3, uscc=uscc(2)),  # the code of the row before
        party(tmp_path, 4, uscc=uscc(1)),  # the code of a party on record
        party(tmp_path, 5, region="999999", uscc="91330100MADEM00010"),
        party(tmp_path, 6),
    ]
    path = filled(tmp_path / "a.xlsx", rows)
    before = size()
    foretold = outcomes(path, "--dry-run", code=1)
    assert size() == before
    assert outcomes(path, "--dry-run", *officers(folder), code=1) == foretold
    said = outcomes(path, *officers(folder), code=1)
    assert said == [("written", c) if o == "ready" else (o, c) for o, c in foretold]
    assert [outcome for outcome, _ in said] == [
        "already",
        "written",
        "refused",
        "refused",
        "refused",
        "written",
    ]
    again = outcomes(path, *officers(folder), code=1)
    assert [outcome for outcome, _ in again] == ["already", "already", *["refused"] * 3, "already"]


def test_a_dry_run_tells_every_rule_that_a_row_breaks(folder: Path, tmp_path: Path) -> None:
    told(filled(tmp_path / "a.csv", [party(tmp_path, n) for n in (1, 2)]), *officers(folder))
    wrong = project(1, crediting_start="2020-01-01", crediting_end="2019-01-01")
    path = filled(tmp_path / "b.csv", [wrong, project(2)])
    key = ("--key", tmp_path / "kiln-1.pem")
    foretold = told(path, "--dry-run", *key, code=1)
    assert foretold["judged"] == "record"
    first, second = foretold["results"]
    assert (first["outcome"], second["outcome"]) == ("refused", "ready")
    assert first["code"] == told(path, *key, code=1)["results"][0]["code"]


def test_a_dry_run_needs_to_know_who_would_speak(folder: Path, tmp_path: Path) -> None:
    told(filled(tmp_path / "a.csv", [party(tmp_path, n) for n in (1, 2)]), *officers(folder))
    path = filled(tmp_path / "b.csv", [project(1)])
    assert "speaker-unknown" in run("form", "submit", path, "--dry-run", code=2).output
    assert results(path, "--dry-run", "--party", "kiln-2")[0][2] == "ready"
    output = run("form", "submit", path, "--dry-run", "--party", "kiln-9", code=1).output
    assert "party-unknown" in output
    refused = results(path, "--dry-run", "--party", "registrar", code=1)
    assert refused[0][2:4] == ("refused", "role-not-allowed")
    run("form", "submit", path, "--party", "kiln-2", code=2)
    run("form", "submit", path, "--party", "kiln-2", *officers(folder), "--dry-run", code=2)


def test_a_dry_run_counts_the_signatures_that_are_there(folder: Path, tmp_path: Path) -> None:
    path = filled(tmp_path / "a.csv", [party(tmp_path, 1)])
    one = officers(folder)[:2]
    assert outcomes(path, "--dry-run", *one, code=1) == [("refused", "four-eyes")]
    assert outcomes(path, "--dry-run") == [("ready", None)]


def test_what_was_done_before_a_stop_is_told_and_the_next_time_goes_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(tmp_path / "a.csv", [party(tmp_path, n) for n in (1, 2, 3, 4)])
    out = tmp_path / "results.csv"
    real, sent = Delivery._send, []

    def send(delivery: Delivery, acts: list[Act]) -> Any:
        if len(sent) == 2:
            raise Unavailable("writer-stopped")
        sent.append(acts)
        return real(delivery, acts)

    with monkeypatch.context() as patched:
        patched.setattr(module, "WINDOW_ACTS", 1)
        patched.setattr(Delivery, "_send", send)
        given = run("form", "submit", path, *officers(folder), "--results", out, "--json", code=1)
    assert "writer-stopped" in given.stderr
    assert json.loads(given.stdout)["outcomes"] == {"left": 3, "written": 1}
    with read_sheet(out) as sheet:
        lines = [(line.cells["subject"], line.cells["outcome"]) for line in sheet.lines]
    assert lines[:2] == [("kiln-1", "written"), ("kiln-2", "left")]
    assert told(path, *officers(folder))["outcomes"] == {"already": 2, "written": 2}


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
    (row,) = results(path, *officers(folder), code=1)
    assert (row[3], row[4]) == ("key-not-proved", "proof_1")


@pytest.mark.parametrize("dry", [("--dry-run",), ()])
def test_a_refused_row_names_the_column_of_its_paper(
    folder: Path, tmp_path: Path, dry: tuple[str, ...]
) -> None:
    later = party(tmp_path, 1, agreement_signed_on="2999-01-01")
    path = filled(tmp_path / "a.csv", [later])
    (row,) = results(path, *officers(folder), *dry, code=1)
    assert (row[3], row[4]) == ("agreement-later", "agreement_signed_on")
