"""A witness cosigns what extends its last head, and nothing that it could not have seen grow."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.checkpoint import Checkpoint, parse_checkpoint
from ledger.log.merkle import tree_root
from ledger.log.note import parse_vkey, split_note
from ledger.log.reader import consistency_proof
from ledger.log.witness import format_request
from ledger.log.witnessing import Seen, Verdict, consider
from tests.ledger.log.throwaway import KEY, ORIGIN, VKEY, Folder

STRANGER = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
LOGS = [parse_vkey(VKEY)]


@pytest.fixture
def log(tmp_path: Path) -> Folder:
    return Folder(tmp_path, (10, 256, 300))


def judged(request: bytes, seen: Seen | None = None) -> Verdict:
    return consider(request, LOGS, lambda origin: seen or Seen())[0]


def seen(log: Folder, size: int) -> Seen:
    return Seen(size, parse_checkpoint(split_note(log.notes[size])[0]).root)


def asked(log: Folder, old: int, size: int, proof: list[bytes] | None = None) -> bytes:
    whole = consistency_proof(log.memory, old, size) if proof is None else proof
    return format_request(old, whole, log.notes[size])


def test_the_first_head_of_a_log_needs_no_proof(log: Folder) -> None:
    verdict, text = consider(asked(log, 0, 10), LOGS, lambda origin: Seen())
    assert verdict.head is not None
    assert (verdict.head.origin, verdict.head.size) == (ORIGIN, 10)
    assert text == log.notes[10].split("\n\n")[0] + "\n"


def test_a_head_that_a_proof_leads_to_is_cosigned(log: Folder) -> None:
    assert judged(asked(log, 256, 300), seen(log, 256)).head is not None
    assert judged(asked(log, 300, 300), seen(log, 300)).head is not None


def test_another_old_size_is_told_the_one_that_is_known(log: Folder) -> None:
    refusal = judged(asked(log, 0, 300), seen(log, 256)).refusal
    assert refusal == (409, {"Content-Type": "text/x.tlog.size"}, b"256\n")
    assert judged(asked(log, 10, 256), seen(log, 300)).refusal[2] == b"300\n"


@pytest.mark.parametrize(
    "proof", [[], [bytes(32)], [bytes(32)] * 9], ids=["none", "one", "too many"]
)
def test_a_proof_that_does_not_lead_there_is_refused(log: Folder, proof: list[bytes]) -> None:
    assert judged(asked(log, 256, 300, proof), seen(log, 256)).refusal == (422, {}, b"")


def test_a_fork_signed_with_the_real_key_is_refused(log: Folder) -> None:
    fork = Checkpoint(ORIGIN, 300, tree_root([bytes(32)] * 300)).sign(KEY)
    same = format_request(300, [], fork)
    assert judged(same, seen(log, 300)).refusal == (422, {}, b"")
    larger = format_request(256, consistency_proof(log.memory, 256, 300), fork)
    assert judged(larger, seen(log, 256)).refusal == (422, {}, b"")


def test_an_unknown_log_and_an_unknown_key_are_told_apart(log: Folder) -> None:
    other = Checkpoint("other.example", 10, bytes(32)).sign(STRANGER)
    assert judged(format_request(0, [], other)).status == 404
    forged = Checkpoint(ORIGIN, 10, bytes(32)).sign(STRANGER)
    assert judged(format_request(0, [], forged)).status == 403


@pytest.mark.parametrize(
    "request_",
    [
        b"",
        b"\xff",
        b"old 0\n",
        b"old 00\n\nx",
        b"old -1\n\nx",
        b"new 0\n\nx",
        b"old 0\nAAAA\n\nx",
        b"old 0\n" + b"A" * 43 + b"B\n\nx",
        b"old 0\n\nnot a note",
        format_request(0, [bytes(32)] * 63, "x").replace(b"\n\nx", b"\n" + b"A" * 43 + b"=\n\nx"),
    ],
)
def test_what_is_not_a_request_is_malformed(request_: bytes) -> None:
    assert judged(request_).status == 400


def test_an_old_size_beyond_the_head_is_malformed(log: Folder) -> None:
    assert judged(format_request(11, [], log.notes[10])).status == 400
