"""Statement ids: UUID version 7 (RFC 9562 §5.7) in canonical lower-case text."""

from __future__ import annotations

import hashlib
import re

from ledger.statements.canonical import encode
from ledger.statements.errors import Malformed

_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)
RANDOM_BYTES = 10


def make_uuid7(milliseconds: int, random: bytes) -> str:
    """A UUIDv7 from a time and at least ten random bytes; raises Malformed ``uuid7-input``."""
    if not 0 <= milliseconds < 2**48 or len(random) < RANDOM_BYTES:
        raise Malformed("uuid7-input", milliseconds=milliseconds, random_bytes=len(random))
    value = milliseconds << 80 | int.from_bytes(random[:RANDOM_BYTES], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def derived_uuid7(milliseconds: int, source: str, row_key: str, occurrence: int) -> str:
    """The id of an imported row: the same row always gives the same id.

    The random bits are the SHA-256 of ``[source, row_key, occurrence]`` in canonical JSON.
    """
    seed = encode([source, row_key, occurrence])
    return make_uuid7(milliseconds, hashlib.sha256(seed).digest())


def check_uuid7(text: object, field: str | None = None) -> str:
    """The text itself if it is a canonical UUIDv7; raises Malformed otherwise."""
    if not isinstance(text, str) or not _FORM.fullmatch(text):
        raise Malformed("not-a-uuid7", field)
    return text
