"""Length-prefixed byte strings, as they lie in a segment row.

Leaves use the two-byte prefix of a C2SP entry bundle; outcomes and bodies, which may be
longer, use four bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct

from ledger.writer.errors import IntegrityFault

_LENGTHS = {2: Struct(">H"), 4: Struct(">I")}


def pack(items: Iterable[bytes], width: int) -> bytes:
    """Join items, each behind its big-endian length of ``width`` bytes."""
    pieces = []
    for item in items:
        pieces.append(len(item).to_bytes(width, "big"))
        pieces.append(item)
    return b"".join(pieces)


def unpack(data: bytes, width: int) -> list[bytes]:
    """Split what ``pack`` joined; raises IntegrityFault where lengths do not add up."""
    items = []
    length = _LENGTHS[width].unpack_from
    position, end = 0, len(data)
    while position < end:
        start = position + width
        if start > end or (stop := start + length(data, position)[0]) > end:
            raise IntegrityFault("frame-truncated", offset=position)
        items.append(data[start:stop])
        position = stop
    return items
