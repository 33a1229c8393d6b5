"""The DSSE envelope: exact payload bytes, typed, with the signatures of its keys in order."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.statements.attachments import Attachment, parse_attachments
from ledger.statements.canonical import encode, parse
from ledger.statements.ed25519 import SIGNATURE_BYTES, key_id, public_bytes, verify
from ledger.statements.errors import Expired, Malformed, Unauthenticated
from ledger.statements.ids import check_uuid7
from ledger.statements.instants import format_instant, parse_instant

PAYLOAD_TYPE = "application/vnd.qingzhang.statement.v1+json"
KEYS_MAX = 8
LIFETIME_MAX_MS = 7 * 24 * 3600 * 1000
_PARTY = re.compile(r"[a-z0-9][a-z0-9.-]{1,62}", re.ASCII)
_HEX32 = re.compile(r"[0-9a-f]{32}", re.ASCII)
_HEX64 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TYPE = re.compile(r"[a-z][a-z0-9.-]{1,62}", re.ASCII)
_FIELDS = {
    "ledger",
    "id",
    "type",
    "version",
    "party",
    "keys",
    "issued_at",
    "expires_at",
    "body_sha256",
}


def pae(payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: what is signed."""
    kind = PAYLOAD_TYPE.encode("ascii")
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


@dataclass(frozen=True)
class Payload:
    """What a party states: who, what, when, and the digest of the body."""

    ledger: str
    id: str
    type: str
    version: int
    party: str
    keys: tuple[str, ...]
    issued_at: int
    expires_at: int
    body_sha256: str
    seen: tuple[int, str] | None = None

    def encode(self) -> bytes:
        """Canonical JSON of the payload."""
        value: dict[str, Any] = {
            "ledger": self.ledger,
            "id": self.id,
            "type": self.type,
            "version": self.version,
            "party": self.party,
            "keys": list(self.keys),
            "issued_at": format_instant(self.issued_at),
            "expires_at": format_instant(self.expires_at),
            "body_sha256": self.body_sha256,
        }
        if self.seen is not None:
            value["seen"] = {"size": self.seen[0], "root": self.seen[1]}
        return encode(value)


@dataclass(frozen=True)
class Envelope:
    """Payload bytes and signatures; ``bytes`` is rebuilt, so one act has one leaf."""

    payload_bytes: bytes
    payload: Payload
    signatures: tuple[tuple[str, bytes], ...]

    @cached_property
    def bytes(self) -> bytes:
        """Canonical JSON of the envelope."""
        signed = ",".join(
            f'{{"keyid":"{key}","sig":"{base64.b64encode(sig).decode()}"}}'
            for key, sig in self.signatures
        )
        payload = base64.b64encode(self.payload_bytes).decode()
        text = f'{{"payload":"{payload}","payloadType":"{PAYLOAD_TYPE}","signatures":[{signed}]}}'
        return text.encode("ascii")

    @cached_property
    def payload_sha256(self) -> str:
        """The digest that, with party and id, makes a statement exactly once."""
        return hashlib.sha256(self.payload_bytes).hexdigest()


@dataclass(frozen=True)
class Submission:
    """A statement as it travels: envelope, body, attachments."""

    envelope: Envelope
    body: dict[str, Any]
    attachments: Mapping[str, Attachment] = field(default_factory=dict)

    def encode(self) -> bytes:
        """The JSON that is submitted."""
        value: dict[str, Any] = {"envelope": parse(self.envelope.bytes), "body": self.body}
        if self.attachments:
            value["attachments"] = {n: a.wire() for n, a in self.attachments.items()}
        return encode(value)


def body_digest(body: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical body."""
    return hashlib.sha256(encode(dict(body))).hexdigest()


def parse_submission(data: bytes) -> Submission:
    """Read a submission strictly; raises Malformed or Expired naming the field."""
    value = parse(data)
    if not isinstance(value, dict):
        raise Malformed("not-an-object")
    unknown = set(value) - {"envelope", "body", "attachments"}
    if unknown:
        raise Malformed("field-unknown", f"/{min(unknown)}")
    body = value.get("body")
    if not isinstance(body, dict):
        raise Malformed("field-missing", "/body")
    envelope = parse_envelope(value.get("envelope"))
    if body_digest(body) != envelope.payload.body_sha256:
        raise Malformed("body-digest-differs", "/envelope/payload/body_sha256")
    attachments = parse_attachments(value.get("attachments", {}), body.get("attachments", {}))
    return Submission(envelope, body, attachments)


def parse_envelope(value: Any) -> Envelope:
    """Read a DSSE envelope from its JSON value."""
    fields = {"payload", "payloadType", "signatures"}
    if not isinstance(value, dict) or set(value) != fields:
        raise Malformed("envelope-fields", "/envelope")
    if value["payloadType"] != PAYLOAD_TYPE:
        raise Malformed("payload-type", "/envelope/payloadType")
    payload_bytes = _base64(value["payload"], "/envelope/payload")
    payload = parse_payload(payload_bytes)
    signatures = []
    if not isinstance(value["signatures"], list):
        raise Malformed("not-a-list", "/envelope/signatures")
    for number, signed in enumerate(value["signatures"]):
        place = f"/envelope/signatures/{number}"
        if not isinstance(signed, dict) or set(signed) != {"keyid", "sig"}:
            raise Malformed("signature-fields", place)
        signature = _base64(signed["sig"], f"{place}/sig")
        if len(signature) != SIGNATURE_BYTES:
            raise Malformed("signature-length", f"{place}/sig")
        signatures.append((signed["keyid"], signature))
    if tuple(key for key, _ in signatures) != payload.keys:
        raise Malformed("signatures-not-keys", "/envelope/signatures")
    return Envelope(payload_bytes, payload, tuple(signatures))


def parse_payload(data: bytes) -> Payload:
    """Read canonical payload bytes; raises Malformed or Expired naming the field."""
    value = parse(data)
    place = "/envelope/payload"
    if not isinstance(value, dict) or encode(value) != data:
        raise Malformed("payload-not-canonical", place)
    if set(value) - {"seen"} != _FIELDS:
        odd = (set(value) - {"seen"}) ^ _FIELDS
        raise Malformed("payload-fields", f"{place}/{min(odd)}")
    _match(_PARTY, value["party"], f"{place}/party")
    _match(_TYPE, value["type"], f"{place}/type")
    _match(_HEX64, value["body_sha256"], f"{place}/body_sha256")
    if not isinstance(value["ledger"], str) or not value["ledger"]:
        raise Malformed("not-text", f"{place}/ledger")
    if type(value["version"]) is not int or value["version"] < 1:
        raise Malformed("not-a-version", f"{place}/version")
    keys = value["keys"]
    if not isinstance(keys, list) or not 1 <= len(keys) <= KEYS_MAX:
        raise Malformed("keys-count", f"{place}/keys")
    for number, key in enumerate(keys):
        _match(_HEX32, key, f"{place}/keys/{number}")
    if len(set(keys)) != len(keys):
        raise Malformed("keys-repeated", f"{place}/keys")
    issued = parse_instant(value["issued_at"], f"{place}/issued_at")
    expires = parse_instant(value["expires_at"], f"{place}/expires_at")
    if not 0 < expires - issued <= LIFETIME_MAX_MS:
        raise Expired("lifetime", f"{place}/expires_at", limit_ms=LIFETIME_MAX_MS)
    return Payload(
        value["ledger"],
        check_uuid7(value["id"], f"{place}/id"),
        value["type"],
        value["version"],
        value["party"],
        tuple(keys),
        issued,
        expires,
        value["body_sha256"],
        _seen(value.get("seen"), f"{place}/seen"),
    )


def verify_signatures(envelope: Envelope, public_keys: Mapping[str, bytes]) -> None:
    """Check every signature; raises Unauthenticated naming the key."""
    message = pae(envelope.payload_bytes)
    for key, signature in envelope.signatures:
        public = public_keys.get(key)
        if public is None:
            raise Unauthenticated("key-unknown", key=key)
        if not verify(public, message, signature):
            raise Unauthenticated("signature-invalid", key=key)


def sign_statement(
    payload: Payload,
    body: Mapping[str, Any],
    keys: Sequence[Ed25519PrivateKey],
    attachments: Mapping[str, Attachment] | None = None,
) -> Submission:
    """Sign a payload whose ``keys`` are those given, in that order."""
    data = payload.encode()
    message = pae(data)
    signatures = tuple((key_id(public_bytes(key)), key.sign(message)) for key in keys)
    return Submission(Envelope(data, payload, signatures), dict(body), attachments or {})


def _seen(value: Any, place: str) -> tuple[int, str] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or set(value) != {"size", "root"}:
        raise Malformed("seen-fields", place)
    if type(value["size"]) is not int or value["size"] < 0:
        raise Malformed("not-a-size", f"{place}/size")
    _match(_HEX64, value["root"], f"{place}/root")
    return value["size"], value["root"]


def _match(form: re.Pattern[str], value: Any, place: str) -> None:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Malformed("form", place)


def _base64(value: Any, place: str) -> bytes:
    if not isinstance(value, str):
        raise Malformed("not-base64", place)
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("not-base64", place) from error
    if base64.b64encode(data).decode() != value:
        raise Malformed("not-base64", place)
    return data
