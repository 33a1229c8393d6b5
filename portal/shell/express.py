"""A short way for the most frequent request: one statement posted, and accepted.

Flask spends more on a request than the signature check does. What is accepted is answered here with
the same bytes and headers; whatever else comes out is handed to the application, which words it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

import orjson

from ledger.statements.errors import StatementError
from ledger.writer.writer import Reply
from portal.shell.headers import HEADERS

SETTLED = "qingzhang.settled"
"""In the environment of a request: the answer that its statement has got, or the error."""
PATH = "/v1/statements"
JSON, ANYTHING = "application/json", "*/*"
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
_COMMON = [("Cache-Control", "no-store"), *HEADERS.items()]


class Express:
    """Wraps a WSGI application; ``submit`` takes a statement's bytes."""

    def __init__(
        self, application: Application, submit: Callable[[bytes], Reply], bytes_max: int
    ) -> None:
        self._application = application
        self._submit = submit
        self._bytes_max = bytes_max

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer, or hand the request on as it came."""
        size = self._size(environ)
        if size is None:
            return self._application(environ, start_response)
        data = environ["wsgi.input"].read(size)
        environ["wsgi.input"] = io.BytesIO(data)
        try:
            reply = self._submit(data)
        except StatementError:
            return self._application(environ, start_response)  # it left no trace: say why
        except Exception as error:  # the application words every error
            environ[SETTLED] = error
            return self._application(environ, start_response)
        if reply.status != "accepted":
            environ[SETTLED] = reply
            return self._application(environ, start_response)
        body = orjson.dumps(told(reply), option=orjson.OPT_NON_STR_KEYS)
        headers = [
            ("Content-Type", JSON),
            ("Content-Length", str(len(body))),
            ("Location", f"/v1/entries/{reply.index}"),
            *_COMMON,
        ]
        start_response("201 CREATED", headers)
        return [body]

    def _size(self, environ: dict[str, Any]) -> int | None:
        """The length of a statement that can go this way."""
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
            return None
        if environ.get("QUERY_STRING") or "HTTP_CONTENT_ENCODING" in environ:
            return None
        if environ.get("HTTP_ACCEPT", ANYTHING) not in (ANYTHING, JSON):
            return None
        size = environ.get("CONTENT_LENGTH", "")
        plain = environ.get("CONTENT_TYPE") == JSON and size.isdecimal()
        if not plain or "HTTP_TRANSFER_ENCODING" in environ or len(size) > 9:
            return None
        return int(size) if int(size) <= self._bytes_max else None


def told(reply: Reply) -> dict[str, Any]:
    """What an answer says of an entry; nothing where there is none."""
    if reply.index is None:
        return {}
    return {
        "index": reply.index,
        "outcome": reply.answer,
        "checkpoint_size": reply.checkpoint_size,
    }
