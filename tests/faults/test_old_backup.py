"""A database restored from an old backup does not open where the head file knows of more."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal.config import Settings
from tests.faults.homes import make
from tests.faults.tracing import environment
from tests.faults.trials import PROGRAM, planted
from tests.portal.processes.harness import SECONDS

pytestmark = pytest.mark.faults


def run(
    settings: Settings, program: tuple[str, ...], *words: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *program, *words], env=environment(settings),
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip


def after_a_restore(folder: Path, program: tuple[str, ...]) -> list[tuple[int, str]]:
    """Back up, write, restore, go on; exit code and error of a submit, a server and a rebuild."""
    template = make(folder, 2)
    settings = template.copy(folder / "copy")
    stated = []
    for number, data in enumerate(template.said):
        stated.append(folder / f"statement-{number}.json")
        stated[-1].write_bytes(data)
    done = run(settings, program, "statement", "submit", str(stated[0]))
    assert done.returncode == 0, done.stderr
    for left in settings.home.glob("ledger.sqlite*"):
        left.unlink()
    shutil.copy(template.home / "ledger.sqlite", settings.home)
    found = []
    for words in (["statement", "submit", str(stated[1])], ["serve", "--port", "0"], ["rebuild"]):
        if words[0] == "serve" and found[0][0] == 0:
            break  # it would go on serving
        done = run(settings, program, *words)
        found.append((done.returncode, done.stderr))
    return found


def test_a_restored_old_backup_is_refused_by_whatever_writes(tmp_path: Path) -> None:
    for code, error in after_a_restore(tmp_path, PROGRAM):
        assert (code, "database-behind-head-file" in error) == (3, True), error
        assert "Traceback" not in error


def test_the_harness_catches_a_host_that_remembers_no_head(tmp_path: Path) -> None:
    (code, _), *_ = after_a_restore(tmp_path, planted("forgetful"))
    assert code == 0
