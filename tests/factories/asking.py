"""What is asked of the database while something is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

Asked = list[tuple[str, Any]]


@contextmanager
def noted(connection: Connection) -> Iterator[Asked]:
    """The statements that are sent, each with its values, in their order."""
    found: Asked = []

    def note(_c: Any, _k: Any, sql: str, values: Any, _x: Any, _m: Any) -> None:
        found.append((sql, values))

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(connection, "before_cursor_execute", note)
