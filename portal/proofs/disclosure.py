"""What lies behind an entry, for those whom it concerns: nothing that is another's.

Who stated it has envelope and body; whom it concerns has the parts of its own, each with its
place among the digests of the outcome, so that it proves itself; the supervisor has all.
"""

from __future__ import annotations

from typing import Any

from ledger.statements.canonical import parse
from ledger.statements.envelope import parse_envelope
from ledger.writer.store import StoredEntry
from ledger.writer.turn import answer_of

BODY_BYTES_MAX = 1 << 30


def disclosed(entry: StoredEntry, party: str, *, supervisor: bool) -> dict[str, Any]:
    """The members that a reader of ``party`` sees beyond the public view; none where it may not.

    ``envelope``, ``body`` (or ``erased``) and ``answer`` for the author; ``parts``, each
    ``{"place", "part"}``, for those concerned.
    """
    held = parse(entry.body, max_bytes=BODY_BYTES_MAX)
    parts = [
        {"place": place, "part": part}
        for place, part in enumerate(held["parts"])
        if supervisor or part["party"] == party
    ]
    view: dict[str, Any] = {"parts": parts} if parts else {}
    if supervisor or author_of(entry) == party:
        envelope = parse(entry.leaf).get("envelope") or held["envelope"]
        view["envelope"] = envelope
        view["answer"] = answer_of(entry)
        view |= {"body": held["body"]} if "body" in held else {"erased": True}
    return view


def author_of(entry: StoredEntry) -> str:
    """The party that stated an entry."""
    envelope = parse(entry.leaf).get("envelope")
    if envelope is None:
        envelope = parse(entry.body, max_bytes=BODY_BYTES_MAX)["envelope"]
    return parse_envelope(envelope).payload.party


def packet(entry: StoredEntry, party: str, receipt: str) -> dict[str, Any]:
    """What a party hands to somebody who is to check, offline, what it stated or received.

    The receipt proves the leaf; the leaf binds envelope and outcome; the envelope binds the
    body, and the outcome its parts.
    """
    return {
        "format": "qingzhang.disclosure/v1",
        "index": entry.index,
        "leaf": entry.leaf.decode(),
        "outcome": parse(entry.outcome, max_bytes=BODY_BYTES_MAX),
        **disclosed(entry, party, supervisor=False),
        "receipt": receipt,
    }
