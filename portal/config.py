"""Settings: one frozen value, read once from the environment and handed on as an argument."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ledger.writer.errors import Unavailable
from portal.ops.limits import DEFAULTS, Limit, parse_limits

DEFAULT_HOME = "./var"
PROXIES_MAX = 9
_WEB_ORIGIN = re.compile(
    r"https?://([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(:[1-9][0-9]{0,4})?",
    re.ASCII,
)


@dataclass(frozen=True)
class Settings:
    """Where a ledger lives.

    ``home`` holds keys, the head file and the lock; ``origin`` is what the environment
    names, or None where the ledger's own genesis says it.  ``public_url`` is where readers find
    the server, or None for one that only its own machine reaches; ``proxies`` is how many
    servers stand in front and say for whom they ask.
    """

    home: Path
    database_url: str
    origin: str | None = None
    ops: str | None = None
    public_url: str | None = None
    proxies: int = 0
    limits: Mapping[str, Limit] = field(default_factory=lambda: DEFAULTS)

    @property
    def ops_url(self) -> str:
        """The disposable database: sessions, drafts, limits; never the record's own."""
        return self.ops or f"sqlite:///{self.home / 'ops.sqlite'}"

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
    def socket(self) -> Path:
        """Where the process that writes takes statements of other processes."""
        return self.home / "writer.sock"


def at_home(home: Path, database_url: str | None = None, origin: str | None = None) -> Settings:
    """Settings for a home, with SQLite in it unless another database is named."""
    home = home.absolute()
    return Settings(home, database_url or f"sqlite:///{home / 'ledger.sqlite'}", origin)


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the variables QINGZHANG_…; docs/sessions.md lists those of sign-in and limits.

    Raises Unavailable ``setting-invalid`` naming the variable.
    """
    home = Path(environ.get("QINGZHANG_HOME") or DEFAULT_HOME)
    url = environ.get("QINGZHANG_DATABASE_URL") or None
    settings = at_home(home, url, environ.get("QINGZHANG_ORIGIN") or None)
    public_url = environ.get("QINGZHANG_PUBLIC_URL") or None
    if public_url is not None and not is_web_origin(public_url):
        raise _invalid("QINGZHANG_PUBLIC_URL", public_url)
    proxies = environ.get("QINGZHANG_PROXIES") or "0"
    if not (proxies.isascii() and proxies.isdigit() and int(proxies) <= PROXIES_MAX):
        raise _invalid("QINGZHANG_PROXIES", proxies)
    try:
        limits = parse_limits(environ.get("QINGZHANG_LIMITS") or "")
    except ValueError as error:
        raise _invalid("QINGZHANG_LIMITS", str(error)) from error
    ops = environ.get("QINGZHANG_OPS_URL") or None
    if ops == settings.database_url:
        raise _invalid("QINGZHANG_OPS_URL", "the-record")
    return replace(settings, ops=ops, public_url=public_url, proxies=int(proxies), limits=limits)


def is_web_origin(text: str) -> bool:
    """Whether a text is a scheme, a host and at most a port: what a browser calls an origin."""
    return _WEB_ORIGIN.fullmatch(text) is not None


def _invalid(name: str, value: str) -> Unavailable:
    return Unavailable("setting-invalid", retry=False, name=name, value=value[:200])
