"""Settings: one frozen value, read once from the environment and handed on as an argument."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_HOME = "./var"


@dataclass(frozen=True)
class Settings:
    """Where a ledger lives.

    ``home`` holds keys, the head file and the lock; ``origin`` is what the environment
    names, or None where the ledger's own genesis says it.
    """

    home: Path
    database_url: str
    origin: str | None = None

    @property
    def keys(self) -> Path:
        """The folder of the keys that ``init`` made."""
        return self.home / "keys"

    @property
    def head_file(self) -> Path:
        """The head outside the database."""
        return self.home / "heads"

    @property
    def lock_file(self) -> Path:
        """Held by the one process that writes; its text is the address it serves on."""
        return self.home / "lock"

    @property
    def witness_policy(self) -> Path:
        """Which witnesses are asked, and how many must agree (https://c2sp.org/tlog-policy)."""
        return self.home / "witness-policy"

    @property
    def witnesses(self) -> Path:
        """The folder of what witnesses did; it may be deleted at any time."""
        return self.home / "witnesses"

    @property
    def cosigned(self) -> Path:
        """The newest head that the quorum of witnesses has cosigned."""
        return self.witnesses / "cosigned"

    @property
    def socket(self) -> Path:
        """Where the process that writes takes statements of other processes."""
        return self.home / "writer.sock"


def at_home(home: Path, database_url: str | None = None, origin: str | None = None) -> Settings:
    """Settings for a home, with SQLite in it unless another database is named."""
    home = home.absolute()
    return Settings(home, database_url or f"sqlite:///{home / 'ledger.sqlite'}", origin)


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read QINGZHANG_HOME, QINGZHANG_DATABASE_URL and QINGZHANG_ORIGIN."""
    home = Path(environ.get("QINGZHANG_HOME") or DEFAULT_HOME)
    url = environ.get("QINGZHANG_DATABASE_URL") or None
    return at_home(home, url, environ.get("QINGZHANG_ORIGIN") or None)
