"""Making a holding certificate from the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, select

from ledger.accounts.commitments import certificate
from ledger.accounts.commitments.models import commitment_table
from ledger.accounts.commitments.rows import committed, path_of, root_of
from ledger.accounts.models import BALANCE, BUCKETS
from ledger.statements.canonical import parse
from ledger.writer.errors import IntegrityFault, Refusal
from ledger.writer.kinds import Key
from ledger.writer.store import plain, read_entries, read_entry

ANY_SIZE = 1 << 30


def prove_holding(
    connection: Connection,
    size: int,
    account: str,
    asset: str,
    receipt: Callable[[int], str | None],
    as_of: int | None = None,
) -> bytes:
    """The certificate of an account's balance by the newest commitment up to ``as_of``.

    ``size`` is that of the head in the caller's transaction, ``receipt`` gives an entry's
    receipt.  Raises Refusal ``commitment-missing``, or ``holding-unknown`` where the account
    held nothing of the asset then; IntegrityFault where balances do not lead to the root.
    """
    table = commitment_table
    query = select(table).where(table.c.index > 0).order_by(table.c.index.desc()).limit(1)
    if as_of is not None:
        query = query.where(table.c.index <= as_of)
    stated = connection.execute(query).mappings().first()
    entry = None if stated is None else read_entry(connection, stated["index"])
    if stated is None or entry is None:
        raise Refusal("commitment-missing", as_of=size if as_of is None else as_of)
    salt = parse(entry.body, max_bytes=ANY_SIZE)["body"]["salt"]
    rows = committed(balances_at(connection, entry.index, size), salt)
    if root_of(rows).hex() != stated["root"]:
        raise IntegrityFault("commitment-differs", index=entry.index)
    places = {(row["account"], row["asset"]): place for place, row in enumerate(rows)}
    place = places.get((account, asset))
    proof = receipt(entry.index)
    if place is None or proof is None:
        raise Refusal("holding-unknown", account=account, asset=asset, as_of=entry.index)
    path = path_of(rows, place)
    return certificate.make(rows[place], place, path, entry.outcome, entry.leaf, proof)


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
