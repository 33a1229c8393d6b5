"""One writing process in a home: a lock file whose text is the address it serves on."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from ledger.writer.errors import Unavailable


class HomeLock:
    """Held from ``take`` to ``release``; the kernel lets go of it when the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> None:
        """Take the lock; raises OSError, or Unavailable ``home-locked`` with the address."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            address = os.pread(handle, 200, 0).decode("utf-8", "replace")
            os.close(handle)
            raise Unavailable("home-locked", address=address or None) from error
        try:
            os.ftruncate(handle, 0)
        except OSError:
            os.close(handle)
            raise
        self._handle = handle

    def announce(self, address: str) -> None:
        """Write where the holder can be reached over HTTP."""
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.pwrite(self._handle, address.encode(), 0)

    def release(self) -> None:
        """Let another process write."""
        if self._handle is not None:
            with suppress(OSError):  # whoever takes the lock next clears the address too
                os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None
