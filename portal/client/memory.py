"""What was last verified, kept between runs so that a server cannot tell another story later."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ledger.statements.canonical import encode, parse
from ledger.statements.errors import StatementError
from portal.client.errors import NotProved

FORMAT = "qingzhang.client-state/v1"
BYTES_MAX = 8_000_000


@dataclass(frozen=True)
class Held:
    """The newest verified checkpoint, and the key history that was followed to check it."""

    note: str | None = None
    history: str | None = None


class Memory:
    """A state file of one pinned key, or without a path this process's own memory.

    Threads and processes may share the file: it is replaced whole, and only by whoever read
    what stands in it.
    """

    def __init__(self, vkey: str, path: Path | None = None) -> None:
        self._vkey = vkey
        self._path = path
        self._held = Held()
        self._threads = threading.Lock()

    def read(self) -> Held:
        """What is remembered; raises NotProved ``state-malformed`` or ``state-of-another-key``."""
        if self._path is None:
            return self._held
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return Held()
        try:
            value = parse(data, max_bytes=BYTES_MAX)
            good = value["format"] == FORMAT and set(value) <= {"format", "vkey", "note", "history"}
            held = Held(value.get("note"), value.get("history"))
        except (StatementError, KeyError, TypeError, AttributeError) as error:
            raise NotProved("state-malformed", file=str(self._path)) from error
        if not good or not all(isinstance(t, str | None) for t in (held.note, held.history)):
            raise NotProved("state-malformed", file=str(self._path))
        if value["vkey"] != self._vkey:
            raise NotProved("state-of-another-key", file=str(self._path))
        return held

    def replace(self, old: Held, new: Held) -> bool:
        """Remember ``new`` if ``old`` is what stands; the file is durable when this returns."""
        with self._alone():
            if self.read() != old:
                return False
            self._held = new
            if self._path is not None:
                self._write(self._path, new)
            return True

    def _write(self, path: Path, held: Held) -> None:
        value = {"format": FORMAT, "vkey": self._vkey, "note": held.note, "history": held.history}
        draft = path.with_name(f"{path.name}.new")
        with draft.open("wb") as file:
            file.write(encode({name: text for name, text in value.items() if text is not None}))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread, and no other process that uses the file."""
        with self._threads:
            if self._path is None:
                yield
                return
            with self._path.with_name(f"{self._path.name}.lock").open("ab") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
