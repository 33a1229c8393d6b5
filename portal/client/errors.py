"""Why a call of the client did not give what was asked: a code and parameters each."""

from __future__ import annotations

from typing import Any

import orjson


class ClientError(Exception):
    """Base: ``code`` in kebab case, ``params`` as the server or the check named them."""

    def __init__(self, code: str, /, **params: Any) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code = code
        self.params = params


class Rejected(ClientError):
    """The server did not take the request (4xx); a statement has left no trace."""

    def __init__(self, status: int, code: str, /, **params: Any) -> None:
        super().__init__(code, **params)
        self.status = status


class RefusedByRules(ClientError):
    """The ledger refused an authentic statement: that is entry ``index``, and its id is spent."""

    def __init__(self, index: int, code: str, /, **params: Any) -> None:
        super().__init__(code, **params)
        self.index = index


class Unreachable(ClientError):
    """No answer within the patience that was given.

    A statement may stand on the record or not: submitting the same bytes again tells, and
    never states it twice.
    """


class ServerFault(ClientError):
    """The server broke (500), or answered what no such server answers; nothing is retried."""


class NotProved(ClientError):
    """What the server says does not follow from what the pinned key signed."""


class Fork(NotProved):
    """The key signed two histories: ``remembered`` and ``offered`` are the notes that prove it."""

    def __init__(self, code: str, remembered: str, offered: str) -> None:
        super().__init__(code)
        self.remembered = remembered
        self.offered = offered


def rejected(status: int, content: bytes) -> ClientError:
    """The error that a problem names; ServerFault where the answer is no problem of ours."""
    try:
        told = orjson.loads(content)
        return Rejected(status, str(told["code"]), **told["params"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ServerFault("answer-unreadable", status=status)
