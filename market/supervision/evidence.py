"""The entries that show a finding, told by what each of them did in the market."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection

from ledger.writer.kinds import Row
from ledger.writer.store import entries_at
from market.supervision.rows import seen_in

_WHO = {
    "deal": ("seller", "buyer"),
    "listing": ("seller",),
    "order": ("party",),
    "transfer": ("sender", "receiver"),
    "retirement": ("party",),
}
"""What parties do that a detector looks at, and who does it there."""


def evidence(connection: Connection, indexes: Collection[int]) -> list[dict[str, Any]]:
    """What the entries of some indexes did, in order: one of ``kind`` with its ``parties``.

    ``about`` is the instrument or the batch; ``side``, ``price_fen``, ``quantity`` and ``state``
    are None where such a thing has none.  An entry in which no party did anything is left out.
    """
    entries = entries_at(connection, indexes)
    return [
        _told(index, entries[index].at, kind, row)
        for index in sorted(entries)
        for kind, row in seen_in(entries[index])
        if kind in _WHO
    ]


def _told(index: int, at: int, kind: str, row: Row) -> dict[str, Any]:
    return {
        "index": index,
        "at": at,
        "kind": kind,
        "parties": [row[name] for name in _WHO[kind]],
        "about": row.get("instrument") or row.get("batch"),
        "side": row.get("side"),
        "price_fen": row.get("price_fen"),
        "quantity": row.get("quantity"),
        "state": row.get("state") if kind in ("listing", "order") else None,
    }
