"""Making a holding certificate, or a confirmation of all holdings, from the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from ledger.accounts.commitments import certificate, confirmation
from ledger.accounts.commitments.models import commitment_table
from ledger.accounts.commitments.rows import committed, root_of, row_hash
from ledger.accounts.models import BALANCE, BUCKETS, owner
from ledger.log.merkle import tree_path
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date, midnight
from ledger.statements.canonical import parse
from ledger.statements.instants import format_instant
from ledger.writer.errors import IntegrityFault, Refusal
from ledger.writer.kinds import Key
from ledger.writer.store import Head, Rows, StoredEntry, plain, read_entries, read_entry

ANY_SIZE = 1 << 30


Receipt = Callable[[int], str | None]


@dataclass(frozen=True)
class AsOf:
    """Which commitment is meant: the newest up to a log size, or of a day in Shanghai, or of all.

    The commitment of a day is the last at or before its end.
    """

    size: int | None = None
    day: str | None = None


NEWEST = AsOf()


class Proved(NamedTuple):
    """A packet that proves balances, and whose commitment it rests on: log size and UTC ms."""

    content: bytes
    size: int
    at: int


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

    def proved(self, content: bytes) -> Proved:
        """A packet with what it rests on."""
        return Proved(content, self.entry.index, self.entry.at)


def prove_holding(
    connection: Connection,
    head: Head,
    account: str,
    asset: str,
    receipt: Receipt,
    asked: AsOf = NEWEST,
) -> Proved:
    """The certificate of an account's balance by the commitment that is asked for.

    ``head`` is that of the caller's transaction, ``receipt`` gives an entry's receipt.  Raises
    Refusal as `committed_at`, ``account-unknown``, or ``holding-unknown`` where the account held
    nothing of the asset then; IntegrityFault where balances do not lead to the root.
    """
    found = committed_at(connection, head, receipt, asked)
    entry = found.entry
    for place, row in enumerate(found.rows):
        if (row["account"], row["asset"]) == (account, asset):
            path = found.path(place)
            made = certificate.make(row, place, path, entry.outcome, entry.leaf, found.receipt)
            return found.proved(made)
    if not _is_account(connection, account):
        raise Refusal("account-unknown", key=account)
    raise Refusal("holding-unknown", account=account, asset=asset, **_told(entry.index, entry.at))


def confirm(
    connection: Connection,
    head: Head,
    party: str,
    receipt: Receipt,
    asked: AsOf = NEWEST,
) -> Proved:
    """The confirmation of all that a party held by the commitment that is asked for.

    Raises Refusal as `committed_at`, ``party-unknown``, or ``holdings-none`` where the party held
    nothing then; IntegrityFault where balances do not lead to the root.
    """
    found = committed_at(connection, head, receipt, asked)
    entry = found.entry
    items = [
        (row, place, found.path(place))
        for place, row in enumerate(found.rows)
        if owner(row["account"]) == party
    ]
    if items:
        made = confirmation.make(party, items, entry.outcome, entry.leaf, found.receipt)
        return found.proved(made)
    if Rows(connection).row(PARTY, (party,)) is None:
        raise Refusal("party-unknown", key=party)
    raise Refusal("holdings-none", party=party, **_told(entry.index, entry.at))


def committed_at(
    connection: Connection, head: Head, receipt: Receipt, asked: AsOf = NEWEST
) -> Committed:
    """The commitment that is asked for, its rows made again.

    Raises Refusal ``size-beyond-head``, ``day-not-reached`` for a day after that of the head, and
    ``commitment-missing``, which names the nearest one, or when the first falls due;
    IntegrityFault ``commitment-differs`` where the balances do not lead to the root.
    """
    _reached(head, asked)
    table = commitment_table
    query = select(table).where(table.c.index > 0).order_by(table.c.index.desc()).limit(1)
    if asked.size is not None:
        query = query.where(table.c.index <= asked.size)
    if asked.day is not None:
        query = query.where(table.c.at < midnight(asked.day, 1))
    stated = connection.execute(query).mappings().first()
    entry = None if stated is None else read_entry(connection, stated["index"])
    proof = None if entry is None else receipt(entry.index)
    if stated is None or entry is None or proof is None:
        raise Refusal("commitment-missing", **_instead(connection, asked))
    salt = parse(entry.body, max_bytes=ANY_SIZE)["body"]["salt"]
    balances = balances_at(connection, entry.index, head.size)
    for counted in (True, False):  # by the engine version of its day, which its root tells
        rows = committed(balances, salt, counted=counted)
        if root_of(rows).hex() == stated["root"]:
            return Committed(entry, rows, proof)
    raise IntegrityFault("commitment-differs", index=entry.index)


def _reached(head: Head, asked: AsOf) -> None:
    """Raise Refusal for a log size or a day that the record has not come to."""
    if asked.size is not None and asked.size > head.size:
        raise Refusal("size-beyond-head", size=head.size, asked=asked.size)
    today = business_date(head.at)
    if asked.day is not None and asked.day > today:
        raise Refusal("day-not-reached", field="as_of", asked=asked.day, today=today)


def _instead(connection: Connection, asked: AsOf) -> dict[str, Any]:
    """What was asked for, and the nearest commitment, or the instant at which one falls due."""
    told: dict[str, Any] = {"as_of": asked.day} if asked.day is not None else {}
    if asked.size is not None:
        told["size"] = asked.size
    table = commitment_table
    rows = connection.execute(select(table).order_by(table.c.index).limit(2)).mappings().all()
    for row in rows:
        if row["index"] > 0:
            return {**told, "nearest": _told(row["index"], row["at"])}
    return {**told, "next_at": format_instant(rows[0]["next_at"]) if rows else None}


def _told(index: int, at: int) -> dict[str, Any]:
    """A commitment by its log size, its time, and its day in Shanghai."""
    return {"as_of_size": index, "at": format_instant(at), "day": business_date(at)}


def _is_account(connection: Connection, account: str) -> bool:
    """Whether an account has ever held anything, or is one of a party that is there."""
    rows = select(BALANCE.table.c.account).where(BALANCE.table.c.account == account).limit(1)
    if connection.execute(rows).first() is not None:
        return True
    party = account.partition("/")[0]
    known = Rows(connection).row(PARTY, (party,)) is not None
    return known and account in confirmation.accounts(party)


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
