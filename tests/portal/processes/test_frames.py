from __future__ import annotations

import socket
from pathlib import Path

import pytest

from portal.processes import frames
from portal.processes.frames import FrameTooLarge, receive, send, short


def test_items_arrive_in_order_and_end_with_the_peer() -> None:
    one, two = socket.socketpair()
    with one, two:
        send(one, [1, {"a": "丙"}])
        send(one, [])
        one.shutdown(socket.SHUT_WR)
        assert list(receive(two)) == [[1, {"a": "丙"}], []]


def test_a_frame_that_breaks_off_is_not_read() -> None:
    one, two = socket.socketpair()
    with one, two:
        one.sendall(b"\x00\x00\x00\x05[1,2")
        one.shutdown(socket.SHUT_WR)
        assert list(receive(two)) == []


def test_a_frame_above_the_limit_is_refused_before_it_is_read() -> None:
    one, two = socket.socketpair()
    with one, two:
        one.sendall(b"\xff\xff\xff\xff")
        with pytest.raises(FrameTooLarge):
            next(receive(two))


def test_what_is_too_large_together_is_sent_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "FRAME_BYTES_MAX", 10)
    one, two = socket.socketpair()
    with one, two:
        send(one, ["aaaa", "bbbb", "cccc"])
        with pytest.raises(FrameTooLarge):
            send(one, ["a" * 20])
        one.shutdown(socket.SHUT_WR)
        assert list(receive(two)) == [["aaaa"], ["bbbb"], ["cccc"]]


def test_a_frame_that_is_no_list_is_refused() -> None:
    one, two = socket.socketpair()
    with one, two:
        one.sendall(b"\x00\x00\x00\x02{}")
        with pytest.raises(ValueError, match="list"):
            next(receive(two))


def test_a_deep_path_has_a_short_name(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    with socket.socket(socket.AF_UNIX) as listener, short(deep / "s.sock") as name:
        listener.bind(name)
    assert (deep / "s.sock").is_socket()
