"""Verified statements and answers as JSON values, between a worker and the writer.

The socket belongs to the user who owns the home, and to nobody else: what comes through it has
been parsed and verified by this software. Keys travel with each statement, and the writer checks
at the entry's own index whether they stand.
"""

from __future__ import annotations

from typing import Any

from ledger.statements.attachments import parse_attachments
from ledger.statements.envelope import Envelope, Payload, Submission
from ledger.statements.errors import Malformed
from ledger.writer.engine import Engine
from ledger.writer.writer import Pending, Reply


def pack(item: Pending) -> dict[str, Any]:
    """A statement for the writer."""
    submission = item.submission
    envelope = submission.envelope
    value = {
        "bytes": envelope.payload_bytes.decode(),
        "payload": envelope.payload._asdict(),
        "signed": [[key, signature.hex()] for key, signature in envelope.signatures],
        "body": submission.body,
        "keys": {key: public.hex() for key, public in item.keys.items()},
    }
    if submission.attachments:
        value["attachments"] = {n: a.wire() for n, a in submission.attachments.items()}
    return value


def unpack(engine: Engine, value: dict[str, Any]) -> Pending:
    """What ``pack`` made; raises Malformed for a type that the writer does not know."""
    stated = value["payload"]
    seen = stated["seen"]
    stated = {**stated, "keys": tuple(stated["keys"]), "seen": tuple(seen) if seen else None}
    payload = Payload(**stated)
    declared = engine.type_of(payload.type, payload.version)
    if declared is None:
        raise Malformed("type-unknown", "/envelope/payload/type", type=payload.type)
    signed = tuple((key, bytes.fromhex(signature)) for key, signature in value["signed"])
    envelope = Envelope(value["bytes"].encode(), payload, signed)
    body = value["body"]
    attachments = parse_attachments(value.get("attachments", {}), body.get("attachments", {}))
    keys = {key: bytes.fromhex(public) for key, public in value["keys"].items()}
    return Pending(Submission(envelope, body, attachments), declared, keys)


def pack_reply(reply: Reply) -> list[Any]:
    """An answer for the worker."""
    return [reply.status, reply.index, reply.checkpoint_size, reply.answer]


def unpack_reply(value: list[Any]) -> Reply:
    """What ``pack_reply`` made."""
    status, index, size, answer = value
    return Reply(status, index, size, answer)
