"""A certificate of a recorded answer (预审结果证明): what the register said, checked offline.

It holds the answer itself, the part of the outcome in which its row stands, the outcome with the
digests of its parts, the leaf that binds the outcome, and the leaf's receipt.  It is of one party:
the part is that of whom the answer is about, and nobody else's.  Pure: nothing is asked of anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from incentives.onrecord.leaves import answer_digest
from ledger.log.errors import ReceiptError
from ledger.statements.canonical import encode, parse
from ledger.statements.certified import BYTES_MAX, CheckReceipt, bound, digest, formed, made_row

FORMAT = "qingzhang.answer/v1"
TEXTS = ("answer", "leaf", "receipt")
OBJECTS = ("told", "part", "outcome")


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
    value = formed(data, FORMAT, TEXTS, OBJECTS)
    leaf_bytes = value["leaf"].encode()
    verified = check_receipt(leaf_bytes, value["receipt"])
    leaf = bound(value, leaf_bytes)
    if digest(value["part"]) not in value["outcome"].get("parts", ()):
        raise ReceiptError("certificate-part-differs")
    row = made_row(value["part"], "recorded_answer", "answer", value["answer"], verified.index)
    if answer_digest(value["told"]) != row.get("answer_sha256"):
        raise ReceiptError("certificate-answer-differs")
    place = (verified.index, verified.size, verified.signers)
    return Recorded(row, value["told"], str(leaf["at"]), *place)
