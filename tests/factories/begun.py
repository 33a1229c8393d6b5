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

from ledger.writer.clock import Clock, SystemClock
from portal.config import Settings, at_home
from portal.opening import Ledger, init_ledger, open_ledger
from tests import databases


def begin(settings: Settings, origin: str, clock: Clock) -> Ledger:
    """What ``init_ledger`` gives, open for writing; the home must be empty and the database new."""
    fixed = None if isinstance(clock, SystemClock) else clock.now()
    made = _made(origin, fixed, settings.database_url.partition(":")[0])
    shutil.copytree(made.home, settings.home, dirs_exist_ok=True, ignore=_databases)
    databases.copy(made.database_url, settings.database_url)
    return open_ledger(settings, clock)


@cache
def _made(origin: str, at: int | None, kind: str) -> Settings:
    """The ledger that is copied, of this process's own: begun at an instant (UTC ms), or now."""
    home = Path(tempfile.mkdtemp(prefix="qz-begun-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    settings = at_home(home, databases.lasting(home, kind))
    init_ledger(settings, origin, SystemClock() if at is None else _Still(at), os.urandom).close()
    return settings


class _Still:
    """A clock that stands."""

    def __init__(self, at: int) -> None:
        self._at = at

    def now(self) -> int:
        return self._at


def _databases(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(".sqlite")]
