"""A confirmation of balances (询证函回函): all that a party held as of a commitment, offline.

An auditor or a bank asks what somebody held on a day; the answer lists each account and asset
with its units available, frozen, bought, in transfer and pledged apart, every row with its path
to one committed root.  Rows lie sorted under the root, so that a party's stand side by side and
none can be left out between two that are shown.  Before them stands a row that counts them, so
that none can be left out at the ends; without it, as in what older ledgers committed to, that is
the register's word, and ``complete`` says so.
Pure: nothing is asked of anybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.accounts.commitments.certificate import (
    CheckReceipt,
    check_form,
    check_path,
    commitment_of,
    leaf_of,
)
from ledger.accounts.commitments.rows import COUNTED, counting
from ledger.accounts.models import BUCKETS, owner
from ledger.accounts.verbs import registry, trading
from ledger.log.errors import ReceiptError
from ledger.statements.binary import to_text
from ledger.statements.canonical import encode, parse
from ledger.statements.errors import StatementError

FORMAT = "qingzhang.confirmation/v1"
FIELDS = {"format", "party", "items", "outcome", "leaf", "receipt"}
ITEM_FIELDS = {"row", "position", "path"}
BYTES_MAX = 1 << 26
Item = tuple[Mapping[str, Any], int, Sequence[bytes]]
"""A row, its position among all, and its path."""


@dataclass(frozen=True)
class Held:
    """One proved row: what an account held of an asset, by bucket."""

    account: str
    asset: str
    units: Mapping[str, int]

    @property
    def total(self) -> int:
        """Units in all buckets."""
        return sum(self.units.values())


@dataclass(frozen=True)
class Confirmation:
    """What a good confirmation proves: the party's balances after the first ``size`` entries.

    ``complete`` says whether it proves that there are no others.
    """

    party: str
    holdings: tuple[Held, ...]
    complete: bool
    size: int
    at: str
    root: str
    signers: tuple[str, ...]


def accounts(party: str) -> tuple[str, str]:
    """The accounts of units that a party has."""
    return registry(party), trading(party)


def make(party: str, items: Iterable[Item], outcome: bytes, leaf: bytes, receipt: str) -> bytes:
    """The confirmation's JSON."""
    return encode(
        {
            "format": FORMAT,
            "party": party,
            "items": [
                {
                    "row": dict(row),
                    "position": position,
                    "path": [to_text(step) for step in path],
                }
                for row, position, path in items
            ],
            "outcome": parse(outcome),
            "leaf": leaf.decode(),
            "receipt": receipt,
        }
    )


def check(data: bytes, check_receipt: CheckReceipt) -> Confirmation:
    """Read and prove a confirmation; ``check_receipt`` proves a leaf by its receipt.

    Raises ReceiptError ``certificate-…`` for what is no confirmation, ``confirmation-party`` for
    a row of somebody else, ``confirmation-gap`` where rows are out of order or one between them
    is missing, ``confirmation-short`` where there are not as many as are counted; ProofError for a
    row that is not under the root; and what ``check_receipt`` raises.
    """
    value = _read(data)
    leaf_bytes = value["leaf"].encode()
    verified = check_receipt(leaf_bytes, value["receipt"])
    leaf = leaf_of(leaf_bytes)
    if hashlib.sha256(encode(value["outcome"])).hexdigest() != leaf.get("outcome_sha256"):
        raise ReceiptError("certificate-outcome-differs")
    stated = commitment_of(value["outcome"], verified.index)
    party, items = value["party"], value["items"]
    first = items[0]["row"]
    complete = (first["account"], first["asset"]) == (counting(party), COUNTED)
    for place, item in enumerate(items):
        if owner(item["row"]["account"]) != party:
            raise ReceiptError("confirmation-party")
        if item["position"] != items[0]["position"] + place:
            raise ReceiptError("confirmation-gap")
        check_path(item, stated)
    holdings = tuple(_held(item["row"]) for item in items[complete:])
    if complete and len(holdings) != first["available"]:
        raise ReceiptError("confirmation-short")
    return Confirmation(
        party,
        holdings,
        complete,
        verified.index,
        leaf["at"],
        stated["root"],
        verified.signers,
    )


def _held(row: Mapping[str, Any]) -> Held:
    return Held(row["account"], row["asset"], {bucket: row[bucket] for bucket in BUCKETS})


def _read(data: bytes) -> dict[str, Any]:
    try:
        value = parse(data, max_bytes=BYTES_MAX)
    except StatementError as error:
        raise ReceiptError("certificate-malformed") from error
    if not isinstance(value, dict) or set(value) != FIELDS or value["format"] != FORMAT:
        raise ReceiptError("certificate-malformed")
    if not all(isinstance(value[name], str) for name in ("party", "leaf", "receipt")):
        raise ReceiptError("certificate-malformed")
    items = value["items"]
    if not isinstance(items, list) or not items:
        raise ReceiptError("certificate-malformed")
    for item in items:
        if not isinstance(item, dict) or set(item) != ITEM_FIELDS:
            raise ReceiptError("certificate-malformed")
        check_form(item)
    return value
