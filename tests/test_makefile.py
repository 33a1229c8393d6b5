"""The two commands and their neighbours: every target that a person may call is explained."""

from __future__ import annotations

import re
import shutil
import subprocess

from tests import tree

MAKEFILE = (tree.ROOT / "Makefile").read_text("utf-8")


def test_help_lists_every_target() -> None:
    phony = MAKEFILE.replace("\\\n", " ").partition(".PHONY:")[2].partition("\n")[0].split()
    done = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=tree.ROOT, check=True, capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    assert re.findall(r"^  make ([a-z-]+)", done.stdout, re.MULTILINE) == phony


def test_a_python_that_is_too_old_is_refused_with_words() -> None:
    done = subprocess.run(
        [shutil.which("make") or "make", "-B", ".venv/.python"],
        cwd=tree.ROOT, env={"PATH": "/nowhere"}, capture_output=True, text=True, timeout=20,
        check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "Python 3.11, 3.12 or 3.13 is needed" in done.stderr


def test_ci_is_one_runnable_file_that_calls_the_two_proofs() -> None:
    run = tree.ROOT / ".ci" / "run"
    assert run.stat().st_mode & 0o111
    assert "make check" in run.read_text("utf-8")
    assert "make test\n" in run.read_text("utf-8")
