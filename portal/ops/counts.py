"""The count that every process shares."""

from __future__ import annotations

from sqlalchemy import Connection, delete, text

from portal.ops.store import Store
from portal.ops.tables import counter

_ADD = text(
    "INSERT INTO ops_counter (name, window_end, count) VALUES (:name, :window_end, :more) "
    "ON CONFLICT (name, window_end) DO UPDATE SET count = ops_counter.count + :more "
    "RETURNING count"
)
NAME_MAX = 200


def take(store: Store, now: int, name: str, window_end: int, more: int) -> int:
    """Add ``more`` to a count and give the sum; raises Unavailable.

    Windows that ended before ``now`` (UTC milliseconds) are forgotten on the way.
    """

    def work(connection: Connection) -> int:
        row = {"name": name[:NAME_MAX], "window_end": window_end, "more": more}
        total = int(connection.execute(_ADD, row).scalar_one())
        if total == more:
            connection.execute(delete(counter).where(counter.c.window_end <= now))
        return total

    return store.run(work)
