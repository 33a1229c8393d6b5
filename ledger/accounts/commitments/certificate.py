"""A holding certificate (持仓证明): what an account held as of a size, checked offline.

It holds the row, its path to the committed root, the public outcome in which that root stands,
the leaf that binds the outcome, and the leaf's receipt.  Pure: nothing is asked of anybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.accounts.commitments.rows import row_hash
from ledger.accounts.models import BUCKETS
from ledger.log.errors import ReceiptError
from ledger.log.merkle import verify_inclusion
from ledger.log.receipt import Verified
from ledger.statements.binary import from_text, to_text
from ledger.statements.canonical import encode, parse
from ledger.statements.errors import StatementError

FORMAT = "qingzhang.holding/v1"
PATH_MAX = 63
FIELDS = {"format", "row", "position", "path", "outcome", "leaf", "receipt"}
ROW_FIELDS = {"account", "asset", *BUCKETS, "salt"}
CheckReceipt = Callable[[bytes, str], Verified]


@dataclass(frozen=True)
class Holding:
    """What a good certificate proves: the balance after the first ``size`` entries."""

    account: str
    asset: str
    units: Mapping[str, int]
    size: int
    at: str
    signers: tuple[str, ...]


def make(
    row: Mapping[str, Any],
    position: int,
    path: Sequence[bytes],
    outcome: bytes,
    leaf: bytes,
    receipt: str,
) -> bytes:
    """The certificate's JSON."""
    return encode(
        {
            "format": FORMAT,
            "row": dict(row),
            "position": position,
            "path": [to_text(step) for step in path],
            "outcome": parse(outcome),
            "leaf": leaf.decode(),
            "receipt": receipt,
        }
    )


def check(data: bytes, check_receipt: CheckReceipt) -> Holding:
    """Read and prove a certificate; ``check_receipt`` proves a leaf by its receipt.

    Raises ReceiptError ``certificate-…`` for what is no certificate, or whose outcome is not
    the one that the leaf binds; ProofError for a row that is not under the root; and what
    ``check_receipt`` raises.
    """
    value = _read(data)
    row, leaf_bytes = value["row"], value["leaf"].encode()
    verified = check_receipt(leaf_bytes, value["receipt"])
    leaf = leaf_of(leaf_bytes)
    if hashlib.sha256(encode(value["outcome"])).hexdigest() != leaf.get("outcome_sha256"):
        raise ReceiptError("certificate-outcome-differs")
    stated = commitment_of(value["outcome"], verified.index)
    check_path(value, stated)
    units = {bucket: row[bucket] for bucket in BUCKETS}
    return Holding(
        row["account"], row["asset"], units, verified.index, leaf["at"], verified.signers
    )


def _read(data: bytes) -> dict[str, Any]:
    try:
        value = parse(data)
    except StatementError as error:
        raise ReceiptError("certificate-malformed") from error
    if not isinstance(value, dict) or set(value) != FIELDS or value["format"] != FORMAT:
        raise ReceiptError("certificate-malformed")
    if not all(isinstance(value[name], str) for name in ("leaf", "receipt")):
        raise ReceiptError("certificate-malformed")
    check_form(value)
    return value


def check_form(item: Mapping[str, Any]) -> None:
    """Hold ``row``, ``position`` and ``path`` to their form; raises ReceiptError."""
    row, path = item["row"], item["path"]
    if type(item["position"]) is not int:
        raise ReceiptError("certificate-malformed")
    if not isinstance(path, list) or len(path) > PATH_MAX:
        raise ReceiptError("certificate-malformed")
    if not isinstance(row, dict) or set(row) != ROW_FIELDS:
        raise ReceiptError("certificate-row")
    if any(type(row[bucket]) is not int for bucket in BUCKETS):
        raise ReceiptError("certificate-row")
    if any(not isinstance(row[name], str) for name in ("account", "asset", "salt")):
        raise ReceiptError("certificate-row")


def check_path(item: Mapping[str, Any], stated: Mapping[str, Any]) -> None:
    """Prove a row under the root of a commitment.

    Raises ReceiptError for a path that cannot be read, ProofError for one that leads elsewhere.
    """
    try:
        root = bytes.fromhex(stated["root"])
        path = [from_text(step, "path") for step in item["path"]]
    except (ValueError, TypeError, StatementError) as error:
        raise ReceiptError("certificate-malformed") from error
    verify_inclusion(item["position"], stated["rows"], row_hash(item["row"]), path, root)


def leaf_of(data: bytes) -> dict[str, Any]:
    """The leaf as JSON; raises ReceiptError ``certificate-leaf``."""
    try:
        leaf = parse(data)
    except StatementError as error:
        raise ReceiptError("certificate-leaf") from error
    if not isinstance(leaf, dict) or not isinstance(leaf.get("at"), str):
        raise ReceiptError("certificate-leaf")
    return leaf


def commitment_of(outcome: Any, index: int) -> dict[str, Any]:
    """The commitment that the entry itself made, not one that it passes on."""
    try:
        for kind, row in outcome["public"]["changes"]["rows"]:
            if kind == "commitment" and row["index"] == index and type(row["rows"]) is int:
                found: dict[str, Any] = row
                return found
    except (KeyError, TypeError, ValueError) as error:
        raise ReceiptError("certificate-outcome") from error
    raise ReceiptError("certificate-outcome")
