"""The entrance for a command: through the writer that holds the home, or by holding it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from portal.config import Settings
from portal.home.opening import open_ledger, open_record
from portal.home.submit import Entrance
from portal.house import make_engine
from portal.processes.remote import RemoteWriter


@contextmanager
def entrance(settings: Settings) -> Iterator[Entrance]:
    """Where statements go in; raises Unavailable ``home-locked``, ``ledger-missing`` and others."""
    record = open_record(settings)
    try:
        writer = RemoteWriter(settings.socket)
    except OSError:  # nobody writes, or a killed writer left its socket
        record.database.dispose()
        ledger = open_ledger(settings)
        try:
            yield ledger.entrance
        finally:
            ledger.close()
        return
    try:
        yield Entrance(make_engine(), record, writer)
    finally:
        writer.stop()
        record.database.dispose()
