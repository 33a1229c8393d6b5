"""A log in a folder, written with the project's tiles, and readers of such a folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import leaf_hash
from ledger.log.note import Verifier
from ledger.log.reader import inclusion_proof
from ledger.log.receipt import format_receipt
from ledger.log.tiles import HASH_BYTES, WIDTH, Edge, encode_bundle, entries_path, tile_path

ORIGIN = "log.example/throwaway"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VKEY = Verifier(ORIGIN, KEY.public_key().public_bytes_raw()).vkey


def entry(index: int) -> bytes:
    """The entry at ``index`` of every log here."""
    return f"entry {index}".encode()


class Memory:
    """The full tiles of a tree beside its edge."""

    def __init__(self) -> None:
        self.edge = Edge()
        self.full: dict[tuple[int, int], bytes] = {}

    def extend(self, hashes: list[bytes]) -> None:
        """Append leaf hashes through the edge."""
        for level, number, data in self.edge.extend(hashes):
            assert (level, number) not in self.full
            self.full[level, number] = data

    def tile(self, level: int, index: int, width: int) -> bytes:
        """A tile, full or partial, as a TileReader gives it."""
        whole = self.full.get((level, index))
        if whole is not None:
            return whole[: width * HASH_BYTES]
        held = self.edge.partial(level)
        assert self.edge.size >> (8 * level) >> 8 == index
        return held[: width * HASH_BYTES]


class Folder:
    """A log laid out as https://c2sp.org/tlog-tiles serves it."""

    def __init__(self, place: Path, sizes: Iterable[int]) -> None:
        self.place = place
        self.memory = Memory()
        self.notes: dict[int, str] = {}
        self.entries: list[bytes] = []
        for size in sizes:
            self.grow(size)

    def grow(self, size: int) -> None:
        """Append up to ``size`` and publish: full tiles, partial ones, bundles, checkpoint."""
        old = len(self.entries)
        self.entries.extend(entry(index) for index in range(old, size))
        before = set(self.memory.full)
        self.memory.extend([leaf_hash(data) for data in self.entries[old:]])
        for level, number in set(self.memory.full) - before:
            self.write(tile_path(level, number), self.memory.full[level, number])
        level = 0
        while count := size >> (8 * level):
            number, width = divmod(count, WIDTH)
            if width:
                self.write(tile_path(level, number, width), self.memory.tile(level, number, width))
            level += 1
        for number in range(old // WIDTH, -(-size // WIDTH)):
            run = self.entries[number * WIDTH : (number + 1) * WIDTH]
            self.write(entries_path(number, len(run)), encode_bundle(run))
        self.notes[size] = Checkpoint(ORIGIN, size, self.memory.edge.root()).sign(KEY)
        self.write("checkpoint", self.notes[size].encode())

    def write(self, path: str, data: bytes) -> None:
        """Write one file of the log."""
        target = self.place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    def receipt(self, index: int) -> str:
        """A receipt against the newest checkpoint."""
        size = len(self.entries)
        return format_receipt(index, inclusion_proof(self.memory, index, size), self.notes[size])
