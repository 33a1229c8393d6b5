"""The child process that writes."""

from __future__ import annotations

from portal.config import Settings
from portal.home.opening import open_ledger
from portal.processes.desk import WriterDesk
from portal.processes.fence import Fence, tell_ready
from portal.running.collecting import BetweenTurns
from portal.running.ticker import Ticker
from portal.witnesses.service import asking


def write(settings: Settings, fence_handle: int, ready_handle: int, address: str) -> None:
    """Hold the home and write for every other process, until the fence falls."""
    fence = Fence(fence_handle)
    fence.watch()
    ledger = open_ledger(settings)
    desk = WriterDesk(settings.socket, ledger.engine, ledger.writer)
    ticker = Ticker(ledger.writer.tick)
    try:
        with asking(ledger):
            desk.open()
            ledger.lock.announce(address)
            ticker.start()
            ledger.writer.rest = BetweenTurns()
            tell_ready(ready_handle)
            fence.down.wait()
    finally:
        ticker.stop()
        ledger.writer.stop()
        desk.close()
        ledger.close()
