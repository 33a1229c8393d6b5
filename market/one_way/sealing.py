"""What is committed to before it is shown: bids, and a reserve price.  Pure.

A commitment is SHA-256 over a line that names its purpose and the canonical JSON of what is
committed to with a random secret, so that it tells nothing and can be opened in one way only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ledger.statements.canonical import encode


def bid_commitment(auction: str, price_fen: int, quantity: int, secret: str, least: int = 0) -> str:
    """The commitment to a bid; ``secret`` is 128 random bits in hex."""
    bid = {"auction": auction, "price_fen": price_fen, "quantity": quantity, "least": least}
    return _digest("qingzhang/auction-bid/v1", {**bid, "secret": secret})


def reserve_commitment(auction: str, reserve_fen: int, secret: str) -> str:
    """The commitment to a reserve price that is shown after the last bid."""
    reserve = {"auction": auction, "reserve_fen": reserve_fen, "secret": secret}
    return _digest("qingzhang/auction-reserve/v1", reserve)


def bid_name(salt: str) -> str:
    """The name of an open bid: from its statement's secret salt, so that it ties to nobody."""
    return hashlib.sha256(f"qingzhang/auction-open-bid/v1\n{salt}".encode()).hexdigest()


def _digest(purpose: str, value: Mapping[str, Any]) -> str:
    return hashlib.sha256(f"{purpose}\n".encode() + encode(value)).hexdigest()
