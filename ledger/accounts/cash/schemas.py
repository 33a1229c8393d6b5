"""Bodies of the statements about cash."""

from __future__ import annotations

import re

from marshmallow import Schema

from ledger.statements import fields

ROWS_MAX = 5_000
"""A file of so many rows stays well below what one statement may weigh."""
_TAIL = re.compile(r"[0-9]{4}", re.ASCII)
IN, OUT = "in", "out"
NAME, REFERENCE = 120, 80


class Tail(fields.Pattern):
    """The last four digits of a bank account's number."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(_TAIL, "not-four-digits", **kwargs)


def naming(**more: bool) -> fields.Text:
    """A name on record, or the bank's reference of one movement, which names no other."""
    return fields.Text(max_length=REFERENCE, **more)


class BankAccount(Schema):
    """A bank account of one's own (同名账户), to pay in from and be paid out to.

    The number stays outside: its last four digits, and a digest with a salt of its own that both
    the party and the bank can check.
    """

    holder = fields.Text(max_length=NAME, required=True)
    bank_name = fields.Text(max_length=NAME, required=True)
    tail = Tail(required=True)
    number_sha256 = fields.Digest(required=True)
    number_salt = fields.Salt(required=True)


class AccountConfirmation(Schema):
    """The settlement bank confirms a registered account, with the holder's name in its books."""

    account = naming(required=True)
    holder = fields.Text(max_length=NAME, required=True)


class AccountEnd(Schema):
    """An account serves no longer: its holder, or the settlement bank, says so."""

    account = naming(required=True)


class Deposit(Schema):
    """The settlement bank credits cash that it received from a same-name account (入金).

    ``account`` is a confirmed account of the party and ``payer`` the name that paid; both are
    asked for while the parameter ``cash-account`` says so. ``date`` is the bank's day of the
    movement, today without it.
    """

    party = fields.PartyId(required=True)
    amount_fen = fields.Quantity(required=True)
    reference = naming(required=True)
    account = naming()
    payer = fields.Text(max_length=NAME)
    date = fields.Date()


class Receipt(Schema):
    """Cash came in and nobody can say for whom: it waits in suspense (挂账)."""

    amount_fen = fields.Quantity(required=True)
    reference = naming(required=True)
    tail = Tail()
    date = fields.Date()


class Identification(Schema):
    """A receipt in suspense is found to be a party's, from its own confirmed account."""

    receipt = naming(required=True)
    party = fields.PartyId(required=True)
    account = naming()
    payer = fields.Text(max_length=NAME)
    document = fields.Text(max_length=NAME, required=True)


class ReceiptReturn(Schema):
    """A receipt in suspense has gone back to where it came from."""

    receipt = naming(required=True)
    reference = naming(required=True)
    date = fields.Date()


class PayoutRequest(Schema):
    """Ask for cash to be paid to a confirmed account of one's own (出金)."""

    account = naming(required=True)
    amount_fen = fields.Quantity(required=True)


class PayoutAct(Schema):
    """Cancel a payout that is not under way, or say that it is."""

    payout = naming(required=True)


class PayoutPaid(Schema):
    """The bank has paid; its reference names the movement."""

    payout = naming(required=True)
    reference = naming(required=True)
    date = fields.Date()


class PayoutFailed(Schema):
    """The bank could not pay, and why; the cash is available again."""

    payout = naming(required=True)
    reason = fields.Text(max_length=NAME, required=True)


class Correction(Schema):
    """The amount of a deposit, a receipt or a payout was stated wrongly: the right one (冲正).

    ``reference`` is the bank's of the movement, ``document`` what it shows for the right amount,
    which is 0 where nothing moved.
    """

    reference = naming(required=True)
    amount_fen = fields.Natural(required=True)
    document = fields.Text(max_length=NAME, required=True)


class Collection(Schema):
    """What a correction claims has come in: it is taken back (扣回)."""

    correction = naming(required=True)


class BankRow(Schema):
    """A movement as the bank's file has it."""

    reference = naming(required=True)
    direction = fields.Enum((IN, OUT), required=True)
    amount_fen = fields.Quantity(required=True)
    tail = Tail()


class Reconciliation(Schema):
    """The settlement bank's file of one day: its rows and its closing balance (日终对账).

    ``operator`` is the exchange whose traders' cash the account holds; its officers explain.
    """

    operator = fields.PartyId(required=True)
    date = fields.Date(required=True)
    file_sha256 = fields.Digest(required=True)
    closing_fen = fields.Natural(required=True)
    rows = fields.ListOf(fields.Nested(BankRow), max_items=ROWS_MAX, required=True)


class Explanation(Schema):
    """A difference is explained by an officer who did not sign the file, with a document."""

    date = fields.Date(required=True)
    number = fields.Quantity(required=True)
    ground = fields.Text(max_length=400, required=True)
    document = fields.Text(max_length=NAME, required=True)
