"""Strict JSON in, canonical JSON out.

The domain is RFC 8785 restricted to ASCII keys, strings, booleans, null and integers of
at most 2^53-1, where a fast encoder with sorted keys gives the same bytes (DESIGN.md §3);
the package rfc8785 is the oracle in tests.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

from ledger.statements.errors import Malformed

BYTES_MAX = 1_000_000
DEPTH_MAX = 32
INTEGER_MAX = 2**53 - 1


def encode(value: Any) -> bytes:
    """Canonical bytes of a value; raises Malformed for what the domain leaves out."""
    check(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def parse(data: bytes, *, max_bytes: int = BYTES_MAX, max_depth: int = DEPTH_MAX) -> Any:
    """The value of strict JSON text.

    Refuses other encodings than UTF-8, a byte order mark, duplicate keys, floats, NaN,
    integers beyond 2^53-1, lone surrogates, non-ASCII keys, excess depth and size.
    """
    if len(data) > max_bytes:
        raise Malformed("too-large", bytes=len(data), limit=max_bytes)
    _depth(data, max_depth)
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Malformed("json-invalid", offset=error.pos) from error
    check(value)
    if orjson.dumps(value, option=orjson.OPT_SORT_KEYS) != data:
        # Not canonical: orjson keeps the last of duplicate keys silently, so look again.
        try:
            json.loads(data, object_pairs_hook=_pairs)
        except ValueError as error:
            raise Malformed("json-invalid") from error
    return value


def check(value: Any, path: str = "") -> None:
    """Raise Malformed where a value lies outside the canonical domain."""
    kind = type(value)
    if kind is str:
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise Malformed("lone-surrogate", path or None) from error
    elif kind is int:
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise Malformed("integer-too-large", path or None)
    elif kind is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                raise Malformed("key-not-ascii", path or None)
            check(item, f"{path}/{key}")
    elif kind is list or kind is tuple:
        for number, item in enumerate(value):
            check(item, f"{path}/{number}")
    elif value is not None and kind is not bool:
        if isinstance(value, str):
            check(str(value), path)
            return
        raise Malformed("number-not-integer" if kind is float else "type-unknown", path or None)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = set()
    for key, _ in pairs:
        if key in keys:
            raise Malformed("duplicate-key", f"/{key}")
        keys.add(key)
    return dict(pairs)


def _depth(data: bytes, limit: int) -> None:
    """Refuse nesting beyond ``limit`` before any parser recurses."""
    if data.count(b"[") + data.count(b"{") <= limit:
        return
    depth, inside, escaped = 0, False, False
    for byte in data:
        if inside:
            if escaped:
                escaped = False
            elif byte == _BACKSLASH:
                escaped = True
            elif byte == _QUOTE:
                inside = False
        elif byte == _QUOTE:
            inside = True
        elif byte in _OPEN:
            depth += 1
            if depth > limit:
                raise Malformed("too-deep", limit=limit)
        elif byte in _CLOSE:
            depth -= 1


_QUOTE, _BACKSLASH = 0x22, 0x5C
_OPEN, _CLOSE = b"[{", b"]}"
