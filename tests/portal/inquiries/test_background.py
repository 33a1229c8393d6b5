"""The thread goes on until it is stopped, whatever one step breaks."""

from __future__ import annotations

import threading

import pytest

from ledger.writer.errors import Unavailable
from portal.inquiries.background import Background


@pytest.mark.parametrize("broken", [Unavailable("ops-unavailable"), KeyError("x"), None])
def test_it_goes_on_until_it_is_stopped(broken: Exception | None) -> None:
    steps, enough = [], threading.Event()

    def step() -> None:
        steps.append(1)
        if len(steps) == 3:
            enough.set()
        if broken is not None:
            raise broken

    background = Background(step, 0)
    background.start()
    assert enough.wait(30)
    background.stop()
    assert not background.running


def test_it_may_be_stopped_before_it_began() -> None:
    Background(lambda: None).stop()
