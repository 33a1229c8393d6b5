"""The one door for statements: alone, or many as NDJSON."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import orjson
from flask import Blueprint, Response, request

from ledger.statements.errors import StatementError
from ledger.statements.types import Circle
from ledger.writer.errors import Unavailable
from ledger.writer.writer import Reply
from portal.home.submit import wait
from portal.shell.answers import json_answer
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.express import SETTLED, told
from portal.shell.operations import JSON, NDJSON, operation
from portal.shell.problems import Problem, answer, described, params_of, status_of

DOOR = Blueprint("statements", __name__, url_prefix="/v1/statements")
LINES_MAX = 5_000
LINES_TOGETHER = 64
"""Handed to the writer at once: it works on these while the next are checked."""
STATUSES = {
    "accepted": 201,
    "replayed": 200,
    "refused": 422,
    "conflict": 409,
    "unauthenticated": 401,
    "unsupported": 400,
    "unavailable": 503,
    "broken": 500,
}
MEDIA_TYPES = frozenset({JSON, NDJSON, ""})


@DOOR.post("")
@operation(
    "Answer",
    takes=(JSON, "Submission"),
    problems=(401, 409, 413, 415, 422),
    more=((201, JSON, "Answer"),),
)
@circle(Circle.PUBLIC)
def submit() -> Response:
    """Submit one statement; the answer is durable when it is given."""
    _typed()
    return entered(_settled() or ledger().entrance.submit(request.get_data()))


def entered(reply: Reply) -> Response:
    """The answer about an entry, or why there is none."""
    status = STATUSES[reply.status]
    if status in (200, 201):
        more = {} if reply.index is None else {"Location": f"/v1/entries/{reply.index}"}
        return json_answer(told(reply), status, **more)
    response = _refused(reply, status)
    if reply.index is not None:
        response.headers["Location"] = f"/v1/entries/{reply.index}"
    return response


@DOOR.post("/bulk")
@operation("Lines", media=NDJSON, takes=(NDJSON, "Lines"), problems=(413, 415))
@circle(Circle.PUBLIC)
def bulk() -> Response:
    """Submit one statement a line; one answer a line, in the same order, at the end."""
    _typed()
    lines = request.get_data().split(b"\n")
    if lines and not lines[-1].strip():
        lines.pop()
    if len(lines) > LINES_MAX:
        raise Problem(413, "too-many-lines", limit=LINES_MAX)
    entrance = ledger().entrance
    waiting: list[Future[Reply] | dict[str, Any]] = []
    for first in range(0, len(lines), LINES_TOGETHER):
        items = []
        for line in lines[first : first + LINES_TOGETHER]:
            try:
                items.append(entrance.prepare(line))
            except StatementError as error:
                waiting.append(described(status_of(error), error.code, params_of(error)))
                continue
            waiting.append(items[-1].future)
        entrance.queue(items)
    answers = [item if isinstance(item, dict) else _line(item) for item in waiting]
    text = b"".join(orjson.dumps(item) + b"\n" for item in answers)
    response = Response(text, mimetype=NDJSON)
    response.headers["Cache-Control"] = "no-store"
    return response


def _settled() -> Reply | None:
    """The answer that the short way has got already; raises the error that it has got."""
    settled = request.environ.get(SETTLED)
    if isinstance(settled, Exception):
        raise settled
    return settled if isinstance(settled, Reply) else None


def _line(future: Future[Reply]) -> dict[str, Any]:
    try:
        reply = wait(future)
    except Unavailable as error:
        return {**described(503, error.code, error.params), "retry": error.retry}
    status = STATUSES[reply.status]
    known = told(reply)
    if status in (200, 201):
        return {"status": status, **known}
    code = str(reply.answer.get("code", reply.status))
    return {**described(status, code, reply.answer.get("params", {})), **_again(reply), **known}


def _refused(reply: Reply, status: int) -> Response:
    params = dict(reply.answer.get("params", {}))
    code = str(reply.answer.get("code", reply.status))
    return answer(status, code, params, **_again(reply), **told(reply))


def _again(reply: Reply) -> dict[str, bool]:
    """Whether a statement that could not be written may be sent again."""
    return {"retry": bool(reply.answer.get("retry", True))} if reply.status == "unavailable" else {}


def _typed() -> None:
    if request.mimetype not in MEDIA_TYPES:
        raise Problem(415, "media-type", allowed="application/json")
