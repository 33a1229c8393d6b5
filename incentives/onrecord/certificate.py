"""A certificate of a recorded answer (预审结果证明): what the register said, checked offline.

It holds the answer itself, the part of the outcome in which its row stands, the outcome with the
digests of its parts, the leaf that binds the outcome, and the leaf's receipt.  It is of one party:
the part is that of whom the answer is about, and nobody else's.  Pure: nothing is asked of anybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from incentives.onrecord.leaves import answer_digest
from ledger.log.errors import ReceiptError
from ledger.log.receipt import Verified
from ledger.statements.canonical import encode, parse
from ledger.statements.errors import StatementError

FORMAT = "qingzhang.answer/v1"
TEXTS = {"answer", "leaf", "receipt"}
OBJECTS = {"told", "part", "outcome"}
FIELDS = {"format", *TEXTS, *OBJECTS}
BYTES_MAX = 1 << 26
CheckReceipt = Callable[[bytes, str], Verified]


@dataclass(frozen=True)
class Recorded:
    """What a good certificate proves: the answer's row, the answer, its place in the log."""

    row: Mapping[str, Any]
    told: Mapping[str, Any]
    at: str
    index: int
    size: int
    signers: tuple[str, ...]


def make(
    answer: str,
    told: Mapping[str, Any],
    part: Mapping[str, Any],
    outcome: bytes,
    leaf: bytes,
    receipt: str,
) -> bytes:
    """The certificate's JSON."""
    value = {
        "format": FORMAT,
        "answer": answer,
        "told": dict(told),
        "part": dict(part),
        "outcome": parse(outcome, max_bytes=BYTES_MAX),
        "leaf": leaf.decode(),
        "receipt": receipt,
    }
    return encode(value)


def check(data: bytes, check_receipt: CheckReceipt) -> Recorded:
    """Read and prove a certificate; ``check_receipt`` proves a leaf by its receipt.

    Raises ReceiptError ``certificate-…`` for what is no certificate, whose outcome is not the one
    that the leaf binds, whose part is none of that outcome, or whose answer is not the one whose
    digest the register kept; and what ``check_receipt`` raises.
    """
    value = _read(data)
    leaf_bytes = value["leaf"].encode()
    verified = check_receipt(leaf_bytes, value["receipt"])
    leaf = _parsed(leaf_bytes, "certificate-leaf")
    if _digest(value["outcome"]) != leaf.get("outcome_sha256"):
        raise ReceiptError("certificate-outcome-differs")
    if _digest(value["part"]) not in value["outcome"].get("parts", ()):
        raise ReceiptError("certificate-part-differs")
    row = _stated(value["part"], value["answer"], verified.index)
    if answer_digest(value["told"]) != row.get("answer_sha256"):
        raise ReceiptError("certificate-answer-differs")
    place = (verified.index, verified.size, verified.signers)
    return Recorded(row, value["told"], str(leaf["at"]), *place)


def _digest(value: Any) -> str:
    return hashlib.sha256(encode(value)).hexdigest()


def _read(data: bytes) -> dict[str, Any]:
    value = _parsed(data, "certificate-malformed")
    if set(value) != FIELDS or value["format"] != FORMAT:
        raise ReceiptError("certificate-malformed")
    texts = all(isinstance(value[name], str) for name in TEXTS)
    if not texts or not all(isinstance(value[name], dict) for name in OBJECTS):
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


def _stated(part: Mapping[str, Any], name: str, index: int) -> dict[str, Any]:
    """The row that the entry itself made, not one that it passes on."""
    try:
        for kind, row in part["changes"]["rows"]:
            if kind == "recorded_answer" and (row["answer"], row["index"]) == (name, index):
                found: dict[str, Any] = row
                return found
    except (KeyError, TypeError, ValueError) as error:
        raise ReceiptError("certificate-outcome") from error
    raise ReceiptError("certificate-outcome")
