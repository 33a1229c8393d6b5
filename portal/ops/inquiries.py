"""Lists that are being answered: what was asked, how far it is, and what came of each part.

A list is answered part by part: by a running server on its own, and by whoever looks at it, so that
it goes on after a restart. Whoever works on a part holds the list meanwhile. Lists are kept for a
week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, select, update

from portal.ops.store import Store
from portal.ops.tables import inquiry, inquiry_part

KEPT_MS = 7 * 86_400_000
HELD_MS = 60_000
"""How long a list is left to whoever took it and said nothing more."""
WAITING_MAX = 5
"""Lists of one party that may be unfinished at a time."""


@dataclass(frozen=True)
class Inquiry:
    """A list of a party's; ``done`` of ``total`` rows are answered. Times in UTC milliseconds.

    ``key`` is that of whoever put it, for whom it is answered while nobody looks.
    """

    id: str
    party: str
    key: str
    name: str
    encoding: str
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

    def put(self, made: Inquiry, rows: Sequence[dict[str, Any]], now: int) -> bool:
        """Keep a new list, and forget those that are over.

        False, and nothing is kept, where as many of the party's as may be are unfinished.
        """
        packed = {**_columns(made), "rows": orjson.dumps(rows), "held_until": now}
        mine = (inquiry.c.party == made.party, inquiry.c.done < inquiry.c.total)

        def work(connection: Connection) -> bool:
            over = select(inquiry.c.id).where(inquiry.c.created_at < now - KEPT_MS)
            connection.execute(delete(inquiry_part).where(inquiry_part.c.id.in_(over)))
            connection.execute(delete(inquiry).where(inquiry.c.created_at < now - KEPT_MS))
            waiting = connection.execute(select(func.count()).where(*mine)).scalar_one()
            if waiting >= WAITING_MAX:
                return False
            connection.execute(inquiry.insert(), packed)
            return True

        return self._store.run(work)

    def waiting(self, now: int) -> Inquiry | None:
        """An unfinished list that nobody holds, the one that was held longest ago."""
        query = select(*_NAMED).where(
            inquiry.c.done < inquiry.c.total,
            inquiry.c.held_until <= now,
            inquiry.c.created_at >= now - KEPT_MS,
        )
        query = query.order_by(inquiry.c.held_until, inquiry.c.created_at, inquiry.c.id).limit(1)
        found = self._store.run(lambda c: c.execute(query).mappings().first(), reads=True)
        return None if found is None else Inquiry(**found)

    def hold(self, made: Inquiry, now: int) -> bool:
        """Take a list to work on its next part; False where somebody else does, or has done it."""
        here = (inquiry.c.id == made.id, inquiry.c.done == made.done, inquiry.c.held_until <= now)
        taken = update(inquiry).where(*here).values(held_until=now + HELD_MS)
        return self._store.run(lambda c: bool(c.execute(taken).rowcount))

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

    def advance(
        self, made: Inquiry, count: int, results: Sequence[dict[str, Any]], now: int
    ) -> bool:
        """Keep what came of the next ``count`` rows and let go of the list.

        False where somebody else was first.
        """
        part = {"id": made.id, "first": made.done, "results": orjson.dumps(results)}

        def work(connection: Connection) -> bool:
            here = (inquiry.c.id == made.id, inquiry.c.done == made.done)
            moved = update(inquiry).where(*here).values(done=made.done + count, held_until=now)
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
