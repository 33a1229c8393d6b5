"""The import command: formats, usage, and the account of a dry run, which writes nothing."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli.root import main
from portal.imports import FORMATS
from tests.portal.imports.exports import VERRA_BLOCK

BAD = {**VERRA_BLOCK, "Quantity Issued": "many"}


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["import", *words])


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(VERRA_BLOCK))
        writer.writeheader()
        writer.writerows([VERRA_BLOCK, BAD])
    return path


def test_every_known_format_is_listed() -> None:
    told = json.loads(run("--list", "--json").output)
    assert list(told) == [item.name for item in FORMATS]
    assert all(set(item["title"]) == {"zh", "en"} for item in told.values())
    assert not any(
        text.startswith("imports.") for i in told.values() for text in i["title"].values()
    )


def test_a_format_tells_the_columns_of_its_files() -> None:
    known = FORMATS[0]
    told = json.loads(run(known.name, "--list", "--json").output)
    assert list(told) == [known.name]
    for spec in known.files:
        columns = told[known.name]["files"][spec.name]
        assert (columns["columns"], columns["also"]) == (list(spec.read), list(spec.known))
    assert run("nothing", "--list").exit_code == 2


def test_a_file_of_no_known_header_is_told_the_columns(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n", "utf-8")
    answer = run(FORMATS[0].name, str(file), "--dry-run")
    assert answer.exit_code == 1
    assert FORMATS[0].files[0].read[0] in answer.output + answer.stderr


def test_rows_taken_and_refused_add_up(export: Path) -> None:
    result = run(FORMATS[0].name, str(export), "--dry-run", "--json")
    assert result.exit_code == 1, "a row would not be taken"
    told = json.loads(result.stdout)
    assert (told["rows"], told["taken"], told["refused"], told["left"]) == (2, 1, 1, 0)
    assert told["refusals"][0]["row"] == 2
    assert told["acts"]["mirror.block"] == 1


def test_a_foreign_file_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    result = run(FORMATS[0].name, str(path), "--dry-run")
    assert result.exit_code == 1
    assert "header-unknown" in result.output


@pytest.mark.parametrize("words", [(), ("verra",), ("nobody", "FILE", "--dry-run")])
def test_incomplete_and_unknown_arguments_are_usage_errors(
    words: tuple[str, ...], export: Path
) -> None:
    given = [str(export) if word == "FILE" else word for word in words]
    assert run(*given).exit_code == 2


def test_a_dry_run_needs_no_ledger_and_an_import_does(
    export: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    told = json.loads(run(FORMATS[0].name, str(export), "--dry-run", "--json").stdout)
    assert (told["judged"], told["taken"]) == ("file", 1)
    result = run(FORMATS[0].name, str(export))
    assert (result.exit_code, "ledger-missing" in result.output) == (1, True)
    assert list(home.iterdir()) == []
