"""Bodies of the restraints room's statements."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields

GROUNDS = ("merger", "division", "liquidation", "inheritance", "correction")


class Ordered(Schema):
    """What an authority decided: its name and the number of its document."""

    authority = fields.Text(max_length=120, required=True)
    document = fields.Text(max_length=120, required=True)


class OrderedOnce(Ordered):
    """A document acts once; ``besides`` names the entry on top of which it is to act again."""

    besides = fields.Natural()


class OrderedOver(Ordered):
    """What befalls a freeze: by who ordered it, or by whom ``referral`` gives the case."""

    referral = fields.Text(max_length=120)


class FreezeOrder(OrderedOnce):
    """Freeze a party's units of a batch, or its cash, on an authority's order (协助冻结).

    What others' claims hold already is waited for (轮候冻结).  ``until`` is the last day.
    """

    party = fields.PartyId(required=True)
    asset = fields.Text(max_length=80, required=True)
    quantity = fields.Quantity(required=True)
    until = fields.Date(required=True)


class FreezeRenewal(OrderedOver):
    """Prolong a freeze that still stands; its rank stays (续行冻结)."""

    freeze = fields.Text(max_length=80, required=True)
    until = fields.Date(required=True)


class FreezeLift(OrderedOnce, OrderedOver):
    """Lift a freeze, wholly or in part (解除冻结)."""

    freeze = fields.Text(max_length=80, required=True)
    quantity = fields.Quantity()


class FreezeLapse(Schema):
    """A freeze that nobody renewed has run out."""

    freeze = fields.Text(max_length=80, required=True)


class FreezeExecution(OrderedOnce, OrderedOver):
    """Hand frozen units to whom a court names (司法划转)."""

    freeze = fields.Text(max_length=80, required=True)
    quantity = fields.Quantity(required=True)
    receiver = fields.PartyId(required=True)


class Reassignment(OrderedOnce):
    """Transfer available units without a trade (非交易过户), or reverse an entry (冲正).

    A correction names the entry whose effect it reverses; the right act is stated anew.
    """

    party = fields.PartyId(required=True)
    receiver = fields.PartyId(required=True)
    batch = fields.Text(max_length=80, required=True)
    quantity = fields.Quantity(required=True)
    ground = fields.Enum(GROUNDS, required=True)
    corrects = fields.Natural()


class Cancellation(OrderedOnce, OrderedOver):
    """Cancel units on an authority's order (强制注销), available ones or those of a freeze."""

    party = fields.PartyId(required=True)
    batch = fields.Text(max_length=80, required=True)
    quantity = fields.Quantity(required=True)
    freeze = fields.Text(max_length=80)


class DutyFreeze(Schema):
    """What the owner still holds of a withdrawn report's units is frozen."""

    duty = fields.Text(max_length=80, required=True)


class Discharge(Schema):
    """The owner cancels units of the same class to replace those whose opinion was withdrawn."""

    duty = fields.Text(max_length=80, required=True)
    batch = fields.Text(max_length=80, required=True)
    quantity = fields.Quantity(required=True)


class Remission(OrderedOnce):
    """End a duty to replace, or a part of it, on an authority's order and for its reason."""

    duty = fields.Text(max_length=80, required=True)
    quantity = fields.Quantity(required=True)
    reason = fields.Text(max_length=400, required=True)


class DutyLapse(Schema):
    """A duty's deadline has passed with units missing."""

    duty = fields.Text(max_length=80, required=True)
