"""Bodies of the pledges room's statements."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields

ON_DEFAULT = ("disposal", "forfeiture")
"""变卖受偿, or 流质: the second is known so that it can be refused by name."""


class PledgeProposal(Schema):
    """Offer units of the registry account as security for a loan (质押).

    ``rank`` is 1 where as many units are available, else one more than the freezes and pledges
    that stand on the holding: what they let go of it will hold.
    """

    bank = fields.PartyId(required=True)
    batch = fields.Text(max_length=80, required=True)
    quantity = fields.Quantity(required=True)
    contract = fields.Text(max_length=80, required=True)
    secured_fen = fields.Quantity(required=True)
    until = fields.Date(required=True)
    rank = fields.Quantity(required=True)
    on_default = fields.Enum(ON_DEFAULT, required=True)


class PledgeAnswer(Schema):
    """Accept, decline or withdraw a proposed pledge."""

    pledge = fields.Text(max_length=80, required=True)


class PledgeRegistration(Schema):
    """The registrar registers an agreed pledge, with which it takes hold (质押登记)."""

    pledge = fields.Text(max_length=80, required=True)
    number = fields.Text(max_length=80, required=True)


class PledgeRelease(Schema):
    """The bank lets go of a pledge, wholly or in part (解除质押)."""

    pledge = fields.Text(max_length=80, required=True)
    quantity = fields.Quantity()


class PledgeExtension(Schema):
    """The bank grants a longer term (展期)."""

    pledge = fields.Text(max_length=80, required=True)
    until = fields.Date(required=True)


class PledgeDefault(Schema):
    """The bank gives notice that the debt was not paid when due (违约通知)."""

    pledge = fields.Text(max_length=80, required=True)
    document = fields.Text(max_length=120, required=True)


class PledgeDisposal(Schema):
    """After the notice the bank offers pledged units to a buyer at a price (质物变卖)."""

    pledge = fields.Text(max_length=80, required=True)
    buyer = fields.PartyId(required=True)
    quantity = fields.Quantity(required=True)
    amount_fen = fields.Quantity(required=True)


class DisposalAnswer(Schema):
    """The buyer takes what the bank offered, and pays in the same entry."""

    disposal = fields.Text(max_length=80, required=True)
