"""Paths, bundles and the right edge, against the examples of the specification."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.errors import TileError
from ledger.log.merkle import Frontier, node_hash
from ledger.log.tiles import (
    Edge,
    decode_bundle,
    encode_bundle,
    entries_path,
    parse_tile_path,
    tile_path,
)
from tests.ledger.log.throwaway import Memory


def test_paths_of_the_specification() -> None:
    assert tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tile_path(3, 5, 17) == "tile/3/005.p/17"
    assert entries_path(0, 1) == "tile/entries/000.p/1"
    assert entries_path(1000) == "tile/entries/x001/000"


@given(st.none() | st.integers(0, 63), st.integers(0, 2**40), st.integers(1, 256))
def test_every_path_is_read_back(level: int | None, number: int, width: int) -> None:
    path = entries_path(number, width) if level is None else tile_path(level, number, width)
    assert parse_tile_path(path) == (level, number, width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/1234",
        "tile/0/x000/001",
        "tile/0/001/x002",
        "tile/0/001/002",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/05",
        "tile/0/000.p/",
        "tile/0/000/",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/data/000",
        "tile/0/../000",
    ],
)
def test_other_forms_of_a_path_are_refused(path: str) -> None:
    with pytest.raises(TileError, match="path-malformed"):
        parse_tile_path(path)


def test_a_bundle_is_lengths_and_entries() -> None:
    assert encode_bundle([b"", b"ab"]) == b"\x00\x00\x00\x02ab"
    assert decode_bundle(b"\x00\x00\x00\x02ab") == [b"", b"ab"]
    assert decode_bundle(encode_bundle([bytes(65_535)])) == [bytes(65_535)]
    with pytest.raises(TileError, match="entry-too-long"):
        encode_bundle([bytes(65_536)])


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x01", b"\x00\x01a\x00", b"\x00\x03ab"])
def test_a_bundle_that_does_not_add_up_is_refused(data: bytes) -> None:
    with pytest.raises(TileError, match="bundle-truncated"):
        decode_bundle(data)


@given(st.lists(st.integers(0, 700), max_size=5))
def test_the_edge_is_the_frontier_whatever_the_batches(batches: list[int]) -> None:
    memory, frontier = Memory(), Frontier()
    for count in batches:
        hashes = [bytes([memory.edge.size + i & 0xFF]) * 32 for i in range(count)]
        before, root = memory.edge.copy(), memory.edge.root()
        memory.extend(hashes)
        frontier.extend(hashes)
        assert before.root() == root
    assert memory.edge.root() == frontier.root()
    assert memory.edge.size == frontier.size
    assert sorted(memory.full) == [(0, n) for n in range(frontier.size // 256)]


def test_the_edge_across_two_levels_and_back_from_its_tiles() -> None:
    memory, frontier = Memory(), Frontier()
    hashes = [i.to_bytes(32, "big") for i in range(131_073)]
    done = 0
    for size in (1, 255, 256, 257, 65_535, 65_536, 65_537, 131_071, 131_072, 131_073):
        memory.extend(hashes[done:size])
        frontier.extend(hashes[done:size])
        done = size
        again = Edge.restore(memory, size)
        assert memory.edge.root() == frontier.root() == again.root()
        assert again.extend(hashes[:300]) == memory.edge.copy().extend(hashes[:300])
    assert memory.full[0, 0] == b"".join(hashes[:256])
    assert [n for level, n in memory.full if level == 1] == [0, 1]
    assert len([n for level, n in memory.full if level == 0]) == 512
    left = Frontier()
    left.extend(hashes[:128])
    right = Frontier()
    right.extend(hashes[128:256])
    assert memory.full[1, 0][:32] == node_hash(left.root(), right.root())


def test_a_tile_of_the_wrong_width_does_not_restore() -> None:
    class Short:
        def tile(self, level: int, index: int, width: int) -> bytes:
            return bytes(32 * (width - 1))

    with pytest.raises(TileError, match="tile-width"):
        Edge.restore(Short(), 5)
