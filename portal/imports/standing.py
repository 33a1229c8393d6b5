"""What is on record of an act: nothing, the act itself, an earlier form of it, or its refusal.

A statement's payload bears the time at which it was signed, so the same act signed again is another
payload under the same id. Before an act is stated its id is therefore looked up, and what was said
under it is compared: the body, and the attachments as far as they have not been erased.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from ledger.statements.canonical import parse
from ledger.statements.envelope import body_digest, parse_envelope
from ledger.writer import tables
from ledger.writer.store import StoredEntry, known_ids, read_entries
from ledger.writer.turn import answer_of
from portal.imports.plan import Act
from portal.imports.rivals import stated_otherwise

BODY_BYTES_MAX = 1 << 30
GAP = 64
"""Entries between two that are wanted which are read along rather than looked up anew."""

Contents = Mapping[tuple[int, str], bytes | None]


@dataclass(frozen=True)
class Stored:
    """An entry under an act's id: whether it was accepted, else why not, and says the same."""

    index: int
    accepted: bool
    same: bool
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Standing:
    """How often an act was stated and refused, and the newest entry of it, if any."""

    act: Act
    refusals: int = 0
    newest: Stored | None = None


def look_up(connection: Connection, party: str, acts: Sequence[Act]) -> list[Standing]:
    """Where each act stands, by its id, else by what it is about."""
    found = [Standing(act) for act in acts]
    _by_id(connection, party, found)
    unknown = [item for item in found if item.newest is None]
    rivals = stated_otherwise(connection, [item.act for item in unknown])
    for item in unknown:
        index = rivals.get(item.act.key)
        if index is not None:
            item.newest = Stored(index, accepted=True, same=False)
    return found


def _by_id(connection: Connection, party: str, found: Sequence[Standing]) -> None:
    waiting = list(found)
    while waiting:
        by_id = {item.act.id(item.refusals): item for item in waiting}
        stored = _stored(connection, party, {id: item.act for id, item in by_id.items()})
        waiting = []
        for id, entry in stored.items():
            item = by_id[id]
            item.newest = entry
            if not entry.accepted:
                item.refusals += 1
                waiting.append(item)


def _stored(connection: Connection, party: str, acts: Mapping[str, Act]) -> dict[str, Stored]:
    known = known_ids(connection, list(acts))
    places = {index: id for (who, id), (_, index) in known.items() if who == party}
    contents = _contents(connection, [n for n, id in places.items() if acts[id].attached])
    return {
        places[entry.index]: _judge(entry, acts[places[entry.index]], contents)
        for entry in _entries(connection, sorted(places))
    }


def _entries(connection: Connection, indices: Sequence[int]) -> Iterator[StoredEntry]:
    """The entries of rising indices, read in runs: a segment holds many."""
    start = 0
    for place, index in enumerate(indices):
        last = place + 1 == len(indices)
        if last or indices[place + 1] - index > GAP:
            wanted = set(indices[start : place + 1])
            for entry in read_entries(connection, indices[start], index + 1):
                if entry.index in wanted:
                    yield entry
            start = place + 1


def _contents(connection: Connection, indices: Sequence[int]) -> Contents:
    table = tables.attachment
    columns = (table.c.index, table.c.name, table.c.content)
    rows = connection.execute(select(*columns).where(table.c.index.in_(indices)))
    return {(index, name): content for index, name, content in rows}


def _judge(entry: StoredEntry, act: Act, contents: Contents) -> Stored:
    answer = answer_of(entry)
    same = _same(entry, act, contents)
    if answer["result"] == "accepted":
        return Stored(entry.index, True, same)
    return Stored(entry.index, False, same, answer["code"], answer["params"])


def _same(entry: StoredEntry, act: Act, contents: Contents) -> bool:
    payload = parse_envelope(parse(entry.leaf)["envelope"]).payload
    if payload.type != act.type:
        return False
    held = parse(entry.body, max_bytes=BODY_BYTES_MAX)
    if "body" not in held:  # erased: what is left to compare with is a digest over random salts
        return bool(act.attached) or payload.body_sha256 == body_digest(act.body)
    body = dict(held["body"])
    if set(body.pop("attachments", ())) != set(act.attached) or body != act.body:
        return False
    return all(
        contents.get((entry.index, name)) in (None, text.encode())
        for name, text in act.attached.items()
    )
