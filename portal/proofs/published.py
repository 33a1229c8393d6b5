"""Reading from afar what a log publishes: its head, its entries, its tiles."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx2
import orjson

from ledger.log.tiles import tile_path
from ledger.statements.canonical import dumps
from ledger.statements.errors import StatementError
from ledger.statements.instants import parse_instant
from ledger.writer.errors import IntegrityFault, Unavailable
from ledger.writer.store import StoredEntry

TIMEOUT_SECONDS = 60
SPAN = 500
TRIES = 4
PAUSE_SECONDS = 1.0
MALFORMED = (orjson.JSONDecodeError, StatementError, KeyError, TypeError, ValueError)


class Published:
    """A server's public log; a context manager, since it keeps its connection.

    What is asked for is asked again after a failure that may pass; then raises Unavailable
    ``server-unreachable``.  IntegrityFault where an answer is none of a log.
    """

    def __init__(self, url: str, transport: httpx2.BaseTransport | None = None) -> None:
        self._url = url.rstrip("/")
        self._client = httpx2.Client(timeout=TIMEOUT_SECONDS, transport=transport)

    def __enter__(self) -> Published:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def checkpoint(self) -> str:
        """The newest signed tree head."""
        return self._get("/log/checkpoint").text

    def tile(self, level: int, number: int) -> bytes | None:
        """A full tile, or None where the server has none."""
        response = self._get(f"/log/{tile_path(level, number)}", missing=True)
        return None if response.status_code == httpx2.codes.NOT_FOUND else response.content

    def entries(self, size: int) -> Iterator[StoredEntry]:
        """The first ``size`` entries in order."""
        first = 0
        while first < size:
            limit = min(SPAN, size - first)
            answer = self._get(f"/v1/entries?first={first}&limit={limit}").content
            lines = answer.splitlines()
            if not lines or len(lines) > limit:
                raise IntegrityFault("entry-missing", wanted=first)
            for line in lines:
                yield _entry(line, first)
                first += 1

    def _get(self, path: str, *, missing: bool = False) -> httpx2.Response:
        for attempt in range(TRIES):
            if attempt:
                time.sleep(PAUSE_SECONDS * attempt)
            try:
                response = self._client.get(self._url + path)
            except httpx2.HTTPError as error:
                failure: dict[str, Any] = {"reason": type(error).__name__}
                continue
            if response.is_success or (missing and response.status_code == httpx2.codes.NOT_FOUND):
                return response
            failure = {"status": response.status_code}
            if response.status_code < httpx2.codes.INTERNAL_SERVER_ERROR:
                break
        raise Unavailable("server-unreachable", url=self._url + path, **failure)


def _entry(line: bytes, index: int) -> StoredEntry:
    """An entry from its public view; the bytes are the canonical ones that the log commits to."""
    try:
        view = orjson.loads(line)
        at = parse_instant(view["leaf"]["at"])
        body = dumps({"body": view["body"]}) if "body" in view else b""
        return StoredEntry(
            int(view["index"]), at, dumps(view["leaf"]), dumps(view["outcome"]), body
        )
    except MALFORMED as error:
        raise IntegrityFault("entry-unreadable", index=index) from error
