"""The DSSE envelope: exact payload bytes, typed, with the signatures of its keys in order."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.statements.attachments import Attachment, check_documents, parse_attachments
from ledger.statements.binary import from_text, to_text
from ledger.statements.canonical import BYTES_MAX, INTEGER_MAX, dumps, encode, parse, pointer
from ledger.statements.ed25519 import SIGNATURE_BYTES, key_id, public_bytes, verify
from ledger.statements.errors import Expired, Malformed, Unauthenticated
from ledger.statements.ids import check_uuid7
from ledger.statements.instants import format_instant, parse_instant

PAYLOAD_TYPE = "application/vnd.qingzhang.statement.v1+json"
KEYS_MAX = 8
LIFETIME_MAX_MS = 7 * 24 * 3600 * 1000
_PARTY = re.compile(r"[a-z0-9][a-z0-9.-]{1,62}", re.ASCII)
_LEDGER = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")  # what can name a log key
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
_OPTIONAL = {"seen"}
_PAYLOAD = "/envelope/payload"


def pae(type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: what is signed (DSSE v1.0.2, protocol)."""
    kind = type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


class Payload(NamedTuple):
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
            f'{{"keyid":"{key}","sig":"{to_text(sig)}"}}' for key, sig in self.signatures
        )
        payload = to_text(self.payload_bytes)
        text = f'{{"payload":"{payload}","payloadType":"{PAYLOAD_TYPE}","signatures":[{signed}]}}'
        return text.encode("ascii")

    @cached_property
    def sha256(self) -> str:
        """Digest of ``bytes``: what the leaf of a confidential type holds."""
        return hashlib.sha256(self.bytes).hexdigest()

    @property
    def missing(self) -> tuple[str, ...]:
        """Keys whose signature a half-signed envelope still waits for."""
        signed = {key for key, _ in self.signatures}
        return tuple(key for key in self.payload.keys if key not in signed)

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

    @cached_property
    def body_bytes(self) -> bytes:
        """Canonical JSON of the body: what the payload's digest binds."""
        return encode(self.body)

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
    submission = parse_draft(data)
    _complete(submission.envelope)
    return submission


def parse_draft(data: bytes) -> Submission:
    """Read a submission that may still wait for signatures; raises Malformed or Expired."""
    value = parse(data)
    if not isinstance(value, dict):
        raise Malformed("not-an-object")
    unknown = set(value) - {"envelope", "body", "attachments"}
    if unknown:
        raise Malformed("field-unknown", f"/{pointer(min(unknown))}")
    body = value.get("body")
    if not isinstance(body, dict):
        raise Malformed("field-missing", "/body")
    envelope = _read_envelope(value.get("envelope"))
    attachments = parse_attachments(value.get("attachments", {}), body.get("attachments", {}))
    check_documents(body, attachments)
    submission = Submission(envelope, body, attachments)
    if hashlib.sha256(submission.body_bytes).hexdigest() != envelope.payload.body_sha256:
        raise Malformed("body-digest-differs", f"{_PAYLOAD}/body_sha256")
    return submission


def parse_envelope(value: Any) -> Envelope:
    """Read a complete DSSE envelope from its JSON value; raises Malformed or Expired."""
    envelope = _read_envelope(value)
    _complete(envelope)
    return envelope


def _complete(envelope: Envelope) -> None:
    if envelope.missing:
        raise Malformed("signature-missing", "/envelope/signatures", key=envelope.missing[0])


def _read_envelope(value: Any) -> Envelope:
    if not isinstance(value, dict) or set(value) != {"payload", "payloadType", "signatures"}:
        raise Malformed("envelope-fields", "/envelope")
    if value["payloadType"] != PAYLOAD_TYPE:
        raise Malformed("payload-type", "/envelope/payloadType")
    payload_bytes = from_text(value["payload"], _PAYLOAD)
    payload = parse_payload(payload_bytes)
    place = "/envelope/signatures"
    if not isinstance(value["signatures"], list):
        raise Malformed("not-a-list", place)
    signatures = []
    for number, signed in enumerate(value["signatures"]):
        if not isinstance(signed, dict) or set(signed) != {"keyid", "sig"}:
            raise Malformed("signature-fields", f"{place}/{number}")
        signature = from_text(signed["sig"], f"{place}/{number}/sig")
        if len(signature) != SIGNATURE_BYTES:
            raise Malformed("signature-length", f"{place}/{number}/sig")
        signatures.append((signed["keyid"], signature))
    given = [key for key, _ in signatures]
    if given != [key for key in payload.keys if key in given]:
        raise Malformed("signatures-not-keys", place)
    return Envelope(payload_bytes, payload, tuple(signatures))


def parse_payload(data: bytes) -> Payload:
    """Read canonical payload bytes; raises Malformed or Expired naming the field.

    Sizes: at most eight keys, and seven days from issue to expiry (DESIGN.md §3).
    """
    value = _canonical(data)
    place = _PAYLOAD
    if value.keys() - _OPTIONAL != _FIELDS:
        odd = (value.keys() - _OPTIONAL) ^ _FIELDS
        raise Malformed("payload-fields", f"{place}/{pointer(min(odd))}")
    _match(_PARTY, value["party"], f"{place}/party")
    _match(_TYPE, value["type"], f"{place}/type")
    _match(_HEX64, value["body_sha256"], f"{place}/body_sha256")
    _match(_LEDGER, value["ledger"], f"{place}/ledger")
    if type(value["version"]) is not int or not 1 <= value["version"] <= INTEGER_MAX:
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
        _seen(value["seen"], f"{place}/seen") if "seen" in value else None,
    )


def _canonical(data: bytes) -> dict[str, Any]:
    """The object whose canonical bytes these are; every field is then checked for itself."""
    try:
        value = orjson.loads(data) if len(data) <= BYTES_MAX else None
        if type(value) is dict and dumps(value) == data:
            return value
    except (orjson.JSONDecodeError, TypeError):
        pass
    parse(data)  # says what is wrong where it is no JSON of ours at all
    raise Malformed("payload-not-canonical", _PAYLOAD)


def verify_signatures(
    envelope: Envelope, public_keys: Mapping[str, bytes], *, partial: bool = False
) -> None:
    """Check every signature; raises Unauthenticated naming the key.

    A half-signed envelope passes only where ``partial`` says that one is looked at.
    """
    if envelope.missing and not partial:
        raise Unauthenticated("signature-missing", key=envelope.missing[0])
    message = pae(PAYLOAD_TYPE, envelope.payload_bytes)
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
    """Sign with some or all of the payload's keys; what is missing is for ``cosign``.

    Raises Malformed ``key-not-named`` for a key that the payload does not list.
    """
    data = payload.encode()
    draft = Submission(Envelope(data, payload, ()), dict(body), attachments or {})
    for key in keys:
        draft = cosign(draft, key)
    return draft


def cosign(draft: Submission, key: Ed25519PrivateKey) -> Submission:
    """Add a signature to a half-signed statement; signing twice changes nothing.

    Raises Malformed ``key-not-named`` for a key that the payload does not list, and
    ``body-digest-differs`` where the words are not those that were signed.
    """
    envelope = draft.envelope
    payload = envelope.payload
    own = key_id(public_bytes(key))
    if own not in payload.keys:
        raise Malformed("key-not-named", f"{_PAYLOAD}/keys", key=own)
    if hashlib.sha256(draft.body_bytes).hexdigest() != payload.body_sha256:
        raise Malformed("body-digest-differs", f"{_PAYLOAD}/body_sha256")
    signed = dict(envelope.signatures)
    signed[own] = key.sign(pae(PAYLOAD_TYPE, envelope.payload_bytes))
    signatures = tuple((k, signed[k]) for k in payload.keys if k in signed)
    whole = Envelope(envelope.payload_bytes, payload, signatures)
    return Submission(whole, draft.body, draft.attachments)


def _seen(value: Any, place: str) -> tuple[int, str]:
    if not isinstance(value, dict) or set(value) != {"size", "root"}:
        raise Malformed("seen-fields", place)
    if type(value["size"]) is not int or not 0 <= value["size"] <= INTEGER_MAX:
        raise Malformed("not-a-size", f"{place}/size")
    _match(_HEX64, value["root"], f"{place}/root")
    return value["size"], value["root"]


def _match(form: re.Pattern[str], value: Any, place: str) -> None:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Malformed("form", place)
