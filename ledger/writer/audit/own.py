"""What one party can check beyond the public: its own statements, and the parts that concern it."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from ledger.statements.binary import from_text
from ledger.statements.canonical import dumps
from ledger.writer.audit.opening import Opened
from ledger.writer.audit.report import Report
from ledger.writer.engine import Engine
from ledger.writer.kinds import Kind, Row
from ledger.writer.outcome import apply
from ledger.writer.state import Nothing, State
from ledger.writer.store import StoredEntry


class Own:
    """The private rows of a party, made from the parts that were disclosed to it.

    The leaf binds each part by its digest, so a part that was held back or changed leaves the
    party's rows other than the stored ones.
    """

    def __init__(self, party: str, engine: Engine, report: Report) -> None:
        self.party = party
        self.state = State(Nothing())
        self._engine = engine
        self._report = report

    def reads(self, opened: Opened) -> bool:
        """Whether an entry is the party's own statement."""
        return opened.payload is not None and opened.payload.party == self.party

    def entry(self, entry: StoredEntry, opened: Opened) -> None:
        """Apply what of one entry concerns the party: public postings to its rows, then parts."""
        if opened.public:
            self._posted(orjson.loads(entry.outcome)["public"].get("changes", {}))
        parts = orjson.loads(entry.body).get("parts", ()) if entry.body else ()
        bound = None
        for part in parts:
            if part["party"] != self.party:
                continue
            if bound is None:
                bound = set(orjson.loads(entry.outcome)["parts"])
            if hashlib.sha256(dumps(part)).hexdigest() not in bound:
                self._report.fault("outcome-parts-differ", index=entry.index)
            apply(self.state, self._engine.kinds, part["changes"])
        self.state.forget()

    def _posted(self, changes: dict[str, list[Any]]) -> None:
        """A public act, such as an issuance, may change private rows, which the public drops."""
        kinds = self._engine.kinds
        added = [
            item
            for item in changes.get("add", ())
            if self.concerned(kinds[item[0]], dict(zip(kinds[item[0]].key, item[1], strict=True)))
        ]
        rows = [item for item in changes.get("rows", ()) if self.concerned(kinds[item[0]], item[1])]
        apply(self.state, kinds, {"add": added, "rows": rows})

    def concerned(self, kind: Kind, row: Row) -> bool:
        """Whether a private row concerns the party."""
        return kind.parties is not None and self.party in kind.parties(row)


def for_party(body: bytes, party: str) -> bytes:
    """What ``party`` may read behind a confidential leaf: all of its own, else its parts."""
    held: dict[str, Any] = orjson.loads(body)
    envelope = held.get("envelope")
    if envelope is not None:
        payload = orjson.loads(from_text(envelope["payload"], "/envelope/payload"))
        if payload["party"] == party:
            return body
    return dumps({"parts": [part for part in held["parts"] if part["party"] == party]})
