"""What was taken of listings, which a listing that is over no longer says itself."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from ledger.writer.kinds import Row
from market.settlement.models import DEAL


def with_sold(connection: Connection, rows: list[Row]) -> list[Row]:
    """Listings with ``sold``, the sum of their deals."""
    deal = DEAL.table.c
    query = (
        select(deal.offer, func.sum(deal.quantity))
        .where(
            deal.seller.in_({row["seller"] for row in rows}),
            deal.offer.in_([row["listing"] for row in rows]),
        )
        .group_by(deal.offer)
    )
    found = {offer: int(quantity) for offer, quantity in connection.execute(query)}
    return [{**row, "sold": found.get(row["listing"], 0)} for row in rows]
