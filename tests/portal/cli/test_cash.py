"""``qingzhang cash``: a file held against the record, stated, listed; exit 1 where it differs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ledger.accounts.cash.accounts import number_digest
from ledger.accounts.cash.models import reconciliation_table
from ledger.parties.parameters import business_date
from ledger.writer.clock import SystemClock
from portal.cli import main
from tests.factories.cash import deposit
from tests.factories.scene import Scene, scene

HEAD = "date,reference,direction,account,amount_fen\n"


@pytest.fixture
def stage(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """Three deposits of today, by the clock that the command goes by."""
    with scene(home, None) as opened:
        opened.clock.time = SystemClock().now()
        opened.cast()
        for reference, amount in (("A", 100), ("B", 200), ("C", 300)):
            deposit(opened, "owner", amount, reference=reference)
        monkeypatch.setenv("QINGZHANG_HOME", str(home))
        yield opened


def today(stage: Scene) -> str:
    return business_date(stage.clock.time)


def file(stage: Scene, path: Path, *rows: tuple[str, int], closing: int = 600) -> Path:
    day = today(stage)
    lines = [f"{day},{reference},in,,{amount}\n" for reference, amount in rows]
    path.write_text(HEAD + "".join(lines) + f"{day},,closing,,{closing}\n", "utf-8")
    return path


def run(stage: Scene, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["cash", *arguments])


def test_three_faults_are_exactly_three_differences(stage: Scene, tmp_path: Path) -> None:
    path = file(stage, tmp_path / "bank.csv", ("A", 100), ("A", 100), ("C", 299))
    arguments = ("reconcile", str(path), "--date", today(stage), "--dry-run")
    done = run(stage, *arguments, "--json")
    assert done.exit_code == 1
    value = json.loads(done.stdout)
    told = [(d["kind"], d["reference"], d["difference_fen"]) for d in value["differences"]]
    assert told == [("doubled", "A", 100), ("amount", "C", -1), ("missing", "B", -200)]
    assert stage.rows(reconciliation_table) == []
    table = run(stage, *arguments).stdout.splitlines()
    assert len(table) == 4 and table[1].split()[1:3] == ["doubled", "A"]


def test_without_dry_run_the_bank_states_it(stage: Scene, tmp_path: Path) -> None:
    path = file(stage, tmp_path / "bank.csv", ("A", 100), ("B", 200), closing=300)
    home, day = stage.ledger.settings.home, today(stage)
    stage.ledger.close()  # nobody serves: the command writes itself
    done = run(stage, "reconcile", str(path), "--date", day, "--json")
    assert done.exit_code == 1, done.output
    assert json.loads(done.stdout)["index"] > 0
    listed = json.loads(run(stage, "differences", "--json").stdout)["items"]
    told = [(row["date"], row["kind"], row["state"]) for row in listed]
    assert told == [(day, "missing", "open")]
    again = run(stage, "reconcile", str(path), "--date", day)
    assert (again.exit_code, "day-reconciled" in again.stderr) == (1, True)
    assert home.exists()


def test_a_file_that_agrees_ends_well(stage: Scene, tmp_path: Path) -> None:
    path = file(stage, tmp_path / "bank.csv", ("A", 100), ("B", 200), ("C", 300))
    done = run(stage, "reconcile", str(path), "--date", today(stage), "--dry-run")
    assert (done.exit_code, done.stdout.strip()) == (0, "none")


def test_a_file_that_cannot_be_read_is_wrong_usage(stage: Scene, tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(HEAD + f"{today(stage)},A,in,,1.00\n", "utf-8")
    done = run(stage, "reconcile", str(path), "--date", today(stage), "--dry-run")
    assert done.exit_code == 2
    assert 'bank-file-cell {"line":2,"field":"amount_fen"}' in done.stderr


def test_the_balance_and_an_account_number(stage: Scene) -> None:
    value = json.loads(run(stage, "balance", "--json").stdout)
    assert (value["omnibus"], value["available"], value["difference"]) == (600, 600, 0)
    told = json.loads(run(stage, "number", "33010000001234", "--json").stdout)
    assert told["tail"] == "1234"
    assert told["number_sha256"] == number_digest("33010000001234", told["number_salt"])
    assert run(stage, "number", "12a").exit_code == 2
