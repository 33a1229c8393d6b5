"""Settings: one frozen value, read once from the environment, passed as plain arguments."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ledger.writer.errors import Unavailable
from portal.ops.limits import DEFAULTS, Limit, parse_limits

DEFAULT_HOME = "./var"
URL_CHARACTERS = 200
DATABASES = ("sqlite", "postgresql", "postgres")
PROXIES_MAX = 9


@dataclass(frozen=True)
class Settings:
    """Where a ledger lives.

    ``home`` holds keys, the head file and the lock; ``origin`` is what the environment
    names, or None where the ledger's own genesis says it; ``public_url`` is the address by which
    others reach the server, with no slash at its end, or None for one that only its own machine
    reaches; ``proxies`` is how many servers stand in front and say for whom they ask.
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
    return Settings(home, database_url, origin, public_url=public_url)


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the variables QINGZHANG_…; docs/sessions.md lists those of sign-in and limits.

    Raises Unavailable ``setting-invalid`` naming the variable.
    """
    home = Path(environ.get("QINGZHANG_HOME") or DEFAULT_HOME)
    url = _database("QINGZHANG_DATABASE_URL", environ)
    settings = at_home(home, url, environ.get("QINGZHANG_ORIGIN") or None)
    public_url = environ.get("QINGZHANG_PUBLIC_URL") or None
    if public_url is not None:
        public_url = public_address(public_url)
    proxies = environ.get("QINGZHANG_PROXIES") or "0"
    if not (proxies.isascii() and proxies.isdigit() and int(proxies) <= PROXIES_MAX):
        raise _invalid("QINGZHANG_PROXIES", proxies)
    try:
        limits = parse_limits(environ.get("QINGZHANG_LIMITS") or "")
    except ValueError as error:
        raise _invalid("QINGZHANG_LIMITS", str(error)) from error
    ops = _database("QINGZHANG_OPS_URL", environ)
    if ops == settings.database_url:
        raise _invalid("QINGZHANG_OPS_URL", "the-record")
    return replace(settings, ops=ops, public_url=public_url, proxies=int(proxies), limits=limits)


def public_address(text: str) -> str:
    """An address that paths can be put behind; raises Unavailable ``setting-invalid``."""
    refused = _invalid("QINGZHANG_PUBLIC_URL", text)
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


def web_origin(address: str) -> str:
    """What a browser calls the origin of an address: scheme, host and port, in small letters."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _database(name: str, environ: Mapping[str, str]) -> str | None:
    """The address of a database; what is wrong is said without the address: it holds a password.

    Raises Unavailable ``setting-invalid`` with ``rule`` ``database-address`` where it is none, and
    ``database-kind`` where it is one of a kind that this program does not keep records in.
    """
    url = environ.get(name) or None
    if url is None:
        return None
    try:
        kind = make_url(url).get_backend_name()
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        # Not chained: a traceback of the cause would show the address with its password.
        raise Unavailable(
            "setting-invalid", retry=False, name=name, rule="database-address"
        ) from None
    if kind not in DATABASES:
        raise Unavailable(
            "setting-invalid", retry=False, name=name, rule="database-kind", allowed=DATABASES
        )
    return url


def database_fault(settings: Settings, error: Exception) -> dict[str, str]:
    """What to tell of a database that cannot be used: variable, place, fault, and no password."""
    url = make_url(settings.database_url)
    lines = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()
    fault = lines[0] if lines else type(error).__name__
    if url.password:
        fault = fault.replace(str(url.password), "***")
    place = url.set(query={}).render_as_string(hide_password=True)
    return {"name": "QINGZHANG_DATABASE_URL", "database": place, "fault": fault[:200]}


def _invalid(name: str, value: str) -> Unavailable:
    return Unavailable("setting-invalid", retry=False, name=name, value=value[:200])
