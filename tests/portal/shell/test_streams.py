"""Places for event streams: fewer than threads, given back once, and none after the end."""

from __future__ import annotations

from portal.processes.answering import THREADS
from portal.shell.streams import STREAMS_MAX, Streams


def test_streams_leave_threads_for_everybody_else() -> None:
    assert 0 < STREAMS_MAX < THREADS


def test_no_more_than_the_most_get_a_place() -> None:
    streams = Streams(most=2)
    first, second = streams.enter(), streams.enter()
    assert first is not None and second is not None
    assert streams.enter() is None
    first.leave()
    assert streams.enter() is not None
    assert streams.enter() is None


def test_a_place_is_given_back_once() -> None:
    streams = Streams(most=1)
    place = streams.enter()
    assert place is not None
    place.leave()
    place.leave()
    assert streams.enter() is not None
    assert streams.enter() is None


def test_the_end_wakes_who_pauses_and_lets_nobody_in() -> None:
    streams = Streams(look_ms=60_000)
    streams.close()
    assert not streams.pause()
    assert streams.enter() is None
    assert Streams(look_ms=0).pause()
