"""Strict JSON in, canonical JSON out.

The domain is RFC 8785 restricted to ASCII keys, strings, booleans, null and integers of
at most 2^53-1, where a fast encoder with sorted keys gives the same bytes (DESIGN.md §3);
the package rfc8785 is the oracle in tests.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from ledger.statements.errors import Malformed

BYTES_MAX = 1_000_000
DEPTH_MAX = 32
INTEGER_MAX = 2**53 - 1


def encode(value: Any) -> bytes:
    """Canonical bytes of a value; raises Malformed for what the domain leaves out."""
    return _written(value, DEPTH_MAX)


def dumps(value: Any) -> bytes:
    """Canonical bytes of a value that ``parse`` gave or ``encode`` took, not checked again."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def parse(data: bytes, *, max_bytes: int = BYTES_MAX, max_depth: int = DEPTH_MAX) -> Any:
    """The value of strict JSON text.

    Refuses other encodings than UTF-8, a byte order mark, duplicate keys, floats, NaN,
    integers beyond 2^53-1, lone surrogates, non-ASCII keys, excess depth and size: Malformed.
    """
    if len(data) > max_bytes:
        raise Malformed("too-large", bytes=len(data), limit=max_bytes)
    try:
        value = orjson.loads(data)  # bounds its own recursion
    except orjson.JSONDecodeError as error:
        if _deeper(data, max_depth):
            raise Malformed("too-deep", limit=max_depth) from error
        raise Malformed("json-invalid", offset=error.pos) from error
    if _written(value, max_depth) != data:
        # Not canonical: orjson keeps the last of duplicate keys silently, so look again.
        # What it dropped has not been checked for depth.
        try:
            json.loads(data, object_pairs_hook=_pairs)
        except RecursionError as error:
            raise Malformed("too-deep", limit=max_depth) from error
        except ValueError as error:
            raise Malformed("json-invalid") from error
    return value


def _written(value: Any, depth: int) -> bytes:
    """Canonical bytes of a value; raises Malformed, naming the place, for what is none."""
    if _shaped(value, depth) and (data := _dumped(value)) is not None:
        return data
    _locate(value, "", depth, depth)
    raise Malformed("type-unknown")


def _deeper(data: bytes, limit: int) -> bool:
    """Whether text that could not be read opens more brackets within each other than ``limit``."""
    depth = 0
    for token in _TOKENS.finditer(data):
        if token[0] in (b"[", b"{"):
            depth += 1
            if depth > limit:
                return True
        elif token[0] in (b"]", b"}"):
            depth -= 1
    return False


def _sound(value: Any, depth: int) -> bool:
    return _shaped(value, depth) and _dumped(value) is not None


def _shaped(value: Any, depth: int) -> bool:
    """Whether there is nothing in a value but texts, integers, booleans, nulls, lists and objects,
    and no deeper; of most of it that is seen without a step of Python."""
    kind = type(value)
    if kind is dict:
        items = value.values()
    elif kind is list or kind is tuple:
        items = value
    else:
        return kind in _SCALARS or isinstance(value, str)
    if depth <= 0:
        return False
    if not _SCALARS.issuperset(map(type, items)):
        for item in items:
            if type(item) not in _SCALARS and not _shaped(item, depth - 1):
                return False
    return True


def _dumped(value: Any) -> bytes | None:
    """Canonical bytes of a value of the right shape, or None where the encoder finds on its way
    half a surrogate pair, an integer beyond 2^53-1 or a key that is no text, and where one of
    the keys is not ASCII."""
    try:
        data = orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)
    except orjson.JSONEncodeError:
        return None
    return data if data.isascii() or _keyed(value) else None


def _keyed(value: Any) -> bool:
    """Whether all keys in a value of the right shape are ASCII."""
    if type(value) is dict:
        return "".join(value).isascii() and all(map(_keyed, value.values()))
    return type(value) not in (list, tuple) or all(map(_keyed, value))


def _locate(value: Any, path: str, depth: int, limit: int) -> None:
    """Say where and why a value has no canonical bytes."""
    place = path or None
    if isinstance(value, str):
        if _dumped(value) is None:
            raise Malformed("lone-surrogate", place)
    elif isinstance(value, dict | list | tuple):
        if not depth:
            raise Malformed("too-deep", place, limit=limit)
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in pairs:
            if isinstance(value, dict) and not (type(key) is str and key.isascii()):
                raise Malformed("key-not-ascii", place)
            if not _sound(item, depth - 1):
                _locate(item, f"{path}/{pointer(str(key))}", depth - 1, limit)
        if type(value) not in {dict, list, tuple}:
            raise Malformed("type-unknown", place)
    elif type(value) is int:
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise Malformed("integer-too-large", place)
    elif value is not None and type(value) is not bool:
        raise Malformed("number-not-integer" if type(value) is float else "type-unknown", place)


def pointer(key: str) -> str:
    """One step of a JSON pointer (RFC 6901), cut where a hostile key is long."""
    return key[:_STEP_MAX].replace("~", "~0").replace("/", "~1")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Malformed("duplicate-key", f"/{pointer(key)}")
        found[key] = value
    return found


_SCALARS = frozenset({str, int, bool, type(None)})
_STEP_MAX = 80
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
