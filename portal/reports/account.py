"""The statement of account of a party and its days: what was held, moved and traded.

Each movement names the entry that proves it, and opening plus movements is closing for every
asset and bucket, because both are taken from the same entries as the book of an account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ledger.accounts.book import Amounts, Book
from ledger.accounts.models import BUCKETS, balance_table
from ledger.statements.instants import format_instant
from ledger.writer.kinds import Row
from portal.proofs.books import read_book
from portal.reports.deals import Names, deals, named, told
from portal.sheets import Table, Value

OPENING, MOVEMENT, CLOSING, TRADE = "opening", "movement", "closing", "trade"
MOVED = tuple(f"change_{name}" for name in BUCKETS)
AFTER = tuple(f"after_{name}" for name in BUCKETS)
HEAD = ("line", "account", "asset", "entry", "at", "act")
TRADED = ("instrument", "side", "counterparty", "counterparty_uscc", "price_fen", "quantity")
MONEY = ("amount_fen", "fee_fen", "cash_fen")
WORDED = ("line", "act", "side")
COLUMNS = (*HEAD, *MOVED, *AFTER, *TRADED, *MONEY)


@dataclass(frozen=True)
class Statement:
    """The books of a party's accounts for a span of days, and its trades in it."""

    party: Row
    first: date | None
    last: date | None
    size: int
    books: tuple[Book, ...]
    deals: tuple[Row, ...]
    names: Names


def statement(
    connection: Connection, size: int, party: Row, first: date | None, last: date | None
) -> Statement:
    """The statement of a party from the first to the last day in Shanghai, both included."""
    found = deals(connection, first, last, party=party["party"])
    books = tuple(
        read_book(connection, size, account, first, last, None)
        for account in _accounts(connection, party["party"])
    )
    return Statement(party, first, last, size, books, tuple(found), named(connection, found))


def as_value(made: Statement) -> dict[str, Any]:
    """The statement as JSON."""
    return {
        "party": made.party["party"],
        "name": made.party["name"],
        "from": made.first.isoformat() if made.first else None,
        "to": made.last.isoformat() if made.last else None,
        "size": made.size,
        "accounts": [
            {
                "account": found.account,
                "opening": found.opening,
                "movements": [
                    {
                        "entry": movement.entry,
                        "at": format_instant(movement.at),
                        "type": movement.type,
                        "asset": movement.asset,
                        "change": movement.change,
                        "after": after,
                    }
                    for movement, after in found.lines()
                ],
                "closing": found.closing,
            }
            for found in made.books
        ],
        "trades": [told(row, made.names, made.party["party"]) for row in made.deals],
    }


def as_tables(
    made: Statement, heads: Sequence[str], worded: Callable[[str, Value], Value]
) -> list[Table]:
    """All lines in one table, as a CSV has them; ``heads`` are the words of ``COLUMNS``.

    ``worded`` puts into words what a line is, by which act, and on which side.
    """
    rows = [{**row, **{n: worded(n, row[n]) for n in WORDED if n in row}} for row in _lines(made)]
    return [Table("statement", heads, [[row.get(name) for name in COLUMNS] for row in rows])]


def _lines(made: Statement) -> Iterator[dict[str, Value]]:
    yield from _held(made)
    yield from _trades(made)


def _held(made: Statement) -> Iterator[dict[str, Value]]:
    for found in made.books:
        yield from _balances(OPENING, found, found.opening)
        for movement, after in found.lines():
            changed = {f"change_{n}": movement.change.get(n, 0) for n in BUCKETS}
            yield {
                "line": MOVEMENT,
                "account": found.account,
                "asset": movement.asset,
                "entry": movement.entry,
                "at": format_instant(movement.at),
                "act": movement.type,
                **changed,
                **_after(after),
            }
        yield from _balances(CLOSING, found, found.closing)


def _balances(line: str, found: Book, held: dict[str, Amounts]) -> Iterator[dict[str, Value]]:
    for asset, amounts in held.items():
        yield {"line": line, "account": found.account, "asset": asset, **_after(amounts)}


def _after(amounts: Amounts) -> dict[str, Value]:
    return {f"after_{name}": amounts[name] for name in BUCKETS}


def _trades(made: Statement) -> Iterator[dict[str, Value]]:
    """Each trade with what it did to the cash, which is one side's amount less its fee."""
    party = made.party["party"]
    for row in made.deals:
        side, other = ("buyer", "seller") if row["buyer"] == party else ("seller", "buyer")
        counterparty = made.names[row[other]]
        fee = row[f"{side}_fee_fen"]
        cash = row["amount_fen"] if side == "seller" else -row["amount_fen"]
        yield {
            "line": TRADE,
            "asset": "CNY",
            "entry": row["index"],
            "at": format_instant(row["at"]),
            "instrument": row["instrument"],
            "side": side,
            "counterparty": counterparty["name"],
            "counterparty_uscc": counterparty["uscc"],
            "price_fen": row["price_fen"],
            "quantity": row["quantity"],
            "amount_fen": row["amount_fen"],
            "fee_fen": fee,
            "cash_fen": cash - fee,
        }


def _accounts(connection: Connection, party: str) -> list[str]:
    column = balance_table.c.account
    own = column.startswith(f"{party}/", autoescape=True)
    query = select(column).where(own).distinct().order_by(column)
    return list(connection.execute(query).scalars())
