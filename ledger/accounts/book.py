"""The book of an account (对账单): every movement of its units with what it held after each.

Made from the entries, not from a table of its own, so that each line names the entry that proves
it.  The opening is what the account holds now less all that has moved since.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, select

from ledger.accounts.models import BALANCE, BUCKETS, owner
from ledger.writer.concerns import concerning, entered_since
from ledger.writer.store import StoredEntry

_NONE: dict[str, Any] = {}
Amounts = dict[str, int]
Holdings = dict[str, Amounts]
"""Amounts by asset: units of a batch, or fen of CNY."""


class Movement(NamedTuple):
    """What one entry changed of one asset.

    ``statement`` and ``author`` are None for a confidential statement of somebody else.
    """

    entry: int
    at: int
    type: str
    statement: str | None
    author: str | None
    asset: str
    change: Amounts


@dataclass(frozen=True)
class Book:
    """Movements of a span, and what was held before and after them, by asset and bucket."""

    account: str
    size: int
    opening: Holdings
    movements: tuple[Movement, ...]
    closing: Holdings

    def lines(self) -> Iterator[tuple[Movement, Amounts]]:
        """Each movement with what is held of its asset after it."""
        running = {asset: dict(amounts) for asset, amounts in self.opening.items()}
        for movement in self.movements:
            _add(running[movement.asset], movement.change)
            yield movement, dict(running[movement.asset])


def book(
    connection: Connection,
    size: int,
    account: str,
    since: int,
    until: int,
    asset: str | None = None,
) -> Book:
    """The book of an account from ``since`` to ``until`` (exclusive; UTC ms), of one asset or all.

    Opening and closing name every asset that the account held or moved in the span.
    """
    closing = _held_now(connection, account, asset)
    inside: list[Movement] = []
    first = entered_since(connection, since, size)
    for movement in movements(connection, account, first, size, asset):
        if (held := closing.get(movement.asset)) is None:
            held = closing[movement.asset] = dict.fromkeys(BUCKETS, 0)
        if movement.at < until:
            inside.append(movement)
        else:
            _add(held, movement.change, -1)
    opening = {name: dict(amounts) for name, amounts in closing.items()}
    for movement in inside:
        _add(opening[movement.asset], movement.change, -1)
    moved = {movement.asset for movement in inside}
    named = [name for name in sorted(closing) if name in moved or any(closing[name].values())]
    return Book(
        account,
        size,
        {name: opening[name] for name in named},
        tuple(inside),
        {name: closing[name] for name in named},
    )


def movements(
    connection: Connection, account: str, first: int, stop: int, asset: str | None = None
) -> Iterator[Movement]:
    """What entries ``first`` to ``stop`` (exclusive) moved on an account, in order.

    What an entry froze and gave back at once moved nothing.
    """
    party = owner(account)
    for entry, id, author, type in concerning(connection, party, first, stop):
        own = author == party or entry.shown
        for name, change in _changes(entry, party, account):
            if asset in (None, name):
                told, by = (id, author) if own else (None, None)
                yield Movement(entry.index, entry.at, type, told, by, name, change)


def _changes(entry: StoredEntry, party: str, account: str) -> list[tuple[str, Amounts]]:
    """Postings to the account: in the open behind a public statement, else in the party's part."""
    shares = [orjson.loads(entry.outcome)["public"]] if entry.shown else []
    if entry.body:
        shares += [p for p in orjson.loads(entry.body)["parts"] if p["party"] == party]
    return [
        (key[1], amounts)
        for share in shares
        for kind, key, amounts in share.get("changes", _NONE).get("add", ())
        if kind == BALANCE.name and key[0] == account and any(amounts.values())
    ]


def _held_now(connection: Connection, account: str, asset: str | None) -> Holdings:
    table = BALANCE.table.c
    query = select(BALANCE.table).where(table.account == account)
    if asset is not None:
        query = query.where(table.asset == asset)
    rows = connection.execute(query).mappings()
    return {row["asset"]: {name: int(row[name]) for name in BUCKETS} for row in rows}


def _add(held: Amounts, change: Amounts, sign: int = 1) -> None:
    for name, amount in change.items():
        held[name] += sign * amount
