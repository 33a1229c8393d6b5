"""Cursor paging by key: stable while rows are added, one query a page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request
from sqlalchemy import Connection, Select, select, tuple_

from ledger.writer.kinds import Kind, Row
from portal.shell.answers import json_resource
from portal.shell.problems import Problem

LIMIT, LIMIT_MAX = 50, 500
CURSOR_CHARACTERS = 400
NUMBER_MAX = 2**63


def limit_asked() -> int:
    """``?limit=``; raises Problem where it is not a number in range."""
    text = request.args.get("limit", str(LIMIT))
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 0 < int(text) <= LIMIT_MAX):
        raise Problem(400, "parameter-invalid", field="limit", rule=f"1..{LIMIT_MAX}")
    return int(text)


def read_cursor(kind: Kind) -> tuple[Any, ...] | None:
    """The key after which to go on; raises Problem where the cursor is not one of ours."""
    text = request.args.get("cursor")
    if text is None:
        return None
    refused = Problem(400, "parameter-invalid", field="cursor", rule="cursor-of-an-answer")
    if len(text) > CURSOR_CHARACTERS or not text.isascii():
        raise refused
    try:
        key = orjson.loads(base64.b64decode(text.encode(), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise refused from error
    columns = [kind.table.c[name] for name in kind.key]
    if not isinstance(key, list) or len(key) != len(columns):
        raise refused
    for value, column in zip(key, columns, strict=True):
        wanted = column.type.python_type
        if type(value) is not wanted or (wanted is int and abs(value) >= NUMBER_MAX):
            raise refused
        if isinstance(value, str) and "\x00" in value:
            raise refused
    return tuple(key)


def make_cursor(key: tuple[Any, ...]) -> str:
    """A cursor that names the last key of a page."""
    return base64.urlsafe_b64encode(orjson.dumps(list(key))).decode()


def rows_of(
    connection: Connection, kind: Kind, query: Select[Any] | None = None
) -> tuple[list[Row], str | None]:
    """One page of a kind's rows in the order of their key, and where the next one is."""
    limit, after = limit_asked(), read_cursor(kind)
    columns = [kind.table.c[name] for name in kind.key]
    statement = select(kind.table) if query is None else query
    statement = statement.order_by(*columns).limit(limit + 1)
    if after is not None:
        statement = statement.where(tuple_(*columns) > tuple_(*after))
    rows: list[Row] = [dict(row) for row in connection.execute(statement).mappings()]
    if len(rows) <= limit:
        return rows, None
    words = {**request.args.to_dict(), "cursor": make_cursor(kind.key_of(rows[limit - 1]))}
    return rows[:limit], f"{request.path}?{urlencode(words)}"


def page_of(
    connection: Connection,
    kind: Kind,
    query: Select[Any] | None = None,
    shape: Callable[[list[Row]], list[Row]] | None = None,
) -> Response:
    """Such a page as JSON, with a Link to the next.

    ``shape`` says what is shown of its rows; it may leave some out, and the page is then short.
    """
    rows, following = rows_of(connection, kind, query)
    items = rows if shape is None else shape(rows)
    response = json_resource({"items": items, "next": following})
    if following is not None:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response
