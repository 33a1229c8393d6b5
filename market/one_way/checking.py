"""Doing an auction again from what everybody can see: a check that needs nobody's trust."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.writer.kinds import Row
from market.one_way.clearing import cleared
from market.one_way.models import SEALED, AuctionState, BidState
from market.one_way.sealing import bid_commitment, reserve_commitment

COUNTED = (BidState.WON, BidState.LOST)


def differences(auction: Row, entries: Iterable[Row]) -> list[str]:
    """What of a finished auction does not follow from its public rows; empty where all does.

    Each is ``what`` or ``what:entry``.  A sealed bid must open a commitment that stands on the
    record from before the close; a sealed reserve must be the announced one.
    """
    return list(_differences(auction, list(entries)))


def _differences(auction: Row, entries: list[Row]) -> Iterator[str]:
    counted = [entry for entry in entries if entry["state"] in COUNTED]
    if auction["format"] == SEALED:
        for entry in counted:
            if _opened(entry) != entry["entry"]:
                yield f"commitment:{entry['entry']}"
    for entry in entries:
        if entry["at"] >= auction["closes_at"]:
            yield f"late:{entry['entry']}"
    if auction["reserve_secret"] is not None:
        shown = reserve_commitment(
            auction["auction"], auction["reserve_fen"], auction["reserve_secret"]
        )
        if shown != auction["reserve_sha256"]:
            yield "reserve"
    if auction["state"] not in (AuctionState.CLEARED, AuctionState.UNSOLD):
        return
    hidden = auction["reserve_sha256"] is not None and auction["reserve_secret"] is None
    result, seed = cleared(auction, [] if hidden else counted)
    turnover = sum(award.quantity * award.price for award in result.awards)
    figures = (result.price, result.volume, result.asked, result.given, seed, turnover)
    names = ("price_fen", "volume", "asked", "given", "seed", "turnover_fen")
    yield from (
        name for name, figure in zip(names, figures, strict=True) if auction[name] != figure
    )
    awards = {award.name: (award.quantity, award.price) for award in result.awards}
    for entry in counted:
        if (entry["awarded"], entry["pays_fen"]) != awards.get(entry["entry"], (0, None)):
            yield f"award:{entry['entry']}"


def _opened(entry: Row) -> str:
    names = ("auction", "price_fen", "quantity", "secret", "least")
    return bid_commitment(*(entry[name] for name in names))
