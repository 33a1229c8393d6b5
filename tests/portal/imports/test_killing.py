"""An import beside a running server, and one that is killed in its midst."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.writer.store import read_head
from portal.config import at_home
from portal.home.opening import open_record
from tests.portal.imports.exports import write
from tests.portal.imports.recording import ORIGIN, entries, figures, run, told
from tests.portal.imports.test_delivery import leg
from tests.portal.processes.harness import SECONDS, free_port, serve, wait_until

ROWS = 4_000


def size(home: Path) -> int:
    record = open_record(at_home(home))
    with record.reading() as connection:
        head = read_head(connection, record.origin)
    record.database.dispose()
    assert head is not None
    return head.size


@pytest.fixture
def ledger_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """On SQLite in the home, as the harness serves it."""
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    run("init", "--origin", ORIGIN)
    return home


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Units that go round among three accounts, so that each act needs the ones before it."""
    rows = [leg(n, f"T{n}", str(n % 3), str((n + 1) % 3), 5, 1 + n % 28) for n in range(1, ROWS)]
    return write(tmp_path, rows)


def test_a_killed_import_is_finished_by_the_next_to_the_same_record(
    ledger_home: Path, export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [sys.executable, "-c", "from portal.cli import main; main()", "import", "eutl"]
    process = subprocess.Popen([*words, str(export)], env=dict(os.environ))
    wait_until(lambda: size(ledger_home) > 500)
    process.send_signal(signal.SIGKILL)
    assert process.wait(SECONDS) == -signal.SIGKILL
    assert 500 < size(ledger_home) < ROWS
    given = told("eutl", export)
    assert figures(given)[2:] == (0, 0, 0)
    assert given["written"] > 0 < given["already"]
    whole = entries()[1:]
    fresh = tmp_path / "fresh"
    monkeypatch.setenv("QINGZHANG_HOME", str(fresh))
    monkeypatch.delenv("QINGZHANG_DATABASE_URL", raising=False)
    run("init", "--origin", ORIGIN)
    told("eutl", export)
    assert entries()[1:] == whole


def test_an_import_goes_through_the_writer_of_a_running_server(
    ledger_home: Path, export: Path
) -> None:
    served = serve(at_home(ledger_home), free_port())
    try:
        assert figures(told("eutl", export)) == (ROWS - 1, 0, 0, 0, 0)
        assert figures(told("eutl", export)) == (0, ROWS - 1, 0, 0, 0)
    finally:
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(SECONDS) == 0
    assert size(ledger_home) == len(entries())
