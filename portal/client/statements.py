"""Sending statements until their fate is known: the ledger states each once, however often sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import orjson

from ledger.statements.envelope import Submission
from portal.client.answers import Answer
from portal.client.errors import (
    ClientError,
    RefusedByRules,
    ServerFault,
    Unreachable,
    rejected,
)
from portal.client.retrying import AGAIN, Sender

LINES, LINES_BYTES = 1_000, 4_000_000
"""What one request carries at most; a server takes more of both."""
JSON, NDJSON = "application/json", "application/x-ndjson"
ACCEPTED, REPLAYED, REFUSED, BROKEN = 201, 200, 422, 500


class Statements:
    """Submits through a Sender."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def submit(self, statement: Submission) -> Answer:
        """The durable answer; raises RefusedByRules, Rejected, Unreachable or ServerFault."""
        response = self._sender.send(
            "POST", "/v1/statements", statement.encode(), Content_Type=JSON
        )
        status = response.status_code
        if status not in (ACCEPTED, REPLAYED, REFUSED):
            raise rejected(status, response.content)
        found = _read(status, response.content)
        if isinstance(found, ClientError):
            raise found
        return found

    def submit_all(self, statements: Iterable[Submission]) -> Iterator[Answer | ClientError]:
        """For each statement in turn its answer, or the error that ``submit`` would raise."""
        left = iter(statements)
        carried: list[bytes] = []
        while True:
            carried += [item.encode() for item in islice(left, LINES - len(carried))]
            if not carried:
                return
            count = _fitting(carried)
            yield from self._together(carried[:count])
            carried = carried[count:]

    def _together(self, lines: list[bytes]) -> list[Answer | ClientError]:
        """The fate of each line; those that the server could not take are sent again together."""
        found: list[Answer | ClientError] = [Unreachable("server-unreachable")] * len(lines)
        waiting = list(range(len(lines)))
        tried, started = 0, self._sender.now()
        while waiting:
            tried += 1
            try:
                told = self._bulk([lines[place] for place in waiting])
            except ClientError as error:
                # Nothing is known of any of them, and each one's caller has to know that.
                told = [error] * len(waiting)
            for place, answer in zip(waiting, told, strict=True):
                found[place] = answer
            waiting = [place for place in waiting if _busy(found[place])]
            if waiting and not self._sender.rest(tried, started):
                break
        return found

    def _bulk(self, lines: list[bytes]) -> list[Answer | ClientError]:
        response = self._sender.send(
            "POST", "/v1/statements/bulk", b"\n".join(lines), Content_Type=NDJSON
        )
        if response.status_code != 200:
            raise rejected(response.status_code, response.content)
        rows = response.content.splitlines()
        if len(rows) != len(lines):
            raise ServerFault("answer-unreadable", lines=len(rows), sent=len(lines))
        return [_read(_status(row), row) for row in rows]


def _fitting(lines: list[bytes]) -> int:
    """How many of the first lines go into one request: at least one."""
    total = 0
    for count, line in enumerate(lines):
        total += len(line) + 1
        if count and total > LINES_BYTES:
            return count
    return len(lines)


def _busy(answer: Answer | ClientError) -> bool:
    """Whether the server answered for a line that it could not take it just then."""
    return isinstance(answer, Unreachable) and "status" in answer.params


def _status(row: bytes) -> int:
    try:
        return int(orjson.loads(row)["status"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return BROKEN


def _read(status: int, content: bytes) -> Answer | ClientError:
    """What an answer says; a first answer given again may be a refusal."""
    if status in AGAIN:
        return Unreachable("server-unreachable", status=status)
    if status not in (ACCEPTED, REPLAYED, REFUSED):
        return rejected(status, content)
    try:
        told: dict[str, Any] = orjson.loads(content)
        outcome, index = told["outcome"], told["index"]
        if outcome["result"] != "accepted":
            return RefusedByRules(index, outcome["code"], **outcome.get("params", {}))
        return Answer(index, outcome, told.get("checkpoint_size"), status == REPLAYED)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ServerFault("answer-unreadable", status=status)
