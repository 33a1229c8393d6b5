"""Frames on a Unix socket: four bytes of length, then that many bytes of JSON."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

FRAME_BYTES_MAX = 64_000_000
"""Above the largest single request (8 MB) and every answer to a batch of them."""
FRAME_ITEMS_MAX = 1_000
"""The most statements or answers that one frame carries."""
_HEAD = 4


class FrameTooLarge(Exception):
    """A frame announces more than the limit, or would carry more."""


def send(connection: socket.socket, items: list[Any]) -> None:
    """Send items in one frame; raises OSError, or FrameTooLarge where one is too large alone."""
    data = orjson.dumps(items)
    if len(data) <= FRAME_BYTES_MAX:
        connection.sendall(len(data).to_bytes(_HEAD, "big") + data)
    elif len(items) > 1:
        middle = len(items) // 2
        send(connection, items[:middle])
        send(connection, items[middle:])
    else:
        raise FrameTooLarge(len(data))


def receive(connection: socket.socket) -> Iterator[list[Any]]:
    """Frames until the peer leaves; raises FrameTooLarge, ValueError or OSError."""
    with connection.makefile("rb") as stream:
        while len(head := stream.read(_HEAD)) == _HEAD:
            size = int.from_bytes(head, "big")
            if size > FRAME_BYTES_MAX:
                raise FrameTooLarge(size)
            data = stream.read(size)
            if len(data) < size:
                return
            items = orjson.loads(data)
            if not isinstance(items, list):
                raise ValueError("a frame holds a list")
            yield items


@contextmanager
def short(path: Path) -> Iterator[str]:
    """A name of ``path`` that fits into a socket address of 107 bytes, however deep it lies."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
