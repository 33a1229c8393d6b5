"""A listener on a real socket: reads server-sent events until it has heard what it waits for."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

SECONDS = 30


@dataclass(frozen=True)
class Heard:
    """One event, or a comment where ``name`` is empty."""

    name: str
    id: str
    data: Any


class Listener:
    """The events of one answer."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.answer = answer
        self.status = answer.status

    def next(self) -> Heard | None:
        """The next event or comment, or None at the end of the stream."""
        fields: dict[str, str] = {}
        for raw in iter(self.answer.readline, b""):
            line = raw.decode().rstrip("\n")
            if not line:
                if "retry" not in fields:
                    data = json.loads(fields["data"]) if "data" in fields else fields.get("")
                    return Heard(fields.get("event", ""), fields.get("id", ""), data)
                fields = {}
                continue
            name, _, text = line.partition(":")
            fields[name] = text.removeprefix(" ")
        return None

    def until(self, name: str) -> Heard:
        """The next event of a name; AssertionError where the stream ends before."""
        while (event := self.next()) is not None:
            if event.name == name:
                return event
        raise AssertionError(f"the stream ended before {name}")


@contextmanager
def listening(
    url: str, query: str = "instrument=FS", headers: Mapping[str, str] | None = None
) -> Iterator[Listener]:
    """Listen to a server's market stream until the block ends."""
    split = urlsplit(url)
    connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=SECONDS)
    try:
        connection.request("GET", f"/v1/market/stream?{query}", headers=dict(headers or {}))
        with connection.getresponse() as answer:
            yield Listener(answer)
    finally:
        connection.close()
