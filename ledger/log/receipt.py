"""Receipts: exactly https://c2sp.org/tlog-proof, checked offline."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledger.log.checkpoint import open_checkpoint
from ledger.log.errors import PolicyError, ReceiptError
from ledger.log.merkle import leaf_hash, verify_inclusion
from ledger.log.note import Verifier
from ledger.log.policy import Policy

HEADER = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})", re.ASCII)
PROOF_MAX = 63
HASH_BYTES = 32


@dataclass(frozen=True)
class Verified:
    """What a good receipt proves."""

    index: int
    size: int
    root: bytes
    signers: tuple[str, ...]


def format_receipt(index: int, proof: Sequence[bytes], checkpoint: str) -> str:
    """The text of a receipt."""
    hashes = "".join(f"{base64.b64encode(step).decode()}\n" for step in proof)
    return f"{HEADER}\nindex {index}\n{hashes}\n{checkpoint}"


def parse_receipt(text: str) -> tuple[int, list[bytes], str]:
    """Index, proof and checkpoint note; raises ReceiptError."""
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines[0] != HEADER:
        raise ReceiptError("receipt-header")
    lines = lines[1:]
    if lines and lines[0].startswith("extra "):
        _decode(lines[0].removeprefix("extra "), None)
        lines = lines[1:]
    match = _INDEX.fullmatch(lines[0]) if lines else None
    if match is None:
        raise ReceiptError("receipt-index")
    if len(lines) - 1 > PROOF_MAX:
        raise ReceiptError("receipt-too-long")
    return int(match[1]), [_decode(line, HASH_BYTES) for line in lines[1:]], note


def verify_receipt(
    entry: bytes, text: str, verifiers: Iterable[Verifier], policy: Policy | None = None
) -> Verified:
    """Check offline that the log's key committed to ``entry``, and a policy's witnesses to both.

    ``verifiers`` are the log's keys; the logs that a policy lists take their place.
    Raises ReceiptError, NoteError, ProofError or PolicyError, each for its own way of being
    wrong.
    """
    index, proof, note = parse_receipt(text)
    pinned = tuple(verifiers)
    trusted = dict.fromkeys([*pinned, *(policy.verifiers if policy else ())])
    head, signed = open_checkpoint(note, trusted)
    if policy is not None:
        logs = policy.logs or pinned
        if not any(v in logs and v.name == head.origin for v in signed):
            raise PolicyError("policy-log-unknown")
        if not policy.reached(signed):
            raise PolicyError("policy-quorum-missed")
    verify_inclusion(index, head.size, leaf_hash(entry), proof, head.root)
    return Verified(index, head.size, head.root, tuple(v.name for v in signed))


def _decode(text: str, size: int | None) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise ReceiptError("receipt-base64") from error
    if size is not None and (len(data) != size or base64.b64encode(data).decode() != text):
        raise ReceiptError("receipt-base64")
    return data
