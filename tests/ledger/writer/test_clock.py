"""The writer's clock: time as the host tells it, unless somebody has set it."""

from __future__ import annotations

import pytest

from ledger.writer import clock
from ledger.writer.clock import SystemClock, advance
from ledger.writer.errors import Unavailable

HOUR_MS = 3_600_000


class Host:
    """A wall clock and one that only runs, both in milliseconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall, self.running = 1_767_225_600_000, 5_000
        monkeypatch.setattr(clock.time, "time_ns", lambda: self.wall * 1_000_000)
        monkeypatch.setattr(clock, "_unset_ms", lambda: self.running)

    def passes(self, ms: int) -> None:
        self.wall += ms
        self.running += ms


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    return Host(monkeypatch)


def test_hours_without_a_question_are_no_jump(host: Host) -> None:
    watched = SystemClock()
    before = watched.now()
    host.passes(12 * HOUR_MS)
    assert watched.now() == before + 12 * HOUR_MS


@pytest.mark.parametrize("by_ms", [-5_001, 5_001, -HOUR_MS, 365 * 24 * HOUR_MS])
def test_a_clock_that_was_set_stops_the_writer_until_it_is_set_back(host: Host, by_ms: int) -> None:
    watched = SystemClock()
    watched.now()
    host.wall += by_ms
    for _ in range(2):
        with pytest.raises(Unavailable, match="clock-jumped") as raised:
            watched.now()
        assert raised.value.params == {"by_ms": by_ms}
        assert raised.value.retry
    host.wall -= by_ms
    assert watched.now() == host.wall


def test_a_second_more_or_less_is_none(host: Host) -> None:
    watched = SystemClock()
    watched.now()
    host.wall -= 1_000
    watched.now()
    host.wall += 2_000  # a leap second and back again
    assert watched.now() == host.wall


def test_time_in_the_record_never_goes_back(host: Host) -> None:
    assert advance(SystemClock(), host.wall + 5_000) == host.wall + 5_000
    with pytest.raises(Unavailable, match="clock-behind"):
        advance(SystemClock(), host.wall + 5_001)
