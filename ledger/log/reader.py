"""Roots and proofs computed from tiles alone."""

from __future__ import annotations

from typing import Protocol

from ledger.log.errors import ProofError
from ledger.log.merkle import EMPTY_ROOT, node_hash
from ledger.log.tiles import HASH_BYTES, WIDTH, join

TILE_HEIGHT = 8


class TileReader(Protocol):
    """What gives the hashes of a tile."""

    def tile(self, level: int, index: int, width: int) -> bytes:
        """``width`` hashes of tile ``index`` at ``level``, concatenated."""


class Tree:
    """The tree of one size over a TileReader, reading each tile once."""

    def __init__(self, reader: TileReader, size: int) -> None:
        self.size = size
        self._reader = reader
        self._tiles: dict[tuple[int, int], bytes] = {}

    def node(self, height: int, number: int) -> bytes:
        """The root of the perfect subtree of 2^height leaves, ``number``-th of its kind."""
        level, rest = divmod(height, TILE_HEIGHT)
        first = number << rest
        count = 1 << rest
        tile, offset = divmod(first, WIDTH)
        held = self._tile(level, tile)
        data = held[offset * HASH_BYTES : (offset + count) * HASH_BYTES]
        if len(data) != count * HASH_BYTES:
            raise ProofError("tile-too-short")
        return join([data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)])

    def range_root(self, start: int, stop: int) -> bytes:
        """The root over leaves ``start`` to ``stop``, aligned as RFC 6962 aligns them."""
        size = stop - start
        if size & (size - 1) == 0 and start % size == 0:
            height = size.bit_length() - 1
            return self.node(height, start >> height)
        split = _split(size)
        left = self.range_root(start, start + split)
        return node_hash(left, self.range_root(start + split, stop))

    def _tile(self, level: int, number: int) -> bytes:
        held = self._tiles.get((level, number))
        if held is None:
            hashes = self.size >> (TILE_HEIGHT * level)
            width = min(WIDTH, hashes - number * WIDTH)
            if width <= 0:
                raise ProofError("tile-outside-tree")
            held = self._tiles[level, number] = self._reader.tile(level, number, width)
        return held


def root_at(reader: TileReader, size: int) -> bytes:
    """The root of the first ``size`` leaves."""
    return Tree(reader, size).range_root(0, size) if size else EMPTY_ROOT


def inclusion_proof(reader: TileReader, index: int, size: int) -> list[bytes]:
    """The audit path of a leaf (RFC 6962 §2.1.1)."""
    if not 0 <= index < size:
        raise ProofError("index-outside-tree")
    tree = Tree(reader, size)
    start, stop = 0, size
    path = []
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(tree.range_root(middle, stop))
            stop = middle
        else:
            path.append(tree.range_root(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(reader: TileReader, first: int, second: int) -> list[bytes]:
    """The proof that ``second`` leaves extend ``first`` (RFC 6962 §2.1.2)."""
    if not 0 <= first <= second:
        raise ProofError("sizes-reversed")
    if first in (0, second):
        return []
    tree = Tree(reader, second)
    start, stop, whole = 0, second, True
    path = []
    while first != stop:
        middle = start + _split(stop - start)
        if first <= middle:
            path.append(tree.range_root(middle, stop))
            stop = middle
        else:
            path.append(tree.range_root(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(tree.range_root(start, stop))
    return path[::-1]


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)
