"""Lists that are being answered: what was asked, how far it is, and what came of each part.

Nobody works on a list in the background: whoever looks at it answers its next part, so that it goes
on after a restart and stops with the reader's session. They are kept for a week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, delete, select, update

from portal.ops.store import Store
from portal.ops.tables import inquiry, inquiry_part

KEPT_MS = 7 * 86_400_000


@dataclass(frozen=True)
class Inquiry:
    """A list of a party's; ``done`` of ``total`` rows are answered. Times in UTC milliseconds."""

    id: str
    party: str
    name: str
    on: str
    known_at: int
    rule: str | None
    total: int
    done: int
    created_at: int


class Inquiries:
    """The lists of a store; every method may raise Unavailable."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, made: Inquiry, rows: Sequence[dict[str, Any]], now: int) -> None:
        """Keep a new list, and forget those that are over."""
        packed = {**_columns(made), "rows": orjson.dumps(rows)}

        def work(connection: Connection) -> None:
            over = select(inquiry.c.id).where(inquiry.c.created_at < now - KEPT_MS)
            connection.execute(delete(inquiry_part).where(inquiry_part.c.id.in_(over)))
            connection.execute(delete(inquiry).where(inquiry.c.created_at < now - KEPT_MS))
            connection.execute(inquiry.insert(), packed)

        self._store.run(work)

    def one(self, id: str, party: str, now: int) -> Inquiry | None:
        """A list of a party's, or None for another's as for one that is not kept."""
        mine = (inquiry.c.id == id, inquiry.c.party == party)
        query = select(*_NAMED).where(*mine, inquiry.c.created_at >= now - KEPT_MS)
        found = self._store.run(lambda c: c.execute(query).mappings().first(), reads=True)
        return None if found is None else Inquiry(**found)

    def of(self, party: str, now: int) -> list[Inquiry]:
        """The lists of a party's that are kept, newest first."""
        query = select(*_NAMED).where(
            inquiry.c.party == party, inquiry.c.created_at >= now - KEPT_MS
        )
        query = query.order_by(inquiry.c.created_at.desc(), inquiry.c.id)
        rows = self._store.run(lambda c: list(c.execute(query).mappings()), reads=True)
        return [Inquiry(**row) for row in rows]

    def rows(self, id: str) -> list[dict[str, Any]]:
        """The rows of a list as they were put."""
        query = select(inquiry.c.rows).where(inquiry.c.id == id)
        found: bytes = self._store.run(lambda c: c.execute(query).scalar_one(), reads=True)
        rows: list[dict[str, Any]] = orjson.loads(found)
        return rows

    def advance(self, made: Inquiry, count: int, results: Sequence[dict[str, Any]]) -> bool:
        """Keep what came of the next ``count`` rows; False where somebody else was first."""
        part = {"id": made.id, "first": made.done, "results": orjson.dumps(results)}

        def work(connection: Connection) -> bool:
            here = (inquiry.c.id == made.id, inquiry.c.done == made.done)
            moved = update(inquiry).where(*here).values(done=made.done + count)
            if connection.execute(moved).rowcount == 0:
                return False
            connection.execute(inquiry_part.insert(), part)
            return True

        return self._store.run(work)

    def results(self, id: str) -> list[dict[str, Any]]:
        """What came of the rows so far, in their order."""
        query = select(inquiry_part.c.results).where(inquiry_part.c.id == id)
        query = query.order_by(inquiry_part.c.first)
        parts = self._store.run(lambda c: list(c.execute(query).scalars()), reads=True)
        return [result for part in parts for result in orjson.loads(part)]


_NAMED = [inquiry.c[name] for name in Inquiry.__dataclass_fields__]


def _columns(made: Inquiry) -> dict[str, Any]:
    return {name: getattr(made, name) for name in Inquiry.__dataclass_fields__}
