"""The head outside the database: the last line says how far this host has ever signed.

A database restored from a backup is shorter than this file, and is refused: to go on
would give one size two roots (LEDGER.md §2, RELIABILITY.md I24).
"""

from __future__ import annotations

import errno
import os
from pathlib import Path


class HeadFile:
    """An append-only text file of ``size root`` lines, synced at each append."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def last(self) -> tuple[int, str] | None:
        """The highest head on file; a torn last line is passed over."""
        try:
            lines = self._path.read_bytes().split(b"\n")[:-1]
        except FileNotFoundError:
            return None
        for line in reversed(lines):
            size, _, root = line.decode("ascii", "replace").partition(" ")
            if size.isdigit() and len(root) == 64:
                return int(size), root
        return None

    def append(self, size: int, root: str) -> None:
        """Make a head durable; raises OSError where the disk refuses."""
        try:
            handle = self._opened()
            line = f"{size} {root}\n".encode("ascii")
            if os.write(handle, line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
            os.fdatasync(handle)
        except OSError:
            self.close()  # the next append looks again at what the file ends with
            raise

    def _opened(self) -> int:
        """A handle at the end of the last whole line."""
        if self._handle is not None:
            return self._handle
        existed = self._path.exists()
        kept = self._path.read_bytes() if existed else b""
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self._handle = os.open(self._path, flags, 0o600)
        if kept and not kept.endswith(b"\n"):
            os.write(self._handle, b"\n")
        if not existed:
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        return self._handle

    def close(self) -> None:
        """Let go of the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
