"""A witness that shares no code with the project cosigns for its client, and refuses forks."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ledger.log.checkpoint import Checkpoint
from ledger.log.errors import WitnessError
from ledger.log.merkle import tree_root
from ledger.log.note import Verifier, open_note, parse_vkey
from ledger.log.reader import consistency_proof
from ledger.log.witness import cosign_with
from portal.witnesses.posting import Poster
from tests.judge.build import binary, needs_judge
from tests.ledger.log.throwaway import KEY, ORIGIN, VKEY, Folder

pytestmark = needs_judge

SIZES = (1, 2, 255, 256, 257, 300, 1000)
SEED = bytes([3]) * 32


@contextmanager
def running(vkey: str) -> Iterator[tuple[str, Verifier]]:
    """The witness in a process of its own: its address and key."""
    command = [str(binary("witness")), vkey, "witness.example/go", SEED.hex()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url, key = process.stdout.readline().split()
            yield url, parse_vkey(key)
        finally:
            process.kill()


@pytest.fixture
def log(tmp_path: Path) -> Folder:
    return Folder(tmp_path, SIZES)


@pytest.fixture
def post() -> Iterator[Poster]:
    made = Poster(30)
    yield made
    made.close()


def test_every_proof_is_believed_and_every_cosignature_holds(log: Folder, post: Poster) -> None:
    def prove(first: int, second: int) -> list[bytes]:
        return consistency_proof(log.memory, first, second)

    with running(VKEY) as (url, witness):
        for old, size in zip((0, *SIZES), SIZES, strict=False):
            for known in (old, 0):  # from where it stands; then again, told so by a 409
                lines = cosign_with(post, url, [witness], log.notes[size], prove, known)
                signed = open_note(log.notes[size] + "".join(lines), [witness])[1]
                assert signed == [witness]


def test_a_fork_signed_with_the_real_key_is_told_from_a_mishap(log: Folder, post: Poster) -> None:
    fork = Checkpoint(ORIGIN, 300, tree_root([bytes(32)] * 300)).sign(KEY)

    def prove(first: int, second: int) -> list[bytes]:
        return consistency_proof(log.memory, first, second)

    with running(VKEY) as (url, witness):
        cosign_with(post, url, [witness], log.notes[256], prove)
        with pytest.raises(WitnessError, match="witness-proof-refused") as refused:
            cosign_with(post, url, [witness], fork, prove, 256)
        assert refused.value.fork
        cosign_with(post, url, [witness], log.notes[300], prove, 256)
        with pytest.raises(WitnessError) as refused:
            cosign_with(post, url, [witness], fork, prove, 300)
        assert refused.value.fork
        with pytest.raises(WitnessError, match="witness-ahead") as ahead:
            cosign_with(post, url, [witness], log.notes[256], prove)
        assert (ahead.value.fork, ahead.value.known) == (False, 300)


def test_another_log_is_refused_without_alarm(log: Folder, post: Poster) -> None:
    other = Verifier("other.example", KEY.public_key().public_bytes_raw())
    with running(other.vkey) as (url, witness):
        with pytest.raises(WitnessError, match="witness-log-unknown") as refused:
            cosign_with(post, url, [witness], log.notes[1], lambda first, second: [])
        assert not refused.value.fork
