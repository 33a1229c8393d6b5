"""Length-prefixed byte strings, as they lie in a segment row.

Leaves use the two-byte prefix of a C2SP entry bundle; outcomes and bodies, which may be
longer, use four bytes.
"""

from __future__ import annotations

from collections.abc import Iterable

from ledger.writer.errors import IntegrityFault


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
    position, end = 0, len(data)
    while position < end:
        start = position + width
        stop = start + int.from_bytes(data[position:start], "big")
        if stop > end or start > end:
            raise IntegrityFault("frame-truncated", offset=position)
        items.append(data[start:stop])
        position = stop
    return items
