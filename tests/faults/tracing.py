"""Runs programs under strace: counts their calls, makes one of them fail, records what was written.

Nothing in the program knows of it, so that what is tried is what runs.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.config import Settings

CALLS = ("pwrite64", "write", "fdatasync", "fsync", "ftruncate", "unlink")
"""Every call by which SQLite, the head file and the lock change the disk."""
MODES = {"kill": "signal=KILL", "io-error": "error=EIO", "no-space": "error=ENOSPC"}
STRACE = shutil.which("strace")

needs_strace = pytest.mark.skipif(STRACE is None, reason="strace is not installed")


@dataclass(frozen=True)
class Fault:
    """What happens at the ``nth`` call of a name in any thread; from there on with ``lasting``."""

    call: str
    mode: str
    nth: int
    lasting: bool = False

    @property
    def option(self) -> str:
        when = f"{self.nth}+" if self.lasting else str(self.nth)
        return f"inject={self.call}:{MODES[self.mode]}:when={when}"


def watched(settings: Settings) -> list[Path]:
    """The files of a home that a writer changes, and the folder, which is synced too."""
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    beside = [database.with_name(f"{database.name}{end}") for end in ("", "-wal", "-shm")]
    return [*beside, settings.head_file, settings.lock_file, settings.home]


def traced(settings: Settings, out: Path, fault: Fault | None = None) -> list[str]:
    """The words to put before a command; only calls on the home's own files count."""
    paths = [word for path in watched(settings) for word in ("-P", str(path))]
    what = ["-e", f"trace={','.join(CALLS) if fault is None else fault.call}"]
    if fault is not None:
        what += ["-e", fault.option]
    return [str(STRACE), "-f", "-qq", "-s", "0", "-o", str(out), *paths, *what]


def counted(out: Path) -> dict[str, int]:
    """How often the busiest thread made each call: strace counts a fault's turn by thread."""
    by_thread = Counter(
        (found[1], found[2])
        for line in out.read_text("utf-8", "replace").splitlines()
        if (found := re.match(r"(\d+) +(\w+)\(", line))
    )
    most: dict[str, int] = {}
    for (_, call), count in by_thread.items():
        most[call] = max(count, most.get(call, 0))
    return most


def struck(out: Path) -> bool:
    """Whether the fault came to pass."""
    text = out.read_text("utf-8", "replace")
    return "INJECTED" in text or "SIGKILL" in text


def environment(settings: Settings) -> dict[str, str]:
    """What a program needs to work in a home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QINGZHANG_")}
    return {**kept, "QINGZHANG_HOME": str(settings.home), "PYTHONDONTWRITEBYTECODE": "1"}
