"""What certificates have in common: strict JSON of known members, an outcome bound by its leaf.

A receipt proves a leaf, the leaf binds an outcome by its digest, and a row of the outcome is what
the certificate says.  Pure: nothing is asked of anybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ledger.log.errors import ReceiptError
from ledger.log.receipt import Verified
from ledger.statements.canonical import encode, parse
from ledger.statements.errors import StatementError

BYTES_MAX = 1 << 26
CheckReceipt = Callable[[bytes, str], Verified]


def parsed(data: bytes, code: str = "certificate-malformed") -> dict[str, Any]:
    """An object of strict JSON; raises ReceiptError with ``code`` for anything else."""
    try:
        value = parse(data, max_bytes=BYTES_MAX)
    except StatementError as error:
        raise ReceiptError(code) from error
    if not isinstance(value, dict):
        raise ReceiptError(code)
    return value


def formed(data: bytes, form: str, texts: Iterable[str], objects: Iterable[str]) -> dict[str, Any]:
    """A certificate with its format, these texts and these objects, and nothing besides.

    Raises ReceiptError ``certificate-malformed``.
    """
    value, texts, objects = parsed(data), set(texts), set(objects)
    whole = set(value) == {"format", *texts, *objects} and value["format"] == form
    kinds = ((texts, str), (objects, dict))
    if not whole or not all(type(value[name]) is kind for names, kind in kinds for name in names):
        raise ReceiptError("certificate-malformed")
    return value


def bound(value: Mapping[str, Any], verified_leaf: bytes) -> dict[str, Any]:
    """The leaf of a certificate, which must bind its ``outcome``.

    Raises ReceiptError ``certificate-leaf`` or ``certificate-outcome-differs``.
    """
    leaf = parsed(verified_leaf, "certificate-leaf")
    if digest(value["outcome"]) != leaf.get("outcome_sha256"):
        raise ReceiptError("certificate-outcome-differs")
    return leaf


def made_row(
    holder: Mapping[str, Any], kind: str, key: str, name: str, index: int
) -> dict[str, Any]:
    """The row of a kind that the entry itself made under a name, not one that it passes on.

    ``holder`` has the changes of an outcome or a part.  Raises ReceiptError ``certificate-outcome``
    where it has no such row, or is of another shape.
    """
    try:
        for found, row in holder["changes"]["rows"]:
            if found == kind and (row[key], row["index"]) == (name, index):
                told: dict[str, Any] = row
                return told
    except (KeyError, TypeError, ValueError) as error:
        raise ReceiptError("certificate-outcome") from error
    raise ReceiptError("certificate-outcome")


def digest(value: Any) -> str:
    """SHA-256, in hex, of a value's canonical bytes."""
    return hashlib.sha256(encode(value)).hexdigest()
