"""Bodies of the statements about one-way auctions."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields
from market.auctions.one_way import PRICING, TIES, UNDERSUBSCRIBED
from market.instruments.schemas import InstrumentCode
from market.one_way.models import FORWARD, OPEN, REVERSE, SEALED

BIDS_MAX = 100_000
"""As many as the pure clearing is measured with."""


class AuctionAnnouncement(Schema):
    """Announce a one-way auction with all its terms (单向竞价公告).

    ``principal`` sells in a forward auction and buys in a reverse one, and must still offer.  The
    reserve is stated, or sealed as a commitment, or there is none.  A sealed auction takes
    commitments until ``closes_at`` and the bids behind them until ``reveal_until``; an open one
    takes bids until ``closes_at``, which a late bid moves by ``extension_minutes``.
    """

    auction = fields.Identifier(required=True)
    instrument = InstrumentCode(required=True)
    principal = fields.PartyId(required=True)
    direction = fields.Enum((FORWARD, REVERSE), required=True)
    format = fields.Enum((SEALED, OPEN), required=True)
    pricing = fields.Enum(PRICING, required=True)
    tie = fields.Enum(TIES, required=True)
    undersubscribed = fields.Enum(UNDERSUBSCRIBED, required=True)
    quantity = fields.Quantity(required=True)
    batches = fields.ListOf(fields.Text(max_length=80), max_items=20, min_items=1)
    lot = fields.Quantity(required=True)
    bid_minimum = fields.Quantity(required=True)
    bid_maximum = fields.Quantity()
    cap_percent = fields.Whole(1, 100, required=True)
    reserve_fen = fields.PriceFen()
    reserve_sha256 = fields.Digest()
    step_fen = fields.PriceFen()
    forfeit_fen = fields.Natural()
    bidders = fields.ListOf(fields.PartyId(), max_items=200, min_items=1)
    bids_max = fields.Whole(1, BIDS_MAX, required=True)
    opens_at = fields.Instant(required=True)
    closes_at = fields.Instant(required=True)
    reveal_until = fields.Instant()
    extension_minutes = fields.Whole(1, 60)
    latest_at = fields.Instant()
    document = fields.Text(max_length=120, required=True)


class AuctionOffer(Schema):
    """The principal agrees to the announced terms; its units, or its cash, are frozen."""

    auction = fields.Identifier(required=True)


class AuctionCommitment(Schema):
    """Commit to a bid without showing it.

    The deposit is cash in fen, or units in a reverse auction: the most that the bid may need.
    """

    auction = fields.Identifier(required=True)
    commitment = fields.Digest(required=True)
    deposit_fen = fields.Quantity()
    deposit_quantity = fields.Quantity()


class AuctionReveal(Schema):
    """Show the bid behind a commitment; below ``least`` it wants nothing."""

    auction = fields.Identifier(required=True)
    price_fen = fields.PriceFen(required=True)
    quantity = fields.Quantity(required=True)
    least = fields.Natural()
    secret = fields.Salt(required=True)


class AuctionBid(Schema):
    """Bid openly, or better an own bid: the price is public at once, who bids is not."""

    auction = fields.Identifier(required=True)
    price_fen = fields.PriceFen(required=True)
    quantity = fields.Quantity(required=True)
    least = fields.Natural()


class AuctionUnsealing(Schema):
    """Show the reserve price that the announcement had sealed, once no bid can come any more."""

    auction = fields.Identifier(required=True)
    reserve_fen = fields.PriceFen(required=True)
    secret = fields.Salt(required=True)


class AuctionCancellation(Schema):
    """Cancel an auction that is not cleared yet; everything frozen for it is given back."""

    auction = fields.Identifier(required=True)
    document = fields.Text(max_length=120, required=True)


class AuctionClearing(Schema):
    """An auction is due: cleared and settled, or lapsed where nothing was offered."""

    auction = fields.Identifier(required=True)
