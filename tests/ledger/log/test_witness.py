"""The witness client against a witness in memory that keeps the protocol, and against bad ones."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.errors import NoteError, ProofError, WitnessError
from ledger.log.merkle import EMPTY_ROOT, verify_consistency
from ledger.log.note import Verifier, cosign, open_note, parse_vkey
from ledger.log.reader import consistency_proof
from ledger.log.witness import Response, cosign_with, format_request
from tests.ledger.log.throwaway import KEY, ORIGIN, VKEY, Folder

WITNESS_KEY = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
WITNESS = Verifier("witness.example/w", WITNESS_KEY.public_key().public_bytes_raw(), 0x04)
PREFIX = "https://witness.example/add/"
SIZE = {"Content-Type": "text/x.tlog.size"}


class InMemory:
    """A witness of one log, as https://c2sp.org/tlog-witness says."""

    def __init__(self, origin: str = ORIGIN, same_size: int = 409) -> None:
        self.origin = origin
        self.size, self.root = 0, EMPTY_ROOT
        self.same_size = same_size
        self.asked: list[int] = []

    def post(self, url: str, body: bytes) -> Response:
        assert url == "https://witness.example/add/add-checkpoint"
        head, _, note = body.decode("utf-8").partition("\n\n")
        word, *hashes = head.split("\n")
        old = int(word.removeprefix("old "))
        self.asked.append(old)
        if note.split("\n")[0] != self.origin:
            return 404, {}, b""
        try:
            checkpoint, _ = open_checkpoint(note, [parse_vkey(VKEY)])
        except NoteError:
            return 403, {}, b""
        if old > checkpoint.size:
            return 400, {}, b""
        if old != self.size:
            return 409, SIZE, b"%d\n" % self.size
        if old == checkpoint.size and checkpoint.root != self.root:
            return self.same_size, {}, b""
        proof = [base64.b64decode(line) for line in hashes]
        try:
            verify_consistency(old, checkpoint.size, proof, self.root, checkpoint.root)
        except ProofError:
            return 422, {}, b""
        self.size, self.root = checkpoint.size, checkpoint.root
        text = note.split("\n\n")[0] + "\n"
        return 200, {}, cosign(text, WITNESS.name, WITNESS_KEY, 1_700_000_000).encode()


@pytest.fixture
def log(tmp_path: Path) -> Folder:
    return Folder(tmp_path, (10, 256, 300))


def ask(
    log: Folder, post: Callable[[str, bytes], Response], size: int, old: int = 0, note: str = ""
) -> list[str]:
    def prove(first: int, second: int) -> list[bytes]:
        return consistency_proof(log.memory, first, second)

    return cosign_with(post, PREFIX, [WITNESS], note or log.notes[size], prove, old)


def test_a_first_checkpoint_and_its_successor_are_cosigned(log: Folder) -> None:
    witness = InMemory()
    for old, size in ((0, 256), (256, 300), (300, 300)):
        lines = ask(log, witness.post, size, old)
        assert open_note(log.notes[size] + "".join(lines), [WITNESS])[1] == [WITNESS]
    assert witness.asked == [0, 256, 300]


def test_a_conflict_says_from_which_size_to_prove(log: Folder) -> None:
    witness = InMemory()
    ask(log, witness.post, 256)
    assert len(ask(log, witness.post, 300)) == 1
    assert witness.asked == [0, 0, 256]


@pytest.mark.parametrize("status", [409, 422])
def test_another_root_at_the_same_size_is_a_fork_and_stops(log: Folder, status: int) -> None:
    witness = InMemory(same_size=status)
    ask(log, witness.post, 300)
    fork = Checkpoint(ORIGIN, 300, bytes(32)).sign(KEY)
    with pytest.raises(WitnessError) as refused:
        ask(log, witness.post, 300, 300, fork)
    assert refused.value.fork
    assert witness.asked == [0, 300]
    assert witness.root == log.memory.edge.root()


def test_a_conflict_that_names_our_own_size_is_a_fork_too(log: Folder) -> None:
    with pytest.raises(WitnessError, match="witness-root-differs") as refused:
        ask(log, lambda url, body: (409, SIZE, b"300\n"), 300, 300)
    assert refused.value.fork


def test_a_larger_fork_signed_with_the_real_key_is_a_fork_and_stops(log: Folder) -> None:
    witness = InMemory()
    ask(log, witness.post, 256)
    fork = Checkpoint(ORIGIN, 300, bytes(32)).sign(KEY)
    with pytest.raises(WitnessError, match="witness-proof-refused") as refused:
        ask(log, witness.post, 300, 0, fork)
    assert refused.value.fork
    assert witness.size == 256


def test_an_older_checkpoint_is_not_sent_again(log: Folder) -> None:
    witness = InMemory()
    ask(log, witness.post, 300)
    with pytest.raises(WitnessError, match="witness-ahead") as refused:
        ask(log, witness.post, 256)
    assert not refused.value.fork
    with pytest.raises(WitnessError, match="witness-ahead"):
        ask(log, witness.post, 256, old=300)


def test_an_unknown_log_and_an_unknown_key_have_their_codes(log: Folder) -> None:
    with pytest.raises(WitnessError, match="witness-log-unknown"):
        ask(log, InMemory("other.example").post, 300)
    stranger = Checkpoint(ORIGIN, 300, log.memory.edge.root()).sign(WITNESS_KEY)
    with pytest.raises(WitnessError, match="witness-key-unknown"):
        ask(log, InMemory().post, 300, 0, stranger)


GOOD = cosign("x\n", WITNESS.name, WITNESS_KEY, 1).encode()


@pytest.mark.parametrize(
    ("response", "code"),
    [
        ((400, {}, b""), "witness-bad-request"),
        ((500, {}, b""), "witness-unavailable"),
        ((302, {}, b""), "witness-unavailable"),
        ((200, {}, b""), "witness-answer-malformed"),
        ((200, {}, b"\xff\n"), "witness-answer-malformed"),
        ((200, {}, b"hello\n"), "witness-answer-malformed"),
        ((200, {}, b"x" * 65_537), "witness-answer-malformed"),
        ((200, {}, GOOD), "witness-cosignature-invalid"),
        ((200, {}, GOOD.replace(b"example/w", b"example/v")), "witness-cosignature-missing"),
        ((409, {}, b"5\n"), "witness-answer-malformed"),
        ((409, SIZE, b"05\n"), "witness-answer-malformed"),
        ((409, SIZE, b"5"), "witness-answer-malformed"),
        ((409, SIZE, b"301\n"), "witness-ahead"),
        ((409, SIZE, b"0\n"), "witness-answer-malformed"),
    ],
)
def test_every_bad_answer_has_its_code(log: Folder, response: Response, code: str) -> None:
    with pytest.raises(WitnessError) as refused:
        ask(log, lambda url, body: response, 300)
    assert refused.value.code == code


def test_lines_of_other_keys_are_left_out(log: Folder) -> None:
    witness = InMemory()

    def post(url: str, body: bytes) -> Response:
        status, headers, lines = witness.post(url, body)
        return status, headers, GOOD.replace(b"example/w", b"example/v") + lines

    lines = ask(log, post, 300)
    assert [line.split(" ")[1] for line in lines] == [WITNESS.name]


def test_a_witness_that_never_agrees_with_itself_is_given_up(log: Folder) -> None:
    sizes = iter((1, 2, 3, 4, 5))
    with pytest.raises(WitnessError, match="witness-busy"):
        ask(log, lambda url, body: (409, SIZE, b"%d\n" % next(sizes)), 300)


def test_silence_is_an_error_of_its_own(log: Folder) -> None:
    def silent(url: str, body: bytes) -> Response:
        raise TimeoutError

    with pytest.raises(WitnessError, match="witness-unreachable"):
        ask(log, silent, 300)


def test_the_request_is_the_specifications() -> None:
    body = format_request(3, [bytes(32)], "log\n4\nx\n\n— log y\n")
    assert body == f"old 3\n{'A' * 43}=\n\nlog\n4\nx\n\n— log y\n".encode()
    with pytest.raises(WitnessError, match="witness-proof-too-long"):
        format_request(3, [bytes(32)] * 64, "")
