"""A day of large trades in the story: a sealed one-way auction in the morning, then a block.

Quantities, prices and the least size of a block are seeded; nothing here is a market quotation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from market.one_way.queries import auction, check, entries
from market.one_way.sealing import bid_commitment
from portal.demo.cast import LABEL
from portal.demo.market import (
    BATCH,
    EXCHANGE,
    FIRST,
    INSTRUMENT,
    SECOND,
    SELLER,
    THIRD,
    VENUE,
    ruled,
)
from portal.demo.step import Step, digest

DAY = "2026-04-14"
CODE = "DEMO-2026-01"
OPENS, CLOSES, AFTERNOON = 10, 30, 210
"""Minutes after half past nine: bids from 9:40 to 10:00, shown until 10:20; blocks from 13:00."""
BIDS = {FIRST: (62_20, 200), SECOND: (61_80, 250), THIRD: (61_80, 100)}
DEPOSITS = {FIRST: 13_000_00, SECOND: 16_000_00, THIRD: 6_300_00}


def auctions() -> Iterator[Step]:
    """400 credits to three sealed bids for 550, then 200 in a block between two parties."""
    least = f"market.{INSTRUMENT}.20.size-from"
    yield ruled("2026-04-13", least, DAY, "200", "credits, inclusive")
    session = {"venue": VENUE, "date": DAY}
    yield Step(DAY, "exchange", "session.open", session, EXCHANGE)
    yield from _auction()
    yield from _block()
    yield Step(DAY, "exchange", "session.close", session, EXCHANGE)


def _auction() -> Iterator[Step]:
    announced = {
        "auction": CODE,
        "instrument": INSTRUMENT,
        "principal": SELLER,
        "batches": [BATCH],
        "direction": "forward",
        "format": "sealed",
        "pricing": "uniform",
        "tie": "pro-rata",
        "undersubscribed": "sell",
        "quantity": 400,
        "lot": 10,
        "bid_minimum": 50,
        "cap_percent": 75,
        "reserve_fen": 60_00,
        "bids_max": 100,
        "opens_at": f"{DAY}T01:40:00.000Z",
        "closes_at": f"{DAY}T02:00:00.000Z",
        "reveal_until": f"{DAY}T02:20:00.000Z",
        "document": f"{LABEL}单向竞价公告〔2026〕1",
    }
    yield Step(DAY, "exchange", "auction.announce", announced, EXCHANGE)
    yield Step(DAY, SELLER, "auction.offer", {"auction": CODE}, ("op-1",))
    for party, (price, quantity) in BIDS.items():
        made = bid_commitment(CODE, price, quantity, _secret(party))
        body: dict[str, Any] = {"auction": CODE, "commitment": made, "deposit_fen": DEPOSITS[party]}
        yield Step(DAY, party, "auction.commit", body, ("op-1",), minute=OPENS)
    for party, (price, quantity) in BIDS.items():
        body = {"auction": CODE, "price_fen": price, "quantity": quantity}
        shown = {**body, "secret": _secret(party)}
        if party == FIRST:
            other = {**shown, "price_fen": price - 20}
            code = "bid-commitment-differs"
            yield Step(DAY, party, "auction.reveal", other, ("op-1",), expect=code, minute=CLOSES)
        yield Step(DAY, party, "auction.reveal", shown, ("op-1",), minute=CLOSES)


def _block() -> Iterator[Step]:
    """After the auction has been cleared; the tape tells of the block at the close."""
    small = {
        "instrument": INSTRUMENT,
        "side": "sell",
        "counterparty": SECOND,
        "price_fen": 61_00,
        "quantity": 100,
    }
    offered = {**small, "quantity": 200}
    code = "quantity-too-small"
    yield Step(DAY, SELLER, "block.propose", small, ("op-1",), expect=code, minute=AFTERNOON)
    yield Step(DAY, SELLER, "block.propose", offered, ("op-1",), name="block", minute=AFTERNOON)
    named = {"proposal": "block"}
    yield Step(DAY, SECOND, "block.accept", {}, ("op-1",), refers=named, minute=AFTERNOON)


def told(connection: Connection, at: int) -> Iterator[str]:
    """The auction's result as everybody sees it, and that it follows from what is public."""
    row = auction(connection, CODE, at)
    assert row is not None
    yield f"\nOne-way auction {CODE}, every figure seeded: {row['phase']}"
    for bid in entries(connection, CODE):
        price = f"{bid['price_fen'] // 100}.{bid['price_fen'] % 100:02d}"
        yield f"  {bid['entry'][:16]}…  {bid['quantity']:>5} at {price}  gets {bid['awarded']:>5}"
    price = f"{row['price_fen'] // 100}.{row['price_fen'] % 100:02d}"
    same = "the same" if check(connection, CODE) == [] else "DIFFERENT"
    yield f"  {row['volume']} at {price} yuan; found again from public entries: {same}"


def _secret(party: str) -> str:
    return digest(f"secret of {party}")[:32]
