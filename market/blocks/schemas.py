"""Bodies of the statements about block trades."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields
from market.instruments.schemas import InstrumentCode

SIDES = ("sell", "buy")


class BlockProposal(Schema):
    """Propose a block trade to one named party (大宗协议); ``side`` is the proposer's own.

    A seller may name one batch that fits the instrument.  Without ``until`` it ends with today.
    """

    instrument = InstrumentCode(required=True)
    batch = fields.Text(max_length=80)
    side = fields.Enum(SIDES, required=True)
    counterparty = fields.PartyId(required=True)
    price_fen = fields.PriceFen(required=True)
    quantity = fields.Quantity(required=True)
    until = fields.Date()


class BlockAnswer(Schema):
    """Accept, decline, withdraw or end a proposal, by its name."""

    proposal = fields.Text(max_length=80, required=True)
