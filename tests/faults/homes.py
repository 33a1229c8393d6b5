"""A ledger's home, copied for each fault; what must hold of it afterwards."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from ledger.parties.authority import public_key
from ledger.writer.audit import audit
from ledger.writer.errors import LedgerError
from portal.config import Settings, at_home
from portal.home.opening import open_ledger, open_record
from portal.house import make_engine
from tests.portal.processes.harness import identity, logged, prepare

AGAIN = {"accepted", "replayed"}


@dataclass(frozen=True)
class Template:
    """A new ledger that nobody writes to, and statements that each copy of it will accept."""

    home: Path
    said: list[bytes]

    def copy(self, home: Path) -> Settings:
        """The same ledger once more; a file that is there already is overwritten."""
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.home, home)
        return at_home(home)


def make(folder: Path, count: int) -> Template:
    """A ledger in a new folder, with ``count`` statements for it."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    _, said = prepare(home, count)
    return Template(home, said)


def faults(settings: Settings) -> list[str]:
    """What the audit, which replays everything, has to say; nothing where all is well."""
    record = open_record(settings)
    try:
        with record.reading() as connection:
            report = audit(
                connection, make_engine(), record.origin, record.vkey, public_key, supervisor=True
            )
    finally:
        record.database.dispose()
    return [f"{fault.code} {fault.params}" for fault in report.faults]


def wrongs(settings: Settings, said: list[bytes], acknowledged: Iterable[str]) -> list[str]:
    """Open the ledger again, state everything again; say what of the promises does not hold.

    Acknowledged means logged; the audit is clean before and after; each statement has happened
    exactly once when it has been sent until it was answered.
    """
    try:
        return [*_lost(settings, acknowledged), *faults(settings), *_again(settings, said)]
    except (LedgerError, SQLAlchemyError) as error:
        return [f"lost: does not open: {error}"]


def _lost(settings: Settings, acknowledged: Iterable[str]) -> list[str]:
    return [f"lost: {name}" for name in sorted(set(acknowledged) - set(logged(settings)))]


def _again(settings: Settings, said: list[bytes]) -> list[str]:
    found = []
    with closing(open_ledger(settings)) as ledger:
        for data in said:
            reply = ledger.entrance.submit(data)
            if reply.status not in AGAIN:
                found.append(f"not taken again: {identity(data)} {reply}")
    times = Counter(logged(settings))
    found += [f"{times[i]} times: {i}" for data in said if times[i := identity(data)] != 1]
    return found + faults(settings)
