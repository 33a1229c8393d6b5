"""The parent: starts one writer and several workers, and lets none of them outlive it."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from ledger.writer.errors import Unavailable
from portal.config import Settings
from portal.processes.fence import READY
from portal.running.listening import listen

BACKLOG = 1_024
RESTARTS_MAX = 10
RESTARTS_SECONDS = 60
"""A worker is started anew at most so often in such a span; then something else is wrong."""
LEAVE_SECONDS = 15
CHILD = "portal.processes"
"""The module that each child runs."""


@dataclass
class Child:
    """A started process: closing ``fence`` sends it away; ``life`` ends when it does."""

    process: subprocess.Popen[bytes]
    fence: int
    life: int

    def dismiss(self) -> None:
        """Let its fence fall."""
        os.close(self.fence)

    def gone(self) -> None:
        """Wait until a dismissed child has left; kill it where it does not go."""
        try:
            self.process.wait(LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.life)


def start(settings: Settings, role: str, argument: str, inherited: tuple[int, ...] = ()) -> Child:
    """Start a child; it is not ready yet."""
    fence_read, fence_write = os.pipe()
    life_read, life_write = os.pipe()
    named = {"QINGZHANG_HOME": str(settings.home), "QINGZHANG_DATABASE_URL": settings.database_url}
    if settings.origin is not None:
        named["QINGZHANG_ORIGIN"] = settings.origin
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", CHILD, role),
            *(str(fence_read), str(life_write), argument),
        ],
        pass_fds=(fence_read, life_write, *inherited),
        stdin=subprocess.DEVNULL,
        env={**os.environ, **named},
    )
    os.close(fence_read)
    os.close(life_write)
    return Child(process, fence_write, life_read)


def serve_processes(
    settings: Settings, host: str, port: int, workers: int, say: Callable[[str], None]
) -> int:
    """Serve until told to stop; the exit code: 0 after SIGTERM, else that of a failed writer.

    Raises Unavailable ``address-taken`` or ``address-unusable`` where the port cannot be had,
    ``writer-stopped`` where the writer was killed, and ``workers-failing`` where workers end as
    fast as they are started.
    """
    with listen(host, port, BACKLOG) as listener:
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listener.getsockname()[1]}"
        return _Parent(settings, listener, address, workers).run(say)


class _Parent:
    def __init__(
        self, settings: Settings, listener: socket.socket, address: str, workers: int
    ) -> None:
        self._settings = settings
        self._listener = listener
        self._address = address
        self._count = workers
        self._workers: dict[int, Child] = {}
        self._starting: set[int] = set()
        self._restarts: deque[float] = deque()
        self._stop_read, self._stop_write = os.pipe()
        os.set_blocking(self._stop_write, False)

    def run(self, say: Callable[[str], None]) -> int:
        def told(number: int, frame: FrameType | None) -> None:
            os.write(self._stop_write, b"s")

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, told)
        writer = start(self._settings, "writer", self._address)
        try:
            if os.read(writer.life, len(READY)) != READY:
                return _ended(writer)
            for _ in range(self._count):
                self._start_worker()
            return self._watch(writer, say)
        finally:
            self._leave(writer)

    def _start_worker(self) -> None:
        handle = self._listener.fileno()
        child = start(self._settings, "worker", str(handle), (handle,))
        self._workers[child.life] = child
        self._starting.add(child.life)

    def _watch(self, writer: Child, say: Callable[[str], None]) -> int:
        """Replace workers that end, also while others start; say the address once all serve."""
        told = False
        while True:
            if not told and not self._starting:
                told = True
                say(self._address)
            with selectors.DefaultSelector() as ends:
                for handle in (self._stop_read, writer.life, *self._workers):
                    ends.register(handle, selectors.EVENT_READ)
                heard = [key.fd for key, _ in ends.select()]
            if self._stop_read in heard:
                return 0
            for handle in heard:
                if os.read(handle, len(READY)):
                    self._starting.discard(handle)
                    continue
                if handle == writer.life:
                    return _ended(writer)
                dead = self._workers.pop(handle)
                self._starting.discard(handle)
                dead.dismiss()
                dead.gone()
                # One that left by itself before all served would leave again: it has said why.
                failed = not told and dead.process.returncode > 0
                if failed or not self._may_restart():
                    raise Unavailable("workers-failing", retry=False)
                self._start_worker()

    def _may_restart(self) -> bool:
        now = time.monotonic()
        self._restarts.append(now)
        while self._restarts[0] < now - RESTARTS_SECONDS:
            self._restarts.popleft()
        return len(self._restarts) <= RESTARTS_MAX

    def _leave(self, writer: Child) -> None:
        """Workers first, so that what they have taken is still written and answered."""
        self._listener.close()
        for child in self._workers.values():
            child.dismiss()
        for child in self._workers.values():
            child.gone()
        writer.dismiss()
        writer.gone()


def _ended(writer: Child) -> int:
    """The code of a writer that said why it left; raises Unavailable where it could not."""
    code = writer.process.wait()
    if code > 0:
        return code
    raise Unavailable("writer-stopped")
