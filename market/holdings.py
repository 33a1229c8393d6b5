"""What a party holds on its trading account: by batch, and what may be sold today (可转数量)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from ledger.accounts.models import BUCKETS, CASH, balance_table
from ledger.accounts.verbs import trading
from ledger.credits.models import batch_table
from ledger.credits.queries import transferable_of
from ledger.writer.kinds import Row
from ledger.writer.store import plain
from market.instruments.handlers import fits
from market.settlement.models import lot_table

_NOTHING = dict.fromkeys(BUCKETS, 0)


def holdings(connection: Connection, party: str) -> list[Row]:
    """The batches on a trading account in the order of delivery, oldest vintage first.

    Each has the buckets of its balance, how many of the available are ``locked`` and how many
    ``transferable``, and ``frees``: how much of what was bought is free at the close of which
    session of which venue.
    """
    balance, batch = balance_table, batch_table.c
    query = (
        select(balance, batch.vintage, batch["class"])
        .join(batch_table, balance.c.asset == batch.batch)
        .where(balance.c.account == trading(party))
        .order_by(batch.vintage, batch.index, batch.batch)
    )
    frees = _frees(connection, party)
    rows = [plain(row) for row in connection.execute(query).mappings()]
    rows = [row for row in rows if any(row[bucket] for bucket in BUCKETS)]
    return [
        {**row, **told, "batch": row["asset"], "frees": frees.get(row["asset"], [])}
        for row, told in zip(rows, transferable_of(connection, rows), strict=True)
    ]


def sellable(rows: Iterable[Row], instrument: Row) -> int:
    """How many of the held units could be offered in an instrument now."""
    side = "available" if instrument["delivers_locked"] else "transferable"
    return sum(row[side] for row in rows if fits(instrument, row))


def cash(connection: Connection, party: str) -> Row:
    """The cash on a trading account by bucket, in fen, with ``frees`` as of a batch."""
    query = select(balance_table).where(
        balance_table.c.account == trading(party), balance_table.c.asset == CASH
    )
    row = connection.execute(query).mappings().first()
    frees = _frees(connection, party).get(CASH, [])
    return {**(plain(row) if row is not None else _NOTHING), "frees": frees}


def _frees(connection: Connection, party: str) -> dict[str, list[Row]]:
    """By asset: the sessions at whose close something becomes usable, the next one first."""
    table = lot_table.c
    query = (
        select(table.asset, table.venue, table.release, table.quantity)
        .where(table.party == party)
        .order_by(table.release, table.venue)
    )
    sums: dict[str, dict[tuple[str, int], int]] = {}
    for asset, venue, release, quantity in connection.execute(query):
        of_asset = sums.setdefault(asset, {})
        of_asset[venue, release] = of_asset.get((venue, release), 0) + quantity
    return {
        asset: [{"venue": v, "session": s, "quantity": q} for (v, s), q in found.items()]
        for asset, found in sums.items()
    }
