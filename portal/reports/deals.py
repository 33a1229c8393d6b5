"""Trades as their parties see them: who sold to whom, at what, and what each paid for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ledger.parties.models import party_table
from ledger.statements.instants import format_instant
from ledger.writer.kinds import Row
from ledger.writer.store import plain
from market.instruments.models import instrument_table
from market.settlement.models import deal_table

SIDES = ("buyer", "seller")
Names = dict[str, Row]
"""Parties by id, for their names and codes."""


def deals(
    connection: Connection,
    first: date | None,
    last: date | None,
    *,
    party: str | None = None,
    operator: str | None = None,
) -> list[Row]:
    """Deals from the first to the last day in Shanghai, both included, of a party or an operator.

    A deal's date is the day of its entry: nothing trades but in the session of that day.
    """
    table = deal_table.c
    query = select(deal_table)
    if first is not None:
        query = query.where(table.date >= first.isoformat())
    if last is not None:
        query = query.where(table.date <= last.isoformat())
    if party is not None:
        query = query.where((table.buyer == party) | (table.seller == party))
    if operator is not None:
        own = instrument_table.c.operator == operator
        # By venue and day there is an index; the venue's instruments are narrowed by hand.
        query = query.where(table.venue.in_(select(instrument_table.c.venue).where(own)))
        query = query.where(table.instrument.in_(select(instrument_table.c.instrument).where(own)))
    rows = connection.execute(query.order_by(table.index, table.deal)).mappings()
    return [plain(row) for row in rows]


def named(connection: Connection, found: list[Row]) -> Names:
    """The parties of deals."""
    wanted = {row[side] for row in found for side in SIDES}
    table = party_table
    query = select(table).where(table.c.party.in_(sorted(wanted)))
    return {row["party"]: plain(row) for row in connection.execute(query).mappings()}


def told(row: Row, names: Names, viewer: str | None) -> dict[str, Any]:
    """A deal as one of its sides sees it, with both parties for invoicing.

    Each side sees its own fee; None, for operator and supervisor, sees both.
    """
    out: dict[str, Any] = {
        "deal": row["deal"],
        "venue": row["venue"],
        "sequence": row["sequence"],
        "date": row["date"],
        "at": format_instant(row["at"]),
        "entry": row["index"],
        "instrument": row["instrument"],
        "price_fen": row["price_fen"],
        "quantity": row["quantity"],
        "amount_fen": row["amount_fen"],
        "delivered": row["delivered"],
    }
    for side in SIDES:
        party = names[row[side]]
        out[side] = row[side]
        out[f"{side}_name"], out[f"{side}_uscc"] = party["name"], party["uscc"]
        if viewer in (None, row[side]):
            out[f"{side}_fee_fen"] = row[f"{side}_fee_fen"]
    return out
