"""Bodies of the credits room's statements."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields

PURPOSES = (
    "offset-national",
    "offset-local",
    "event-neutrality",
    "corporate-offset",
    "public-good",
)
"""抵销全国/地方碳市场清缴, 大型活动碳中和, 抵销企业排放, 公益自愿注销 (Order 31, Art. 28)."""


class Issuance(Schema):
    """Issue the registered reductions of a report, one block per vintage (签发)."""

    report = fields.Identifier(required=True)
    quantity = fields.Quantity(required=True)


class Move(Schema):
    """Move own credits between registry and trading account (转入, 转出)."""

    batch = fields.Text(max_length=80, required=True)
    quantity = fields.Quantity(required=True)
    to = fields.Enum(("registry", "trading"), required=True)


class Transfer(Schema):
    """Propose to transfer credits to another party's registry account.

    Unanswered by ``answer_by`` it lapses; without one, after ``transfer-open-days``.
    """

    batch = fields.Text(max_length=80, required=True)
    quantity = fields.Quantity(required=True)
    receiver = fields.PartyId(required=True)
    answer_by = fields.Instant()


class TransferAnswer(Schema):
    """Accept, decline, withdraw or recall a transfer."""

    transfer = fields.Text(max_length=80, required=True)


class Retirement(Schema):
    """Retire credits for a purpose, in the name of a beneficiary (注销).

    A beneficiary may be identified by its unified social credit code; a natural person's name is
    masked, and the person's consent is attached.
    """

    batch = fields.Text(max_length=80, required=True)
    quantity = fields.Quantity(required=True)
    purpose = fields.Enum(PURPOSES, required=True)
    beneficiary = fields.Text(max_length=120, required=True)
    beneficiary_uscc = fields.Text(max_length=18, min_length=18)
    beneficiary_person = fields.Flag()


GROUNDS = ("dispute", "use")
"""Somebody contests the units (争议), or their use is taken already (占用)."""


class SerialLock(Schema):
    """Lock serials of a batch, from ``first`` to ``last`` (锁定)."""

    batch = fields.Text(max_length=80, required=True)
    first = fields.Quantity(required=True)
    last = fields.Quantity(required=True)
    ground = fields.Enum(GROUNDS, required=True)
    reason = fields.Text(max_length=200, required=True)
    document = fields.Text(max_length=120, required=True)


class SerialUnlock(Schema):
    """Lift a lock on serials (解除锁定)."""

    lock = fields.Text(max_length=80, required=True)
    document = fields.Text(max_length=120, required=True)
