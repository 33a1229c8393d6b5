"""Bytes in JSON: standard base64 with padding, one text for one value (RFC 4648 §3.5, §4)."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from ledger.statements.errors import Malformed


def to_text(data: bytes) -> str:
    """Base64 of bytes."""
    return base64.b64encode(data).decode("ascii")


def from_text(value: Any, field: str) -> bytes:
    """Bytes of a base64 text; raises Malformed for any text that ``to_text`` does not give."""
    if not isinstance(value, str):
        raise Malformed("not-base64", field)
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("not-base64", field) from error
    if to_text(data) != value:  # non-zero trailing bits
        raise Malformed("not-base64", field)
    return data
