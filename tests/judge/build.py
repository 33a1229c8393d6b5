"""Builds the outside judge of the log, once a session, from Debian's golang.org/x/mod."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

FOLDER = Path(__file__).parent
GOPATH = Path("/usr/share/gocode")
NOTE = GOPATH / "src/golang.org/x/mod/sumdb/note"


def missing() -> str | None:
    """Say what the judge lacks here, or None."""
    if shutil.which("go") is None:
        return "no go here (Debian: golang-go)"
    return None if NOTE.is_dir() else "no golang.org/x/mod here (Debian: golang-golang-x-mod-dev)"


needs_judge = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@cache
def binary(source: str = "main") -> Path:
    """The compiled judge, or witness; no module proxy and no network is asked."""
    folder = Path(mkdtemp(prefix="judge-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = {
        "GO111MODULE": "off",
        "GOPATH": str(GOPATH),
        "GOPROXY": "off",
        "CGO_ENABLED": "0",
        "GOCACHE": str(folder / "cache"),
    }
    target = folder / source
    command = ["go", "build", "-o", str(target), str(FOLDER / f"{source}.go")]
    subprocess.run(command, env={**os.environ, **settings}, check=True)
    shutil.rmtree(folder / "cache", ignore_errors=True)
    return target


def judge(*words: str | Path) -> tuple[bool, str]:
    """Whether the judge passes, and its one line."""
    done = subprocess.run(
        [binary(), *map(str, words)], capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout.count("\n") == 1
    return done.returncode == 0, done.stdout.strip()
