"""New ledgers for tests that are about what comes after: made once, then copied.

Migrating and stating genesis takes a fifth of a second on SQLite and seconds on PostgreSQL, and a
thousand tests begin with it; hundreds go on with the same dozen statements, which are told once as
well.  Ledgers that are begun alike share their keys, as copies do; what `init_ledger` itself does
is tested with itself.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ledger.statements.ed25519 import load_private
from ledger.writer.clock import Clock, SystemClock
from ledger.writer.versions import ENGINE_VERSION
from portal.config import Settings, at_home
from portal.home import opening
from portal.home.opening import Ledger, init_ledger, open_ledger
from tests import databases


@dataclass(frozen=True, eq=False)
class Start:
    """A ledger that is only ever copied: where it stands, and who may sign in it.

    ``at`` is its clock (UTC ms), and ``came`` what telling it gave.
    """

    settings: Settings
    keys: Mapping[str, Any]
    at: int | None
    came: Any = None


@dataclass
class Beginning:
    """A ledger that begins as a copy, once somebody looks at it."""

    start: Start
    settings: Settings
    clock: Clock
    copied: bool = field(default=False, init=False)

    def open(self) -> Ledger:
        """The copy, open for writing; the home must be empty and the database new."""
        self.leave()
        return open_ledger(self.settings, self.clock)

    def leave(self) -> None:
        """Make the copy and leave it closed."""
        if self.copied:
            return
        home = self.settings.home
        assert not home.is_dir() or not any(home.iterdir()), "a ledger is there"
        shutil.copytree(self.start.settings.home, home, dirs_exist_ok=True, ignore=_databases)
        databases.copy(self.start.settings.database_url, self.settings.database_url)
        self.copied = True


def begin(settings: Settings, origin: str, clock: Clock, version: int = ENGINE_VERSION) -> Ledger:
    """What ``init_ledger`` gives, open for writing; the home must be empty and the database new.

    ``version`` is the engine version with which older software began it.
    """
    return beginning(settings, origin, clock, version).open()


def beginning(
    settings: Settings, origin: str, clock: Clock, version: int = ENGINE_VERSION
) -> Beginning:
    """The same, but that nobody has looked at it yet."""
    fixed = None if isinstance(clock, SystemClock) else clock.now()
    kind = settings.database_url.partition(":")[0]
    return Beginning(_made(origin, fixed, kind, version), settings, clock)


def beside(start: Start) -> Settings:
    """Where one more ledger may begin that stands until the run ends."""
    home = _lasting()
    return at_home(home / "home", databases.vacant_beside(start.settings.database_url, home))


@cache
def _made(origin: str, at: int | None, kind: str, version: int) -> Start:
    """The ledger that is copied, of this process's own: begun at an instant (UTC ms), or now."""
    home = _lasting()
    settings = at_home(home, databases.lasting(home, kind))
    clock = SystemClock() if at is None else _Still(at)
    with patch.object(opening, "ENGINE_VERSION", version):
        init_ledger(settings, origin, clock, os.urandom).close()
    return Start(settings, read_keys(settings.keys), at)


def read_keys(folder: Path) -> dict[str, Any]:
    """The keys of a home's folder by the names of their files."""
    return {path.stem: load_private(path) for path in folder.glob("*.pem")}


def _lasting() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="qz-begun-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class _Still:
    """A clock that stands."""

    def __init__(self, at: int) -> None:
        self._at = at

    def now(self) -> int:
        return self._at


def _databases(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(".sqlite")]
