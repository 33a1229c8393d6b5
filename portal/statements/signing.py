"""Composing statements: what an author's own software does before it signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.statements.attachments import Attachment
from ledger.statements.canonical import pointer
from ledger.statements.ed25519 import key_id, public_bytes
from ledger.statements.envelope import Payload, Submission, body_digest, sign_statement
from ledger.statements.errors import Malformed
from ledger.statements.ids import make_uuid7
from ledger.statements.types import Circle, StatementType
from ledger.writer.engine import Engine

LIFETIME_MS = 24 * 3600 * 1000
SALT_BYTES, ID_BYTES = 16, 10


def newest(engine: Engine, name: str) -> StatementType:
    """The highest version of a type; raises Malformed ``type-unknown``."""
    versions = [version for type_name, version in engine.types if type_name == name]
    if not versions:
        raise Malformed("type-unknown", "/envelope/payload/type", type=name)
    return engine.types[name, max(versions)]


def with_digests(
    declared: StatementType, body: Mapping[str, Any], attachments: Mapping[str, Attachment]
) -> dict[str, Any]:
    """The body with the digests of what is attached to it.

    Raises Malformed ``attachment-unknown`` with the names that the type has.
    """
    for name in attachments:
        if name not in declared.attachments:
            known = list(declared.attachments)
            raise Malformed("attachment-unknown", f"/attachments/{pointer(name)}", known=known)
    if not attachments:
        return dict(body)
    return {**body, "attachments": {name: item.digest for name, item in attachments.items()}}


def compose(
    engine: Engine,
    origin: str,
    type: str,
    party: str,
    body: Mapping[str, Any],
    keys: Sequence[Ed25519PrivateKey],
    *,
    now: int,
    entropy: Callable[[int], bytes],
    others: Sequence[str] = (),
    seen: tuple[int, str] | None = None,
    id: str | None = None,
    attachments: Mapping[str, Attachment] | None = None,
) -> Submission:
    """Check a body and sign it; a confidential one is salted where its author did not.

    ``others`` are key ids of people who will co-sign, ``seen`` size and root (hex) of the
    checkpoint that the author has verified, ``id`` a UUIDv7 that is the author's own,
    ``attachments`` what the body gets the digests of.  Raises Malformed naming the field, and
    ``attachment-unknown`` with the names that the type has.
    """
    declared = newest(engine, type)
    stated = with_digests(declared, body, attachments or {})
    if declared.circle is not Circle.PUBLIC:
        stated.setdefault("salt", entropy(SALT_BYTES).hex())
    declared.check(stated)
    payload = Payload(
        origin,
        id or make_uuid7(now, entropy(ID_BYTES)),
        type,
        declared.version,
        party,
        (*(key_id(public_bytes(key)) for key in keys), *others),
        now,
        now + LIFETIME_MS,
        body_digest(stated),
        seen,
    )
    return sign_statement(payload, stated, keys, attachments)
