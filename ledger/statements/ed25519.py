"""Ed25519 under one strict rule, so that every verifier gives the same answer.

Public keys that are non-canonical, small-order or not of prime order are refused, and
signatures whose R is non-canonical or of small order too (LEDGER.md §0.3).  Checks use
libsodium through PyNaCl; keys are made, stored and loaded by ``cryptography``.
"""

from __future__ import annotations

import hashlib
import os
import stat
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl import bindings
from nacl.exceptions import BadSignatureError

from ledger.statements.errors import Malformed

PUBLIC_BYTES, SIGNATURE_BYTES = 32, 64
PEM_BYTES_MAX = 64_000


class UnsafeKey(Malformed, ValueError):
    """A public key outside the strict rule, or a private key file others can read."""


def key_id(public: bytes) -> str:
    """First 32 hex digits of the SHA-256 of the raw public key."""
    return hashlib.sha256(public).hexdigest()[:32]


def check_public_key(public: bytes) -> None:
    """Raise UnsafeKey unless the point is canonical and of prime order."""
    if not _safe(public):
        raise UnsafeKey("public-key-unsafe")


@lru_cache(maxsize=1 << 16)
def _safe(public: bytes) -> bool:
    return len(public) == PUBLIC_BYTES and bindings.crypto_core_ed25519_is_valid_point(public)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature holds under the strict rule; never for an unsafe key.

    libsodium refuses S beyond the group order and R of small order, and recomputes
    R = S·B - k·A.  With A of prime order that point is too, and its encoding is
    canonical, so comparing bytes refuses every R that the rule refuses.
    """
    if len(signature) != SIGNATURE_BYTES or not _safe(public):
        return False
    try:
        bindings.crypto_sign_open(signature + message, public)
    except BadSignatureError:
        return False
    return True


def sign(key: Ed25519PrivateKey, message: bytes) -> bytes:
    """The 64-byte signature of a message (RFC 8032 §5.1.6)."""
    return key.sign(message)


def new_key() -> Ed25519PrivateKey:
    """A fresh private key."""
    return Ed25519PrivateKey.generate()


def from_seed(seed: bytes) -> Ed25519PrivateKey:
    """The private key of a 32-byte seed; for deterministic demonstrations."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The raw public key."""
    return key.public_key().public_bytes_raw()


def save_private(key: Ed25519PrivateKey, path: Path) -> None:
    """Write PKCS#8 PEM with mode 0600; raises FileExistsError rather than overwrite."""
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(handle)


def load_private(path: Path) -> Ed25519PrivateKey:
    """Read an unencrypted PEM key; raises OSError, or UnsafeKey for a file others may read or
    that holds no such key.
    """
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise UnsafeKey("key-file-readable-by-others")
        pem = file.read(PEM_BYTES_MAX)
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnsafeKey("key-file-invalid") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UnsafeKey("key-not-ed25519")
    return key
