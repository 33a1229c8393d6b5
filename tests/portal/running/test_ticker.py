"""The timer asks the writer to look, waits for the answer, and stops when told."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from ledger.writer.errors import Unavailable
from portal.running.ticker import Ticker


def test_it_ticks_until_it_is_stopped() -> None:
    ticks, enough = [], threading.Event()

    def tick() -> Future[None]:
        ticks.append(1)
        if len(ticks) == 3:
            enough.set()
        done: Future[None] = Future()
        done.set_result(None)
        return done

    ticker = Ticker(tick, 0)
    ticker.start()
    assert enough.wait(30)
    ticker.stop()
    assert not ticker.running


def test_a_writer_that_has_stopped_ends_it() -> None:
    asked = threading.Event()

    def tick() -> Future[None]:
        asked.set()
        raise Unavailable("writer-stopped")

    ticker = Ticker(tick, 0)
    ticker.start()
    assert asked.wait(30)
    ticker.stop()


def test_it_may_be_stopped_before_it_began() -> None:
    Ticker(Future).stop()
