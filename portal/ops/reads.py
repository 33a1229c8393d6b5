"""Who read what of whom by consent: told to the giver, and no part of the record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.ops.store import Store
from portal.ops.tables import read


class Reads:
    """The reads of a store; every method may raise Unavailable. Times in UTC milliseconds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, **row: Any) -> None:
        """Keep a read before it is answered: giver, reader, key, consent, purpose, what, at."""
        self._store.run(lambda connection: connection.execute(read.insert(), row))

    def of(self, giver: str, limit: int, before: int | None) -> list[dict[str, Any]]:
        """Reads of a giver's, newest first; ``before`` goes on below a read's number."""
        query = select(read).where(read.c.giver == giver)
        if before is not None:
            query = query.where(read.c.number < before)
        query = query.order_by(read.c.number.desc()).limit(limit)
        rows = self._store.run(
            lambda connection: list(connection.execute(query).mappings()), reads=True
        )
        return [dict(row) for row in rows]
