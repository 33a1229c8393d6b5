"""Signed notes: x/mod's own examples, the specification's, and what must be refused."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from ledger.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.log.errors import NoteError
from ledger.log.note import (
    MLDSA44,
    Verifier,
    cosign,
    format_skey,
    open_note,
    parse_skey,
    parse_vkey,
    sign,
    split_note,
)

# golang.org/x/mod/sumdb/note documents these.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngot"
    "pRZb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLo"
    "x33WWd1RvMc+QQ=\n"
)
HEAD = Checkpoint("log.example", 7, bytes(32))
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
LOG = Verifier("log.example", KEY.public_key().public_bytes_raw())


def test_the_notes_of_x_mod_open() -> None:
    peter, enoch = parse_vkey(PETER), parse_vkey(ENOCH)
    note = f"{TEXT}\n{PETER_LINE}{ENOCH_LINE}"
    assert open_note(note, [peter, enoch]) == (TEXT, [peter, enoch])
    assert open_note(note, [enoch]) == (TEXT, [enoch])
    assert (peter.vkey, enoch.vkey) == (PETER, ENOCH)


def test_the_private_key_of_x_mod_signs_the_same_line() -> None:
    name, key = parse_skey(PETER_SKEY)
    assert sign(TEXT, name, key) == PETER_LINE
    assert format_skey(name, key) == PETER_SKEY


def test_no_piece_or_mangling_of_a_key_text_is_read() -> None:
    for text, read in ((PETER, parse_vkey), (PETER_SKEY, parse_skey)):
        for i in range(len(text)):
            for j in range(i + 1, len(text) + 1):
                if (i, j) != (0, len(text)):
                    with pytest.raises(NoteError):
                        read(text[i:j])
            with pytest.raises(NoteError):
                read(text[:i] + chr(ord(text[i]) + 1) + text[i + 1 :])


@pytest.mark.parametrize(
    "vkey",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_keys_of_wrong_length_or_type_are_refused(vkey: str) -> None:
    with pytest.raises(NoteError):
        parse_vkey(vkey)


@pytest.mark.parametrize(
    ("note", "code"),
    [
        (TEXT + PETER_LINE, "note-malformed"),
        (f"{TEXT}\n{PETER_LINE}".rstrip("\n"), "note-malformed"),
        (f"{TEXT}\n", "signature-count"),
        (f"a\tb\n\n{PETER_LINE}", "note-control-character"),
        (f"\ud800\n\n{PETER_LINE}", "note-malformed"),
        (f"{TEXT}\n{PETER_LINE.replace('—', '-')}", "signature-line-malformed"),
        (f"{TEXT}\n{PETER_LINE.replace('Peter', 'Peter+')}", "name-malformed"),
        (f"{TEXT}\n— x AAAA\n", "signature-line-malformed"),
        (f"{TEXT}\n— x !!!!\n", "signature-line-malformed"),
        (f"{TEXT}\n{PETER_LINE}{PETER_LINE}", "signature-twice"),
        (f"{TEXT}x\n\n{PETER_LINE}", "signature-invalid"),
        (f"{TEXT}\n{ENOCH_LINE}", "not-signed-by-trusted-key"),
        (f"{TEXT}\n{ENOCH_LINE * 101}", "signature-count"),
        ("x" * 1_000_001, "note-too-large"),
    ],
)
def test_what_is_no_note_of_peters_is_refused(note: str, code: str) -> None:
    with pytest.raises(NoteError) as refused:
        open_note(note, [parse_vkey(PETER)])
    assert refused.value.code == code


def test_a_text_may_hold_blank_lines() -> None:
    assert split_note(f"a\n\nb\n\n{PETER_LINE}")[0] == "a\n\nb\n"


def test_cosignatures_bind_the_time() -> None:
    witness = Verifier("w.example", KEY.public_key().public_bytes_raw(), 0x04)
    line = cosign(HEAD.text, "w.example", KEY, 1_679_315_147)
    assert open_note(f"{HEAD.text}\n{line}", [witness])[1] == [witness]
    later = bytearray(base64.b64decode(line.split(" ")[2]))
    later[11] ^= 1
    forged = f"— w.example {base64.b64encode(later).decode()}\n"
    with pytest.raises(NoteError, match="signature-invalid"):
        open_note(f"{HEAD.text}\n{forged}", [witness])
    later[4] = 0x80
    forged = f"— w.example {base64.b64encode(later).decode()}\n"
    with pytest.raises(NoteError, match="signature-time"):
        open_note(f"{HEAD.text}\n{forged}", [witness])


def test_ml_dsa_cosignatures_bind_name_time_origin_size_and_root() -> None:
    key = MLDSA44PrivateKey.from_seed_bytes(bytes(32))
    public = key.public_key().public_bytes_raw()
    witness = Verifier("w.example", public, MLDSA44)
    assert parse_vkey(witness.vkey) == witness
    line = cosign(HEAD.text, "w.example", key, 5)
    assert open_note(f"{HEAD.text}\n{line}", [witness])[1] == [witness]
    # the structure of the specification, byte by byte
    message = b"subtree/v1\n\0" + b"\x09w.example" + b"\0\0\0\0\0\0\0\x05" + b"\x0blog.example"
    message += bytes(8) + b"\0\0\0\0\0\0\0\x07" + bytes(32)
    raw = base64.b64decode(line.split(" ")[2])
    key.public_key().verify(raw[12:], message)
    others = (
        Checkpoint("log.examplf", 7, bytes(32)),
        Checkpoint("log.example", 8, bytes(32)),
        Checkpoint("log.example", 7, bytes(31) + b"\1"),
    )
    for other in others:
        with pytest.raises(NoteError, match="signature-invalid"):
            open_note(f"{other.text}\n{line}", [witness])
    with pytest.raises(NoteError, match="signature-not-of-checkpoint"):
        open_note(f"{TEXT}\n{line}", [witness])


def test_both_keys_of_a_rotation_open_a_checkpoint() -> None:
    new_key = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
    new = Verifier("log.example", new_key.public_key().public_bytes_raw())
    note = HEAD.sign(KEY) + sign(HEAD.text, "log.example", new_key)
    assert open_checkpoint(note, [LOG]) == (HEAD, [LOG])
    assert open_checkpoint(note, [new]) == (HEAD, [new])
    assert open_checkpoint(note, [LOG, new]) == (HEAD, [LOG, new])


def test_somebody_elses_signature_makes_no_checkpoint() -> None:
    other = Verifier("other.example", KEY.public_key().public_bytes_raw())
    with pytest.raises(NoteError, match="origin-did-not-sign"):
        open_checkpoint(f"{HEAD.text}\n{sign(HEAD.text, 'other.example', KEY)}", [other, LOG])


ROOT = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"log.example\n7\n{ROOT}",
        f"log.example\n07\n{ROOT}\n",
        f"log.example\n-1\n{ROOT}\n",
        f"log.example\n٧\n{ROOT}\n",
        f"log.example\n7\n{ROOT}\nextension\n",
        f"log.example\n7\n{ROOT[:-4]}\n",
        f"log.example\n7\n{ROOT[:-2]}B=\n",
        f"log example\n7\n{ROOT}\n",
        f"log+example\n7\n{ROOT}\n",
        f"\n7\n{ROOT}\n",
    ],
)
def test_other_forms_of_a_checkpoint_are_refused(text: str) -> None:
    assert parse_checkpoint(HEAD.text) == HEAD
    with pytest.raises(NoteError):
        parse_checkpoint(text)
