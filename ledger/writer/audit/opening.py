"""What can be checked of an entry without its neighbours: bytes, digests, signatures.

This half of the audit needs no state, so it runs in processes of its own; what it hands on is
plain values. Public keys come as hints by id: an id is the hash of its key, so a hint cannot lie,
and whether the key was valid at the entry's index is for the replay to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from ledger.log.merkle import leaf_hash
from ledger.statements.canonical import dumps, parse
from ledger.statements.ed25519 import verify
from ledger.statements.envelope import PAYLOAD_TYPE, Envelope, Payload, pae, parse_envelope
from ledger.statements.errors import StatementError
from ledger.statements.instants import format_instant
from ledger.writer.errors import IntegrityFault
from ledger.writer.leaf import join_leaf
from ledger.writer.store import StoredEntry

ANY_SIZE = 1 << 30
KEPT = frozenset({"body", "envelope", "parts"})
"""What lies behind a leaf; under another name it would pass for something that is not at hand."""
Fault = tuple[str, dict[str, Any]]
Unverified = tuple[str, bytes, bytes]
"""(key id, message, signature) of a signature whose key was not among the hints."""


class Opened(NamedTuple):
    """An entry taken apart.

    ``public`` tells whether the leaf shows the envelope. ``payload`` and its digest are None where
    the envelope is not at hand or broken, ``body`` where it is erased or not at hand.
    ``signatures`` counts those that were checked here.
    """

    leaf_hash: bytes
    public: bool
    payload: Payload | None
    payload_sha256: str | None
    body: dict[str, Any] | None
    signatures: int
    unverified: tuple[Unverified, ...]
    faults: tuple[Fault, ...]


def open_all(
    entries: Sequence[StoredEntry], hints: Mapping[str, bytes], *, whole: bool = True
) -> list[Opened]:
    """Take entries apart, in order; ``whole`` where every part of each outcome must be at hand."""
    return [open_entry(entry, hints, whole=whole) for entry in entries]


def open_entry(entry: StoredEntry, hints: Mapping[str, bytes], *, whole: bool = True) -> Opened:
    """Take one entry apart; whatever does not hold is among its faults."""
    own = leaf_hash(entry.leaf)
    try:
        return _open(entry, hints, own, whole)
    except (StatementError, IntegrityFault, KeyError, TypeError, ValueError) as error:
        broken = ("entry-broken", {"reason": str(error)})
        return Opened(own, False, None, None, None, 0, (), (broken,))


def _open(entry: StoredEntry, hints: Mapping[str, bytes], own: bytes, whole: bool) -> Opened:
    faults: list[Fault] = []
    leaf = _object(entry.leaf)
    held = _object(entry.body) if entry.body else {}
    public = "envelope" in leaf
    stated = leaf["envelope"] if public else held.get("envelope")
    envelope = None if stated is None else parse_envelope(stated)
    sealed = leaf["envelope_sha256"] if envelope is None else None
    outcome_sha256 = hashlib.sha256(entry.outcome).hexdigest()
    if join_leaf(format_instant(entry.at), envelope, sealed, public, outcome_sha256) != entry.leaf:
        faults += _differences(entry, leaf, envelope, outcome_sha256)
    body, parts = held.get("body"), held.get("parts")
    if envelope is not None and body is not None and _digest(body) != envelope.payload.body_sha256:
        faults.append(("body-digest-differs", {}))
    if entry.body and (not set(held) <= KEPT or dumps(held) != entry.body):
        faults.append(("body-not-canonical", {}))
    if whole and parts is not None and [_digest(p) for p in parts] != _outcome_parts(entry):
        faults.append(("outcome-parts-differ", {}))
    signatures, unverified = _verified(envelope, hints, faults)
    payload, digest = (
        (None, None) if envelope is None else (envelope.payload, envelope.payload_sha256)
    )
    return Opened(own, public, payload, digest, body, signatures, unverified, tuple(faults))


def _object(data: bytes) -> dict[str, Any]:
    """A JSON object; the caller holds its bytes against what they must be."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise IntegrityFault("json-invalid") from error
    if type(value) is not dict:
        raise IntegrityFault("not-an-object")
    return value


def _outcome_parts(entry: StoredEntry) -> list[str]:
    stated: list[str] = _object(entry.outcome)["parts"]
    return stated


def _digest(part: Any) -> str:
    return hashlib.sha256(dumps(part)).hexdigest()


def _verified(
    envelope: Envelope | None, hints: Mapping[str, bytes], faults: list[Fault]
) -> tuple[int, tuple[Unverified, ...]]:
    """How many signatures were checked, and those whose key is not known here."""
    if envelope is None:
        return 0, ()
    message = pae(PAYLOAD_TYPE, envelope.payload_bytes)
    checked, waiting = 0, []
    for key, signature in envelope.signatures:
        public = hints.get(key)
        if public is None:
            waiting.append((key, message, signature))
            continue
        checked += 1
        if not verify(public, message, signature):
            faults.append(("signature-invalid", {}))
    return checked, tuple(waiting)


def _differences(
    entry: StoredEntry, leaf: dict[str, Any], envelope: Envelope | None, outcome_sha256: str
) -> list[Fault]:
    """Why a leaf is not the one that its parts make."""
    found: list[Fault] = []
    if outcome_sha256 != leaf["outcome_sha256"]:
        found.append(("outcome-digest-differs", {}))
    if format_instant(entry.at) != leaf["at"]:
        found.append(("time-differs", {}))
    sealed = envelope is not None and "envelope" not in leaf
    if sealed and envelope is not None and envelope.sha256 != leaf["envelope_sha256"]:
        found.append(("envelope-digest-differs", {}))
    parse(entry.leaf)  # raises where the text is no strict JSON at all
    return found or [("leaf-not-canonical", {})]
