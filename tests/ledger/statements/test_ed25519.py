"""One strict rule for Ed25519, on which every verifier agrees."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl import bindings

from ledger.statements import ed25519
from tests.shared import SHARED, needs_shared

ORDER = 2**252 + 27742317777372353535851937790883648493
IDENTITY = (1).to_bytes(32, "little")
# Torsion points of the curve (RFC 8032 §5.1): order 2, 4 and 8, then non-canonical spellings.
SMALL = [
    IDENTITY,
    (2**255 - 20).to_bytes(32, "little"),
    bytes(32),
    bytes(31) + b"\x80",
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    (2**255 - 18).to_bytes(32, "little"),
    b"\xff" * 32,
]
EIGHTH = SMALL[4]
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")


def openssl_accepts(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def rule(public: bytes, signature: bytes) -> bool:
    """LEDGER.md §0.3 said with point checks alone."""
    good = bindings.crypto_core_ed25519_is_valid_point
    return len(signature) == 64 and len(public) == 32 and good(public) and good(signature[:32])


def test_the_first_example_of_rfc_8032() -> None:
    key = ed25519.from_seed(SEED)
    public = ed25519.public_bytes(key)
    assert public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    signature = ed25519.sign(key, b"")
    assert signature.hex().startswith("e5564300c360ac729086e2cc806e828a")
    assert ed25519.verify(public, b"", signature)
    assert ed25519.key_id(public) == hashlib.sha256(public).hexdigest()[:32]


@pytest.mark.parametrize("point", SMALL)
def test_small_and_non_canonical_keys_are_refused(point: bytes) -> None:
    with pytest.raises(ed25519.UnsafeKey, match="public-key-unsafe"):
        ed25519.check_public_key(point)
    assert not ed25519.verify(point, b"m", IDENTITY + bytes(32))


def test_a_key_with_a_small_part_is_refused() -> None:
    public = ed25519.public_bytes(ed25519.from_seed(SEED))
    mixed = bindings.crypto_core_ed25519_add(public, EIGHTH)
    with pytest.raises(ed25519.UnsafeKey):
        ed25519.check_public_key(mixed)


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(33), SEED + b"\x00"])
def test_a_key_of_another_length_is_refused(public: bytes) -> None:
    with pytest.raises(ed25519.UnsafeKey):
        ed25519.check_public_key(public)
    assert not ed25519.verify(public, b"", bytes(64))


def test_signatures_are_refused_for_every_bent_part() -> None:
    key = ed25519.from_seed(SEED)
    public, message = ed25519.public_bytes(key), b"words"
    good = ed25519.sign(key, message)
    s = int.from_bytes(good[32:], "little")
    bent = [
        good[:32] + (s + ORDER).to_bytes(32, "little"),  # S beyond the order
        bindings.crypto_core_ed25519_add(good[:32], EIGHTH) + good[32:],  # R with a small part
        good[:-1],
        good + b"\x00",
        b"",
        *(point + good[32:] for point in SMALL),
        bytes([good[0] ^ 1]) + good[1:],
    ]
    assert ed25519.verify(public, message, good)
    assert not any(ed25519.verify(public, message, signature) for signature in bent)
    assert not ed25519.verify(public, message + b"!", good)


def test_an_identity_r_made_by_the_key_holder_is_refused() -> None:
    """R = identity and S = k·a satisfies the equation; only the rule refuses it."""
    digest = bytearray(hashlib.sha512(SEED).digest()[:32])
    digest[0] &= 248
    digest[31] = (digest[31] & 127) | 64
    secret = int.from_bytes(digest, "little")
    public = ed25519.public_bytes(ed25519.from_seed(SEED))
    k = int.from_bytes(hashlib.sha512(IDENTITY + public + b"m").digest(), "little") % ORDER
    signature = IDENTITY + (k * secret % ORDER).to_bytes(32, "little")
    assert openssl_accepts(public, b"m", signature)
    assert not ed25519.verify(public, b"m", signature)


def differ(cases: list[tuple[bytes, bytes, bytes]]) -> list[int]:
    return [
        number
        for number, (public, message, signature) in enumerate(cases)
        if ed25519.verify(public, message, signature)
        != (rule(public, signature) and openssl_accepts(public, message, signature))
    ]


@needs_shared
def test_verifiers_agree_on_the_edge_cases_of_cctv() -> None:
    assert SHARED is not None
    data = json.loads((SHARED / "vectors/cctv-ed25519/ed25519vectors.json").read_bytes())
    cases = [(bytes.fromhex(c["key"]), c["msg"].encode(), bytes.fromhex(c["sig"])) for c in data]
    assert len(cases) == 914
    assert sum(openssl_accepts(*case) for case in cases) == 208  # LEDGER.md §0.3
    assert differ(cases) == []


@needs_shared
def test_verifiers_agree_with_wycheproof() -> None:
    assert SHARED is not None
    data = json.loads((SHARED / "vectors/wycheproof/ed25519_test.json").read_bytes())
    count = 0
    for group in data["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            accepted = ed25519.verify(public, message, signature)
            assert accepted == (case["result"] == "valid"), case["tcId"]
            count += 1
    assert count == 151


@needs_shared
def test_signatures_are_those_of_the_reference_file() -> None:
    assert SHARED is not None
    lines = (SHARED / "vectors/rfc8032-djb/sign.input.first64").read_text().splitlines()
    assert len(lines) == 64
    for line in lines:
        secret, public, message, signed = (bytes.fromhex(p) for p in line.split(":")[:4])
        key = ed25519.from_seed(secret[:32])
        assert ed25519.public_bytes(key) == public
        assert ed25519.sign(key, message) == signed[:64]
        assert ed25519.verify(public, message, signed[:64])


def test_a_key_file_is_private_and_is_never_overwritten(tmp_path: Path) -> None:
    key, path = ed25519.new_key(), tmp_path / "key.pem"
    ed25519.save_private(key, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert ed25519.public_bytes(ed25519.load_private(path)) == ed25519.public_bytes(key)
    with pytest.raises(FileExistsError):
        ed25519.save_private(key, path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_key_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key.pem"
    ed25519.save_private(ed25519.new_key(), path)
    path.chmod(mode)
    with pytest.raises(ed25519.UnsafeKey, match="key-file-readable-by-others"):
        ed25519.load_private(path)


def test_files_that_hold_no_such_key_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    locked = serialization.BestAvailableEncryption(b"secret")
    curve = ec.generate_private_key(ec.SECP256R1())
    contents = {
        "key-file-invalid": [
            b"",
            b"no key",
            ed25519.new_key().private_bytes(pem, pkcs8, locked),
        ],
        "key-not-ed25519": [curve.private_bytes(pem, pkcs8, serialization.NoEncryption())],
    }
    for code, files in contents.items():
        for content in files:
            path.write_bytes(content)
            os.chmod(path, 0o600)
            with pytest.raises(ed25519.UnsafeKey, match=code):
                ed25519.load_private(path)
