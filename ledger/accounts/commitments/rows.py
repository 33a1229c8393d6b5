"""The committed rows: their exact bytes, salts and tree.

A leaf is the canonical JSON of an account's balance of one asset with a salt of its own; the
leaves are sorted by account and asset, and the root is that of RFC 6962 over them.  Before a
party's rows stands one that counts them: its account is the party with a slash, its asset empty,
and the count is what is ``available``.

The salt of a row is HMAC-SHA256 under the commit's own salt, which only the ledger and its
supervisors hold: whoever is shown a row learns the salt of no other, and nobody can find a row
by trying balances against the hashes that stand in a proof.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ledger.accounts.models import BUCKETS, owner
from ledger.log.merkle import leaf_hash, tree_root
from ledger.statements.canonical import encode

SALT_CHARACTERS = 32
COUNTED = ""
"""The asset of a row that counts the others of its party."""


def committed(
    balances: Iterable[Mapping[str, Any]], salt: str, *, counted: bool
) -> list[dict[str, Any]]:
    """The rows to commit to, sorted; an account that holds nothing of an asset has none.

    ``counted`` says whether the rows of each party are counted, which older ledgers do not.
    """
    held = [row for row in balances if any(row[bucket] for bucket in BUCKETS)]
    if counted:
        held += _counts(held)
    held.sort(key=lambda row: (row["account"], row["asset"]))
    return [
        {
            "account": row["account"],
            "asset": row["asset"],
            **{bucket: row[bucket] for bucket in BUCKETS},
            "salt": row_salt(salt, row["account"], row["asset"]),
        }
        for row in held
    ]


def counting(party: str) -> str:
    """The account under which a party's rows are counted."""
    return f"{party}/"


def _counts(held: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    counts = Counter(filter(None, (owner(row["account"]) for row in held)))
    none = dict.fromkeys(BUCKETS, 0)
    return [
        {"account": counting(party), "asset": COUNTED, **none, "available": count}
        for party, count in counts.items()
    ]


def row_salt(salt: str, account: str, asset: str) -> str:
    """The salt of one row, 128 bits in hex."""
    message = f"qingzhang/balance/v1\n{account}\n{asset}".encode()
    return hmac.new(salt.encode(), message, hashlib.sha256).hexdigest()[:SALT_CHARACTERS]


def row_hash(row: Mapping[str, Any]) -> bytes:
    """The leaf hash of a row; raises Malformed for what is not canonical JSON."""
    return leaf_hash(encode(dict(row)))


def root_of(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The root over the rows."""
    return tree_root([row_hash(row) for row in rows])
