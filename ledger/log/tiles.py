"""C2SP tlog-tiles: paths, entry bundles, and the right edge of a growing tree.

A full tile holds 256 hashes (8,192 bytes) of its level; level L's hashes are the roots of
level L-1's full tiles.  See https://c2sp.org/tlog-tiles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from ledger.log.errors import TileError
from ledger.log.merkle import EMPTY_ROOT, node_hash

if TYPE_CHECKING:
    from ledger.log.reader import TileReader

WIDTH = 256
HASH_BYTES = 32
ENTRY_BYTES_MAX = 65_535
LEVEL_MAX = 63
_PATH = re.compile(
    r"(?:tile/)?(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?",
    re.ASCII,
)


def index_path(number: int) -> str:
    """``x001/x234/067`` for tile 1,234,067."""
    text = f"{number % 1000:03d}"
    number //= 1000
    while number:
        text = f"x{number % 1000:03d}/{text}"
        number //= 1000
    return text


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """The path of a hash tile."""
    return f"tile/{level}/{index_path(number)}{_part(width)}"


def entries_path(number: int, width: int = WIDTH) -> str:
    """The path of an entry bundle."""
    return f"tile/entries/{index_path(number)}{_part(width)}"


def _part(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"


def parse_tile_path(path: str) -> tuple[int | None, int, int]:
    """Level (None for entries), number and width of a path; raises TileError otherwise."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise TileError("path-malformed")
    level = None if match[1] == "entries" else int(match[1])
    number = int(match[2].replace("x", "").replace("/", ""))
    width = int(match[3]) if match[3] else WIDTH
    bad_level = level is not None and level > LEVEL_MAX
    if index_path(number) != match[2] or bad_level or not (match[3] is None or width < WIDTH):
        raise TileError("path-malformed")
    return level, number, width


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Entries, each behind its uint16 length."""
    pieces = []
    for entry in entries:
        if len(entry) > ENTRY_BYTES_MAX:
            raise TileError("entry-too-long")
        pieces.append(len(entry).to_bytes(2, "big") + entry)
    return b"".join(pieces)


def decode_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle; raises TileError where lengths do not add up."""
    entries = []
    position = 0
    while position < len(data):
        start = position + 2
        stop = start + int.from_bytes(data[position:start], "big")
        if stop > len(data):
            raise TileError("bundle-truncated")
        entries.append(data[start:stop])
        position = stop
    return entries


def subtree_root(hashes: bytes) -> bytes:
    """The root over a run of concatenated hashes, in the shape of RFC 6962."""
    level = [hashes[i : i + HASH_BYTES] for i in range(0, len(hashes), HASH_BYTES)]
    return join(level)


def perfect_root(data: bytes) -> bytes:
    """The root over 2^k concatenated hashes."""
    pair = 2 * HASH_BYTES
    while len(data) > HASH_BYTES:
        starts = range(0, len(data), pair)
        data = b"".join([sha256(b"\x01" + data[i : i + pair]).digest() for i in starts])
    return data


def join(level: list[bytes]) -> bytes:
    """The root over hashes: pairs from the left, an odd last one rises alone."""
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        pairs = len(level) // 2
        above = [sha256(b"\x01" + level[2 * i] + level[2 * i + 1]).digest() for i in range(pairs)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


class Edge:
    """The partial tile of every level: all that a writer needs to go on appending.

    Beside them stand the roots of the perfect subtrees that the tree consists of, the largest
    first, so that a root costs as many hashes as the tree is high, and not the partial tiles.
    """

    __slots__ = ("_levels", "_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._levels: list[list[bytes]] = [[]]
        self._peaks: list[bytes] = []

    def extend(self, hashes: Sequence[bytes]) -> list[tuple[int, int, bytes]]:
        """Add leaf hashes; returns the newly full tiles as (level, number, 8,192 bytes)."""
        full: list[tuple[int, int, bytes]] = []
        self._raise_peaks(hashes)
        position = 0
        while position < len(hashes):
            held = self._levels[0]
            step = hashes[position : position + WIDTH - len(held)]
            held.extend(step)
            position += len(step)
            self.size += len(step)
            if len(held) == WIDTH:
                self._close(0, full)
        return full

    def _raise_peaks(self, hashes: Sequence[bytes]) -> None:
        """Add leaves by the largest aligned runs, each joined at once."""
        size, position = self.size, 0
        while position < len(hashes):
            run = 1 << ((len(hashes) - position).bit_length() - 1)
            if size:
                run = min(run, size & -size)
            peak, height = join(list(hashes[position : position + run])), run
            while size & height:
                peak = node_hash(self._peaks.pop(), peak)
                height <<= 1
            self._peaks.append(peak)
            size, position = size + run, position + run

    def _close(self, level: int, full: list[tuple[int, int, bytes]]) -> None:
        """Hand out a tile that is full and raise its root to the level above."""
        data = b"".join(self._levels[level])
        full.append((level, (self.size >> (8 * (level + 1))) - 1, data))
        self._levels[level] = []
        if level + 1 == len(self._levels):
            self._levels.append([])
        above = self._levels[level + 1]
        above.append(perfect_root(data))
        if len(above) == WIDTH:
            self._close(level + 1, full)

    def partial(self, level: int) -> bytes:
        """The hashes of the partial tile at ``level``, concatenated; empty where there is none."""
        return b"".join(self._levels[level]) if level < len(self._levels) else b""

    def root(self) -> bytes:
        """The root of the tree."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def copy(self) -> Edge:
        """An independent copy."""
        other = Edge()
        other.size = self.size
        other._levels = [list(level) for level in self._levels]
        other._peaks = list(self._peaks)
        return other

    @classmethod
    def restore(cls, reader: TileReader, size: int) -> Edge:
        """The edge of a stored tree of ``size`` leaves."""
        edge = cls()
        edge.size = size
        edge._levels = [[]]
        level, count = 0, size
        while count:
            width = count % WIDTH
            data = reader.tile(level, count // WIDTH, width) if width else b""
            if len(data) != width * HASH_BYTES:
                raise TileError("tile-width")
            held = [data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)]
            if level == len(edge._levels):
                edge._levels.append([])
            edge._levels[level] = held
            level, count = level + 1, count // WIDTH
        edge._peaks = [peak for held in reversed(edge._levels) for peak in _peaks(held)]
        return edge


def _peaks(hashes: list[bytes]) -> list[bytes]:
    """The roots of the perfect subtrees of a run, largest first."""
    peaks = []
    start, left = 0, len(hashes)
    while left:
        size = 1 << (left.bit_length() - 1)
        peaks.append(join(hashes[start : start + size]))
        start, left = start + size, left - size
    return peaks
