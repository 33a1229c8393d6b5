"""New ledgers for tests that are about what comes after: made once, then copied.

Migrating and stating genesis takes a fifth of a second on SQLite and seconds on PostgreSQL, and a
thousand tests begin with it.  Ledgers that are begun alike share their keys, as copies do; what
`init_ledger` itself does is tested with itself.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from unittest.mock import patch

from ledger.writer.clock import Clock, SystemClock
from ledger.writer.versions import ENGINE_VERSION
from portal import opening
from portal.config import Settings, at_home
from portal.opening import Ledger, init_ledger, open_ledger
from tests import databases


def begin(settings: Settings, origin: str, clock: Clock, version: int = ENGINE_VERSION) -> Ledger:
    """What ``init_ledger`` gives, open for writing; the home must be empty and the database new.

    ``version`` is the engine version with which older software began it.
    """
    fixed = None if isinstance(clock, SystemClock) else clock.now()
    assert not settings.home.is_dir() or not any(settings.home.iterdir()), "a ledger is there"
    made = _made(origin, fixed, settings.database_url.partition(":")[0], version)
    shutil.copytree(made.home, settings.home, dirs_exist_ok=True, ignore=_databases)
    databases.copy(made.database_url, settings.database_url)
    return open_ledger(settings, clock)


@cache
def _made(origin: str, at: int | None, kind: str, version: int) -> Settings:
    """The ledger that is copied, of this process's own: begun at an instant (UTC ms), or now."""
    home = Path(tempfile.mkdtemp(prefix="qz-begun-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    settings = at_home(home, databases.lasting(home, kind))
    clock = SystemClock() if at is None else _Still(at)
    with patch.object(opening, "ENGINE_VERSION", version):
        init_ledger(settings, origin, clock, os.urandom).close()
    return settings


class _Still:
    """A clock that stands."""

    def __init__(self, at: int) -> None:
        self._at = at

    def now(self) -> int:
        return self._at


def _databases(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(".sqlite")]
