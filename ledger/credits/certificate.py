"""A retirement certificate (注销证书): what was retired, for whom and why, checked offline.

It holds the outcome in which the retirement stands, the leaf that binds the outcome, and the
leaf's receipt.  Pure: nothing is asked of anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.log.errors import ReceiptError
from ledger.statements.canonical import encode, parse
from ledger.statements.certified import BYTES_MAX, CheckReceipt, bound, formed, made_row

FORMAT = "qingzhang.retirement/v1"
TEXTS, OBJECTS = ("retirement", "leaf", "receipt"), ("outcome",)


@dataclass(frozen=True)
class Retired:
    """What a good certificate proves: the retirement's row, its time, its place in the log."""

    row: Mapping[str, Any]
    at: str
    index: int
    size: int
    signers: tuple[str, ...]


def make(retirement: str, outcome: bytes, leaf: bytes, receipt: str) -> bytes:
    """The certificate's JSON."""
    value = {
        "format": FORMAT,
        "retirement": retirement,
        "outcome": parse(outcome, max_bytes=BYTES_MAX),
        "leaf": leaf.decode(),
        "receipt": receipt,
    }
    return encode(value)


def check(data: bytes, check_receipt: CheckReceipt) -> Retired:
    """Read and prove a certificate; ``check_receipt`` proves a leaf by its receipt.

    Raises ReceiptError ``certificate-…`` for what is no certificate, or whose outcome is not
    the one that the leaf binds; and what ``check_receipt`` raises.
    """
    value = formed(data, FORMAT, TEXTS, OBJECTS)
    leaf_bytes = value["leaf"].encode()
    verified = check_receipt(leaf_bytes, value["receipt"])
    leaf = bound(value, leaf_bytes)
    public = value["outcome"].get("public")
    if not isinstance(public, dict):
        raise ReceiptError("certificate-outcome")
    row = made_row(public, "retirement", "retirement", value["retirement"], verified.index)
    return Retired(row, str(leaf["at"]), verified.index, verified.size, verified.signers)
