"""What came to be with an entry under a name of its own: a party and its keys, a project, a batch.

It is read from the outcome, as far as the reader may see it, and is no part of the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.statements.envelope import Payload, parse_envelope
from ledger.writer.kinds import Kind
from ledger.writer.store import StoredEntry
from portal.home.record import public_view
from portal.proofs.disclosure import author_of, disclosed

PLACED = ("index", "since")
"""Columns that say with which entry a row came to be."""
View = Mapping[str, Any]
Made = list[dict[str, str]]


def whole_view(entry: StoredEntry) -> dict[str, Any]:
    """An entry as whoever holds the record sees it."""
    return public_view(entry) | disclosed(entry, author_of(entry), supervisor=True)


def payload_of(view: View) -> Payload | None:
    """What was signed, where the view shows it."""
    envelope = view["leaf"].get("envelope") or view.get("envelope")
    return None if envelope is None else parse_envelope(envelope).payload


def made(view: View, kinds: Mapping[str, Kind]) -> Made:
    """Kind and id of each row that came to be with an entry, as far as the view shows it.

    Such a row has one name, and says that it is of this entry or is called after its statement.
    """
    payload = payload_of(view)
    public = view["outcome"]["public"]
    changes = [public.get("changes", {}), public.get("followed", {})]
    changes += [held["part"]["changes"] for held in view.get("parts", ())]
    found: dict[tuple[str, str], None] = {}
    for name, row in (pair for change in changes for pair in change.get("rows", ())):
        kind = kinds.get(name)
        if kind is None or row is None or len(kind.key) != 1:
            continue
        key = row.get(kind.key[0])
        own = any(row.get(column) == view["index"] for column in PLACED)
        called = payload is not None and isinstance(key, str) and key.startswith(payload.id)
        if isinstance(key, str) and (own or called):
            found[name, key] = None
    return [{"kind": kind, "id": key} for kind, key in found]
