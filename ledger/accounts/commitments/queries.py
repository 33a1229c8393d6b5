"""Making a holding certificate, or a confirmation of all holdings, from the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from ledger.accounts.commitments import certificate, confirmation
from ledger.accounts.commitments.models import commitment_table
from ledger.accounts.commitments.rows import committed, root_of, row_hash
from ledger.accounts.models import BALANCE, BUCKETS
from ledger.log.merkle import tree_path
from ledger.statements.canonical import parse
from ledger.writer.errors import IntegrityFault, Refusal
from ledger.writer.kinds import Key
from ledger.writer.store import StoredEntry, plain, read_entries, read_entry

ANY_SIZE = 1 << 30


Receipt = Callable[[int], str | None]


@dataclass(frozen=True)
class Committed:
    """A commitment's entry with its receipt, and the rows under its root."""

    entry: StoredEntry
    rows: list[dict[str, Any]]
    receipt: str

    @cached_property
    def _hashes(self) -> list[bytes]:
        return [row_hash(row) for row in self.rows]

    def path(self, place: int) -> list[bytes]:
        """The proof of the row at ``place``."""
        return tree_path(self._hashes, place)


def prove_holding(
    connection: Connection,
    size: int,
    account: str,
    asset: str,
    receipt: Receipt,
    as_of: int | None = None,
) -> bytes:
    """The certificate of an account's balance by the newest commitment up to ``as_of``.

    ``size`` is that of the head in the caller's transaction, ``receipt`` gives an entry's
    receipt.  Raises Refusal ``commitment-missing``, or ``holding-unknown`` where the account
    held nothing of the asset then; IntegrityFault where balances do not lead to the root.
    """
    found = committed_at(connection, size, receipt, as_of=as_of)
    entry, rows = found.entry, found.rows
    for place, row in enumerate(rows):
        if (row["account"], row["asset"]) == (account, asset):
            path = found.path(place)
            return certificate.make(row, place, path, entry.outcome, entry.leaf, found.receipt)
    raise Refusal("holding-unknown", account=account, asset=asset, as_of=entry.index)


def confirm(
    connection: Connection,
    size: int,
    party: str,
    receipt: Receipt,
    *,
    as_of: int | None = None,
    before: int | None = None,
) -> bytes:
    """The confirmation of all that a party held by the newest commitment asked for.

    It is the newest up to the log size ``as_of`` and before the instant ``before`` in UTC
    milliseconds, where they are given.  Raises Refusal ``commitment-missing``, or
    ``holdings-none`` where the party held nothing then; IntegrityFault where balances do not
    lead to the root.
    """
    found = committed_at(connection, size, receipt, as_of=as_of, before=before)
    entry = found.entry
    items = [
        (row, place, found.path(place))
        for place, row in enumerate(found.rows)
        if row["account"] in confirmation.accounts(party)
    ]
    if not items:
        raise Refusal("holdings-none", party=party, as_of=entry.index)
    return confirmation.make(party, items, entry.outcome, entry.leaf, found.receipt)


def committed_at(
    connection: Connection,
    size: int,
    receipt: Receipt,
    *,
    as_of: int | None = None,
    before: int | None = None,
) -> Committed:
    """The newest commitment up to a log size or before an instant, its rows made again.

    Raises Refusal ``commitment-missing``; IntegrityFault ``commitment-differs`` where the
    balances do not lead to the root.
    """
    table = commitment_table
    query = select(table).where(table.c.index > 0).order_by(table.c.index.desc()).limit(1)
    if as_of is not None:
        query = query.where(table.c.index <= as_of)
    if before is not None:
        query = query.where(table.c.at < before)
    stated = connection.execute(query).mappings().first()
    entry = None if stated is None else read_entry(connection, stated["index"])
    proof = None if entry is None else receipt(entry.index)
    if stated is None or entry is None or proof is None:
        raise Refusal("commitment-missing", as_of=size if as_of is None else as_of)
    salt = parse(entry.body, max_bytes=ANY_SIZE)["body"]["salt"]
    rows = committed(balances_at(connection, entry.index, size), salt)
    if root_of(rows).hex() != stated["root"]:
        raise IntegrityFault("commitment-differs", index=entry.index)
    return Committed(entry, rows, proof)


def balances_at(connection: Connection, index: int, size: int) -> list[dict[str, Any]]:
    """Every balance after the first ``index`` entries: today's, less what was posted since.

    Balances change by posted amounts alone, and outcomes keep those, so going back costs what
    has happened since and nothing needs to be stored for it.
    """
    rows: dict[Key, dict[str, Any]] = {}
    for stored in connection.execute(select(BALANCE.table)).mappings():
        row = plain(stored)
        rows[BALANCE.key_of(row)] = row
    for entry in read_entries(connection, index, size):
        parts = [parse(entry.outcome, max_bytes=ANY_SIZE)["public"]]
        parts += parse(entry.body, max_bytes=ANY_SIZE)["parts"]
        for part in parts:
            for place in ("changes", "followed"):
                for name, key, amounts in part.get(place, {}).get("add", ()):
                    if name == BALANCE.name:
                        row = rows[tuple(key)]
                        row.update({b: row[b] - amounts[b] for b in BUCKETS if b in amounts})
    return list(rows.values())
