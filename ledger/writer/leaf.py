"""The bytes of an entry: the leaf that is hashed and served, and what lies behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.statements.envelope import Envelope
from ledger.statements.instants import format_instant
from ledger.statements.types import Circle
from ledger.writer.errors import BrokenInvariant
from ledger.writer.outcome import Outcome

if TYPE_CHECKING:
    from ledger.writer.writer import Pending

LEAF_BYTES_MAX = 65_535


def make_leaf(item: Pending, outcome: Outcome, at: int) -> bytes:
    """The exact leaf: the envelope for a public type, its digest for a confidential one."""
    envelope = item.submission.envelope
    public = item.declared.circle is Circle.PUBLIC
    leaf = join_leaf(format_instant(at), envelope, None, public, outcome.sha256)
    if len(leaf) > LEAF_BYTES_MAX:
        raise BrokenInvariant("leaf-too-long", bytes=len(leaf))
    return leaf


def join_leaf(
    at: str, envelope: Envelope | None, envelope_sha256: str | None, public: bool, outcome: str
) -> bytes:
    """The bytes of a leaf; without the envelope at hand, of its digest."""
    tail = b',"outcome_sha256":"' + outcome.encode("ascii") + b'"}'
    when = at.encode("ascii")
    if public and envelope is not None:
        return b'{"at":"' + when + b'","envelope":' + envelope.bytes + tail
    digest = envelope.sha256 if envelope is not None else str(envelope_sha256)
    return b'{"at":"' + when + b'","envelope_sha256":"' + digest.encode() + b'"' + tail


def make_body(item: Pending, outcome: Outcome) -> bytes:
    """What lies behind the leaf: body, outcome parts, and a confidential envelope.

    Joined from the exact bytes of each, under keys in canonical order.
    """
    pieces = [b'{"body":', item.submission.body_bytes]
    if item.declared.circle is not Circle.PUBLIC:
        pieces += [b',"envelope":', item.submission.envelope.bytes]
    pieces += [b',"parts":[', b",".join(outcome.parts), b"]}"]
    return b"".join(pieces)
