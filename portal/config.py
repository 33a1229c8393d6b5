"""Settings: one frozen value, read once from the environment and handed on as an argument."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ledger.writer.errors import LedgerError

DEFAULT_HOME = "./var"
PUBLIC_URL = "QINGZHANG_PUBLIC_URL"
URL_CHARACTERS = 200


class SettingInvalid(LedgerError):
    """A setting of the environment cannot be used."""


@dataclass(frozen=True)
class Settings:
    """Where a ledger lives.

    ``home`` holds keys, the head file and the lock; ``origin`` is what the environment
    names, or None where the ledger's own genesis says it; ``public_url`` is the address by which
    others reach the server, with no slash at its end, or None where nobody has said it.
    """

    home: Path
    database_url: str
    origin: str | None = None
    public_url: str | None = None

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


def at_home(
    home: Path,
    database_url: str | None = None,
    origin: str | None = None,
    public_url: str | None = None,
) -> Settings:
    """Settings for a home, with SQLite in it unless another database is named."""
    home = home.absolute()
    database_url = database_url or f"sqlite:///{home / 'ledger.sqlite'}"
    return Settings(home, database_url, origin, public_url)


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read QINGZHANG_HOME, _DATABASE_URL, _ORIGIN and _PUBLIC_URL; raises SettingInvalid."""
    home = Path(environ.get("QINGZHANG_HOME") or DEFAULT_HOME)
    url = environ.get("QINGZHANG_DATABASE_URL") or None
    public = environ.get(PUBLIC_URL) or None
    if public is not None:
        public = public_address(public)
    return at_home(home, url, environ.get("QINGZHANG_ORIGIN") or None, public)


def public_address(text: str) -> str:
    """An address that paths can be put behind; raises SettingInvalid ``public-url-malformed``."""
    refused = SettingInvalid("public-url-malformed", name=PUBLIC_URL)
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as error:
        raise refused from error
    plain = text.isascii() and text.isprintable() and not set(text) & set(" \"'<>\\")
    if not good or not plain or len(text) > URL_CHARACTERS:
        raise refused
    if parts.query or parts.fragment or parts.username is not None:
        raise refused
    return text.rstrip("/")
