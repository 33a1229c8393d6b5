"""Every act of an enterprise on the exchange or with credits says whether it trades."""

from __future__ import annotations

from ledger.credits.room import ROOM as CREDITS
from ledger.pledges.room import ROOM as PLEDGES
from market.room import ROOM as MARKET

GIVES_UP = {
    "listing.withdraw",
    "credit.decline",
    "credit.withdraw",
    "credit.recall",
    "credit.retire",
    "pledge.withdraw",
    "order.cancel",
    "order.cancel-all",
    "order.reduce",
}
"""What staff may still do: take back, decline or retire is no trade."""


def test_staff_are_kept_from_every_type_that_trades() -> None:
    types = [
        t
        for room in (MARKET, CREDITS, PLEDGES)
        for t in room.statements
        if "enterprise" in t.signers
    ]
    trading = {declared.name for declared in types if declared.trades}
    assert {declared.name for declared in types} == trading | GIVES_UP
    assert trading.isdisjoint(GIVES_UP)
    assert {"listing.place", "listing.take", "credit.move", "credit.transfer"} <= trading
