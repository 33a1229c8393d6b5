"""Ed25519 under one strict rule, so that every verifier gives the same answer.

Public keys that are non-canonical, small-order or not of prime order are refused, and
signatures whose R is non-canonical or of small order too (LEDGER.md §0.3).  Checks use
libsodium through PyNaCl; keys are made, stored and loaded by ``cryptography``.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl import bindings
from nacl.exceptions import BadSignatureError

PUBLIC_BYTES, SIGNATURE_BYTES = 32, 64


class UnsafeKey(ValueError):
    """A public key outside the strict rule, or a private key file others can read."""


def key_id(public: bytes) -> str:
    """First 32 hex digits of the SHA-256 of the raw public key."""
    return hashlib.sha256(public).hexdigest()[:32]


def check_public_key(public: bytes) -> None:
    """Raise UnsafeKey unless the point is canonical and of prime order."""
    if len(public) != PUBLIC_BYTES or not bindings.crypto_core_ed25519_is_valid_point(public):
        raise UnsafeKey("public-key-unsafe")


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature holds under the strict rule; ``public`` passed check_public_key."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    if not bindings.crypto_core_ed25519_is_valid_point(signature[:32]):
        return False
    try:
        bindings.crypto_sign_open(signature + message, public)
    except BadSignatureError:
        return False
    return True


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
    """Read a PEM key; raises UnsafeKey where others may read the file or it is no Ed25519 key."""
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UnsafeKey("key-file-readable-by-others")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as error:
        raise UnsafeKey("key-file-invalid") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UnsafeKey("key-not-ed25519")
    return key
