"""A retirement certificate (注销证书): what was retired, for whom and why, checked offline.

It holds the outcome in which the retirement stands, the leaf that binds the outcome, and the
leaf's receipt.  Pure: nothing is asked of anybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.log.errors import ReceiptError
from ledger.log.receipt import Verified
from ledger.statements.canonical import encode, parse
from ledger.statements.errors import StatementError

FORMAT = "qingzhang.retirement/v1"
FIELDS = {"format", "retirement", "outcome", "leaf", "receipt"}
BYTES_MAX = 1 << 26
CheckReceipt = Callable[[bytes, str], Verified]


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
    value = _read(data)
    leaf_bytes = value["leaf"].encode()
    verified = check_receipt(leaf_bytes, value["receipt"])
    leaf = _parsed(leaf_bytes, "certificate-leaf")
    if hashlib.sha256(encode(value["outcome"])).hexdigest() != leaf.get("outcome_sha256"):
        raise ReceiptError("certificate-outcome-differs")
    row = _stated(value["outcome"], value["retirement"], verified.index)
    return Retired(row, str(leaf["at"]), verified.index, verified.size, verified.signers)


def _read(data: bytes) -> dict[str, Any]:
    value = _parsed(data, "certificate-malformed")
    if set(value) != FIELDS or value["format"] != FORMAT:
        raise ReceiptError("certificate-malformed")
    if not all(isinstance(value[name], str) for name in ("retirement", "leaf", "receipt")):
        raise ReceiptError("certificate-malformed")
    return value


def _parsed(data: bytes, code: str) -> dict[str, Any]:
    try:
        value = parse(data, max_bytes=BYTES_MAX)
    except StatementError as error:
        raise ReceiptError(code) from error
    if not isinstance(value, dict):
        raise ReceiptError(code)
    return value


def _stated(outcome: Any, name: str, index: int) -> dict[str, Any]:
    """The row that the entry itself made, not one that it passes on."""
    try:
        for kind, row in outcome["public"]["changes"]["rows"]:
            if kind == "retirement" and (row["retirement"], row["index"]) == (name, index):
                found: dict[str, Any] = row
                return found
    except (KeyError, TypeError, ValueError) as error:
        raise ReceiptError("certificate-outcome") from error
    raise ReceiptError("certificate-outcome")
