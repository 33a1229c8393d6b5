"""The log's private keys in a home: those that the record says sign, and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.checkpoint import Checkpoint
from ledger.log.note import Verifier, parse_vkey, sign_as
from ledger.statements.ed25519 import load_private, public_bytes
from ledger.writer.errors import Unavailable

PATTERN = "log*.pem"


class Keyring:
    """Signs tree heads; a key that appears in the folder is found when it is needed."""

    def __init__(self, origin: str, folder: Path) -> None:
        self._origin = origin
        self._folder = folder
        self._keys: dict[str, Ed25519PrivateKey] = {}
        self._verifiers: dict[str, Verifier] = {}

    @property
    def empty(self) -> bool:
        """Whether the folder has no log key at all."""
        return not any(self._folder.glob(PATTERN))

    def holds(self, vkey: str) -> bool:
        """Whether the private key of a verifier key is here; raises UnsafeKey for a bad file."""
        if vkey not in self._keys:
            for path in sorted(self._folder.glob(PATTERN)):
                key = load_private(path)
                self._keys[Verifier(self._origin, public_bytes(key)).vkey] = key
        return vkey in self._keys

    def key(self, vkey: str) -> Ed25519PrivateKey:
        """The private key; raises Unavailable ``log-key-missing``."""
        if not self.holds(vkey):
            raise Unavailable("log-key-missing", retry=False, vkey=vkey)
        return self._keys[vkey]

    def sign(self, size: int, root: bytes, vkeys: Sequence[str]) -> str:
        """The signed note of a tree head, one line a key; raises Unavailable."""
        text = Checkpoint(self._origin, size, root).text
        lines = [sign_as(text, self._verifier(vkey), self.key(vkey)) for vkey in vkeys]
        return f"{text}\n{''.join(lines)}"

    def _verifier(self, vkey: str) -> Verifier:
        if vkey not in self._verifiers:
            self._verifiers[vkey] = parse_vkey(vkey)
        return self._verifiers[vkey]


def file_name(vkey: str) -> str:
    """What a rotated key's file is called: by the key's own id."""
    return f"log-{vkey.split('+')[1]}.pem"
