"""Reads of one-way auctions: what everybody may see of them, and a check of their results."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.store import Rows
from market.one_way.checking import differences
from market.one_way.models import (
    AUCTION,
    PENDING,
    REVERSE,
    SEALED,
    AuctionState,
    BidState,
    auction_table,
    entry_table,
)


def auctions(connection: Connection, at: int, limit: int) -> list[Row]:
    """The newest auctions, the latest announcement first, each with where it is at an instant."""
    query = select(auction_table).order_by(auction_table.c.index.desc()).limit(limit)
    rows = connection.execute(query).mappings()
    return [{**row, "phase": phase(dict(row), at)} for row in rows]


def auction(connection: Connection, code: str, at: int) -> Row | None:
    """One auction with where it is at an instant, or None."""
    row = Rows(connection).row(AUCTION, (code,))
    return None if row is None else {**row, "phase": phase(row, at)}


def entries(connection: Connection, code: str, limit: int | None = None) -> list[Row]:
    """The public entries of an auction in the order of time."""
    table = entry_table
    query = select(table).where(table.c.auction == code).order_by(table.c.place)
    if limit is not None:
        query = query.limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def check(connection: Connection, code: str) -> list[str]:
    """What of an auction's result does not follow from its public rows; empty where all does.

    Raises Refusal ``auction-unknown``, and ``auction-unfinished`` for one that has no result.
    """
    row = Rows(connection).row(AUCTION, (code,))
    if row is None:
        raise Refusal("auction-unknown")
    if row["state"] in (AuctionState.ANNOUNCED, AuctionState.OFFERED):
        raise Refusal("auction-unfinished", state=row["state"])
    return differences(row, entries(connection, code))


def phase(row: Row, at: int) -> str:
    """Where an auction is at an instant: its state, and before its end what it waits for."""
    if row["stands"] != PENDING or row["state"] == AuctionState.ANNOUNCED:
        return str(row["state"])
    if at < row["opens_at"]:
        return "waiting"
    if at < row["closes_at"]:
        return "bidding"
    if row["format"] == SEALED and at < row["reveal_until"]:
        return "revealing"
    return "due"


def following(row: Row, at: int) -> tuple[str, int] | None:
    """What an auction waits for next, ``opens``, ``closes`` or ``clears``, and when that is."""
    if row["stands"] != PENDING:
        return None
    for what, instant in (("opens", row["opens_at"]), ("closes", row["closes_at"])):
        if at < instant:
            return what, instant
    return "clears", row["due_at"]


def best(row: Row, bids: list[Row]) -> Row | None:
    """The best of the open bids that stand, the earlier of equal ones; None where none is shown."""
    standing = [bid for bid in bids if bid["state"] == BidState.OPEN]
    sign = -1 if row["direction"] == REVERSE else 1
    return max(standing, key=lambda bid: (sign * bid["price_fen"], -bid["place"]), default=None)
