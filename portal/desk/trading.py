"""What a party sees where it trades: what it may sell and pay, its own listings, deals and cash.

The rows are those that the API answers with (``portal.desk.own``), the newest first.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, literal, select

from ledger.accounts.cash.models import AccountState
from ledger.parties.reading import reading
from ledger.writer.kinds import Row
from market.blocks.models import ProposalState
from market.holdings import cash, holdings, sellable
from market.instruments.models import INSTRUMENT, InstrumentState
from market.listings.models import LISTING as LISTED
from market.listings.models import ListingState
from market.orders.models import ORDER, OrderState
from market.orders.queries import terms_of
from market.queries import codes, instrument
from market.readers import BLOCK, CALL, CONTINUOUS, KINDS, LISTING
from portal.desk.own import latest

OPEN, LIMIT = OrderState.OPEN.value, "limit"
SHOWN, SHOWN_HERE = 20, 5
"""How many rows of a sort the trading page shows, and how many deals an instrument's page."""


def standing_in(connection: Connection, row: Row, party: str) -> dict[str, Any]:
    """What a party has in one instrument: units to sell (可转数量), cash, open listings, deals."""
    code = str(row["instrument"])
    held = holdings(connection, party)
    state = ListingState.OPEN.value
    listings, _ = latest(connection, "listings", party, SHOWN, instrument=code, state=state)
    orders, _ = latest(connection, "orders", party, SHOWN, instrument=code, state=OPEN)
    deals, _ = latest(connection, "deals", party, SHOWN_HERE, instrument=code)
    return {
        "sellable": sellable(held, row),
        "cash": cash(connection, party),
        "listings": listings,
        "orders": orders,
        "deals": deals,
    }


def own_order(connection: Connection, name: str, party: str) -> Row | None:
    """A party's order by its name, as its owner sees it."""
    rows, _ = latest(connection, "orders", party, 1, order=name)
    return rows[0] if rows else None


def ways(connection: Connection, row: Row, at: int) -> dict[str, Any]:
    """How an instrument's venue lets one trade: ``lists``, and the ``kinds`` of orders it takes."""
    context = reading(connection, at)
    found = {m: terms_of(context, row, m) for m in (LISTING, CONTINUOUS, CALL)}
    book, call = found[CONTINUOUS], found[CALL]
    kinds = [kind for kind in KINDS if book is not None and kind in book.order_kinds]
    if call is not None and not kinds:
        kinds = [LIMIT]
    return {
        "lists": found[LISTING] is not None,
        "kinds": kinds,
        "method": CONTINUOUS if book is not None else CALL,
    }


def trading(connection: Connection, party: str, at: int) -> dict[str, Any]:
    """All that a party's trading page shows as of an instant; each sort with whether there is more.

    ``instruments`` are those that change hands by blocks.
    """
    # The settlement bank may read everybody's accounts, which are not its own.
    confirmed = {"state": AccountState.CONFIRMED.value, "party": party}
    banks, _ = latest(connection, "bank_accounts", party, SHOWN, **confirmed)
    waiting = {"state": ProposalState.OPEN.value, "counterparty": party}
    sorts = ("listings", "orders", "blocks", "bids", "deals", "movements", "payouts")
    return {
        "proposed": latest(connection, "blocks", party, SHOWN, **waiting),
        "instruments": in_blocks(connection, at),
        "holdings": holdings(connection, party),
        "cash": cash(connection, party),
        "banks": banks,
        "found": {name: latest(connection, name, party, SHOWN) for name in sorts},
    }


def standing(connection: Connection, limit: int) -> list[Row]:
    """The newest open orders and listings of everybody, for who may end them by order.

    Each is of a ``sort``, order or listing, with ``name``, ``party`` and ``side``.
    """
    order, listing = ORDER.table.c, LISTED.table.c
    shared = ("instrument", "price_fen", "remaining", "at", "index")
    orders = select(
        literal("order").label("sort"),
        order.order.label("name"),
        order.party,
        order.side,
        *(order[name] for name in shared),
    ).where(order.state == OPEN)
    listings = select(
        literal("listing").label("sort"),
        listing.listing.label("name"),
        listing.seller.label("party"),
        literal("sell").label("side"),
        *(listing[name] for name in shared),
    ).where(
        # An index is by instrument and state; by state alone all that ever were would be read.
        listing.instrument.in_(select(INSTRUMENT.table.c.instrument)),
        listing.state == ListingState.OPEN,
    )
    both = orders.union_all(listings).subquery()
    query = select(both).order_by(both.c.index.desc(), both.c.name).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def in_blocks(connection: Connection, at: int) -> list[str]:
    """The codes of listed instruments whose venue has the method of block trades."""
    context = reading(connection, at)
    rows = [context.need(INSTRUMENT, code) for code in codes(connection)]
    return [
        row["instrument"]
        for row in rows
        if row["state"] == InstrumentState.LISTED and terms_of(context, row, BLOCK) is not None
    ]


def operated(connection: Connection, party: str) -> list[str]:
    """The codes of the instruments that a party operates and has listed."""
    table = INSTRUMENT.table.c
    query = select(table.instrument).where(table.operator == party)
    query = query.where(table.state == InstrumentState.LISTED).order_by(table.instrument)
    return [str(code) for code in connection.execute(query).scalars()]


def bidding_in(connection: Connection, auction: Row, party: str, at: int) -> dict[str, Any]:
    """What a party has to bid with in an auction as of an instant, and its bids, newest first."""
    told = instrument(connection, str(auction["instrument"]), at)
    bids, _ = latest(connection, "bids", party, SHOWN, auction=str(auction["auction"]))
    units = sellable(holdings(connection, party), told) if told else 0
    return {"bids": bids, "cash": cash(connection, party), "sellable": units}
