"""A log that Tessera wrote: every checkpoint, tile and bundle of sizes 0 to 15."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.merkle import leaf_hash, tree_root, verify_consistency, verify_inclusion
from ledger.log.note import parse_vkey
from ledger.log.reader import consistency_proof, inclusion_proof, root_at
from ledger.log.tiles import HASH_BYTES, decode_bundle, entries_path, tile_path
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
VKEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


def place() -> Path:
    assert SHARED is not None
    return SHARED / "vectors/tessera-testdata/testdata/log"


class Files:
    def tile(self, level: int, index: int, width: int) -> bytes:
        return (place() / tile_path(level, index, width)).read_bytes()


def head(size: int) -> Checkpoint:
    note = (place() / f"checkpoint.{size}").read_text("utf-8")
    return open_checkpoint(note, [parse_vkey(VKEY)])[0]


@pytest.mark.parametrize("size", range(16))
def test_each_size_is_what_its_checkpoint_signs(size: int) -> None:
    checkpoint = head(size)
    assert checkpoint.size == size
    assert root_at(Files(), size) == checkpoint.root
    if size:
        entries = decode_bundle((place() / entries_path(0, size)).read_bytes())
        hashes = [leaf_hash(data) for data in entries]
        assert tree_root(hashes) == checkpoint.root
        assert b"".join(hashes) == Files().tile(0, 0, size)
        assert len(hashes) * HASH_BYTES == len(Files().tile(0, 0, size))
        for index, leaf in enumerate(hashes):
            proof = inclusion_proof(Files(), index, size)
            verify_inclusion(index, size, leaf, proof, checkpoint.root)
    for older in range(size + 1):
        proof = consistency_proof(Files(), older, size)
        verify_consistency(older, size, proof, head(older).root, checkpoint.root)
