"""The files of the project, as a reader finds them: no environment, state or cache among them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("ledger", "market", "incentives", "portal", "migrations")
FOLDERS = (*PACKAGES, "tests", "docs", "requirements", ".ci")


def files(*folders: str, suffixes: tuple[str, ...] = ()) -> Iterator[Path]:
    """Walk the folders in order; all of the project's and its root's files by default."""
    if not folders:
        yield from sorted(p for p in ROOT.iterdir() if p.is_file() and _wanted(p, suffixes))
    for folder in folders or FOLDERS:
        walk = (p for p in (ROOT / folder).rglob("*") if p.is_file() and _wanted(p, suffixes))
        yield from sorted(walk)


def name(path: Path) -> str:
    """Give a file's name as seen from the root."""
    return path.relative_to(ROOT).as_posix()


def _wanted(path: Path, suffixes: tuple[str, ...]) -> bool:
    own = "__pycache__" not in path.parts and path.name != ".git"  # a file in a second work tree
    return own and (not suffixes or path.suffix in suffixes)
