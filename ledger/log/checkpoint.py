"""Checkpoints (https://c2sp.org/tlog-checkpoint): origin, size and root, signed as a note."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.errors import NoteError
from ledger.log.note import Verifier, check_name, open_note, sign

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
ROOT_BYTES = 32


@dataclass(frozen=True)
class Checkpoint:
    """A tree head; we neither write nor accept extension lines, which nobody can audit."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def sign(self, key: Ed25519PrivateKey) -> str:
        """The signed note, by the key named as the origin."""
        return f"{self.text}\n{sign(self.text, self.origin, key)}"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the three lines strictly; raises NoteError."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not _SIZE.fullmatch(lines[1]):
        raise NoteError("checkpoint-malformed")
    check_name(lines[0])
    try:
        root = base64.b64decode(lines[2], validate=True)
    except (ValueError, binascii.Error) as error:
        raise NoteError("checkpoint-malformed") from error
    if len(root) != ROOT_BYTES or base64.b64encode(root).decode() != lines[2]:
        raise NoteError("checkpoint-malformed")
    return Checkpoint(lines[0], int(lines[1]), root)


def open_checkpoint(note: str, verifiers: Iterable[Verifier]) -> tuple[Checkpoint, list[Verifier]]:
    """Verify a signed checkpoint; one of the signers must bear the origin's name."""
    text, signed = open_note(note, verifiers)
    head = parse_checkpoint(text)
    if all(verifier.name != head.origin for verifier in signed):
        raise NoteError("origin-did-not-sign")
    return head, signed
