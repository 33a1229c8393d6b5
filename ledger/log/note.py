"""Signed notes (https://c2sp.org/signed-note): a text, and lines of signatures by named keys.

Type 0x01 is Ed25519 over the text; 0x04 (Ed25519) and 0x06 (ML-DSA-44) are timestamped
cosignatures of a checkpoint (https://c2sp.org/tlog-cosignature).
Lines of unknown keys are ignored.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from ledger.log.errors import NoteError

ED25519, COSIGNATURE, MLDSA44 = 0x01, 0x04, 0x06
NOTE_BYTES_MAX = 1_000_000
SIGNATURES_MAX = 100
ID_BYTES, TIME_BYTES, ROOT_BYTES = 4, 8, 32
KEY_BYTES = {ED25519: 32, COSIGNATURE: 32, MLDSA44: 1312}
SKEY = "PRIVATE+KEY+"
TIME_MAX = 2**63 - 1
DASH = "\u2014 "
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


def check_name(name: str) -> None:
    """Raise NoteError for a name with spaces or a plus sign."""
    if not name or "+" in name or any(character.isspace() for character in name):
        raise NoteError("name-malformed")


@dataclass(frozen=True)
class Verifier:
    """A trusted key: name, algorithm and raw public key."""

    name: str
    public: bytes
    algorithm: int = ED25519

    @property
    def id(self) -> bytes:
        """First four bytes of SHA-256(name ‖ 0x0A ‖ algorithm ‖ key)."""
        seed = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public
        return hashlib.sha256(seed).digest()[:ID_BYTES]

    @property
    def vkey(self) -> str:
        """``name+id+base64(algorithm ‖ key)``."""
        data = base64.b64encode(bytes([self.algorithm]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{data}"

    def check(self, text: str, signature: bytes) -> None:
        """Raise NoteError where the signature does not hold."""
        message = text.encode()
        if self.algorithm != ED25519:
            time = int.from_bytes(signature[:TIME_BYTES], "big")
            if time > TIME_MAX:
                raise NoteError("signature-time")
            message = cosigned_message(self.algorithm, self.name, time, text)
            signature = signature[TIME_BYTES:]
        try:
            if self.algorithm == MLDSA44:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(signature, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise NoteError("signature-invalid") from error


def cosigned_message(algorithm: int, name: str, time: int, text: str) -> bytes:
    """What a cosignature signs; raises NoteError where ``text`` is no checkpoint (0x06)."""
    if algorithm == COSIGNATURE:
        return f"cosignature/v1\ntime {time}\n{text}".encode()
    try:
        origin, size, root = text.split("\n")[:3]
        if str(int(size)) != size:
            raise NoteError("signature-not-of-checkpoint")
        start, end = (number.to_bytes(8, "big") for number in (0, int(size)))
        names = [bytes([len(raw)]) + raw for raw in (name.encode(), origin.encode())]
    except (ValueError, OverflowError) as error:
        raise NoteError("signature-not-of-checkpoint") from error
    digest = _decode(root, "signature-not-of-checkpoint")
    if len(digest) != ROOT_BYTES:
        raise NoteError("signature-not-of-checkpoint")
    moment = time.to_bytes(TIME_BYTES, "big")
    return b"subtree/v1\n\0" + names[0] + moment + names[1] + start + end + digest


def parse_vkey(text: str) -> Verifier:
    """Read a verifier key; raises NoteError where it is malformed or its id is not its own."""
    name, plus, rest = text.strip().partition("+")
    identity, again, data = rest.partition("+")
    if not plus or not again:
        raise NoteError("vkey-malformed")
    check_name(name)
    raw = _decode(data, "vkey-malformed")
    if not raw or len(raw) - 1 != KEY_BYTES.get(raw[0]):
        raise NoteError("vkey-algorithm")
    verifier = Verifier(name, raw[1:], raw[0])
    if verifier.id.hex() != identity:
        raise NoteError("vkey-id-differs")
    return verifier


def _decode(text: str, code: str) -> bytes:
    """Bytes of a base64 text in its one canonical form."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise NoteError(code) from error
    if base64.b64encode(raw).decode() != text:
        raise NoteError(code)
    return raw


def sign(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The signature line of ``key`` under ``text``."""
    check_name(name)
    return sign_as(text, Verifier(name, key.public_key().public_bytes_raw()), key)


def sign_as(text: str, verifier: Verifier, key: Ed25519PrivateKey) -> str:
    """The same for who signs often and keeps the key's own verifier."""
    data = base64.b64encode(verifier.id + key.sign(text.encode())).decode()
    return f"{DASH}{verifier.name} {data}\n"


def cosign(text: str, name: str, key: Ed25519PrivateKey | MLDSA44PrivateKey, seconds: int) -> str:
    """A timestamped cosignature line at a POSIX time, of the type that the key is for."""
    check_name(name)
    algorithm = COSIGNATURE if isinstance(key, Ed25519PrivateKey) else MLDSA44
    verifier = Verifier(name, key.public_key().public_bytes_raw(), algorithm)
    signature = key.sign(cosigned_message(algorithm, name, seconds, text))
    data = verifier.id + seconds.to_bytes(TIME_BYTES, "big") + signature
    return f"{DASH}{name} {base64.b64encode(data).decode()}\n"


def parse_skey(text: str) -> tuple[str, Ed25519PrivateKey]:
    """Name and key of ``PRIVATE+KEY+name+id+base64(0x01 ‖ seed)``; raises NoteError."""
    name, plus, rest = text.removeprefix(SKEY).partition("+")
    identity, again, data = rest.partition("+")
    if not text.startswith(SKEY) or not plus or not again:
        raise NoteError("skey-malformed")
    check_name(name)
    raw = _decode(data, "skey-malformed")
    if not raw or raw[0] != ED25519 or len(raw) != 1 + KEY_BYTES[ED25519]:
        raise NoteError("skey-algorithm")
    key = Ed25519PrivateKey.from_private_bytes(raw[1:])
    if Verifier(name, key.public_key().public_bytes_raw()).id.hex() != identity:
        raise NoteError("skey-id-differs")
    return name, key


def format_skey(name: str, key: Ed25519PrivateKey) -> str:
    """The text of a private key, as parse_skey reads it."""
    check_name(name)
    identity = Verifier(name, key.public_key().public_bytes_raw()).id.hex()
    data = base64.b64encode(bytes([ED25519]) + key.private_bytes_raw()).decode()
    return f"{SKEY}{name}+{identity}+{data}"


def split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Text (with its final newline) and signature lines as (name, id ‖ signature)."""
    try:
        size = len(note.encode())
    except UnicodeEncodeError as error:  # a lone surrogate has no UTF-8
        raise NoteError("note-malformed") from error
    if size > NOTE_BYTES_MAX:
        raise NoteError("note-too-large")
    if CONTROL.search(note):
        raise NoteError("note-control-character")
    cut = note.rfind("\n\n")
    if cut < 0 or not note.endswith("\n"):
        raise NoteError("note-malformed")
    text, block = note[: cut + 1], note[cut + 2 :]
    lines = []
    for line in block.split("\n")[:-1]:
        name, space, data = line.removeprefix(DASH).partition(" ")
        if not line.startswith(DASH) or not space:
            raise NoteError("signature-line-malformed")
        check_name(name)
        raw = _decode(data, "signature-line-malformed")
        if len(raw) <= ID_BYTES:
            raise NoteError("signature-line-malformed")
        lines.append((name, raw))
    if not lines or len(lines) > SIGNATURES_MAX:
        raise NoteError("signature-count")
    return text, lines


def open_note(note: str, verifiers: Iterable[Verifier]) -> tuple[str, list[Verifier]]:
    """The text and those of ``verifiers`` that signed it.

    Raises NoteError where a trusted key's line does not verify or stands twice, or where
    none of the trusted keys signed.
    """
    text, lines = split_note(note)
    known = {(verifier.name, verifier.id): verifier for verifier in verifiers}
    signed: list[Verifier] = []
    for name, raw in lines:
        verifier = known.get((name, raw[:ID_BYTES]))
        if verifier is None:
            continue
        if verifier in signed:
            raise NoteError("signature-twice")
        verifier.check(text, raw[ID_BYTES:])
        signed.append(verifier)
    if not signed:
        raise NoteError("not-signed-by-trusted-key")
    return text, signed
