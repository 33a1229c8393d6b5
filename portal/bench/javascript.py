"""The order books that npm publishes, where node and npm are on the machine.

They are installed into a folder of their own that is gone afterwards, at the versions and
digests of ``javascript/package-lock.json``; no script of theirs runs on installing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

NAMES = ("nodejs-order-book", "hft-limit-order-book")
_FILES = Path(__file__).with_name("javascript")
_INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")


def install(folder: Path) -> str | None:
    """Put the books into ``folder``; gives why they are not there, or None."""
    if not (shutil.which("node") and shutil.which("npm")):
        return "node and npm are not on this machine"
    shutil.copytree(_FILES, folder)
    try:
        done = subprocess.run(
            _INSTALL, check=False, cwd=folder, capture_output=True, text=True, timeout=300
        )
    except subprocess.TimeoutExpired:
        return "npm did not finish installing"
    return f"npm could not install them: {done.stderr[-200:]}" if done.returncode else None


def passes(folder: Path, name: str, stream: Path, count: int, rows: int) -> dict[str, Any]:
    """Seconds and digest as ``books.passes`` gives them. Raises RuntimeError where it fails."""
    command = ["node", "books.js", name, str(stream.resolve()), str(count), str(rows)]
    done = subprocess.run(
        command, check=False, cwd=folder, capture_output=True, text=True, timeout=600
    )
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-500:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
