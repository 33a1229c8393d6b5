"""The accounts room: balances, and cash credited by the settlement bank."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from marshmallow import Schema

from ledger.accounts import leaving
from ledger.accounts.claims import CLAIM
from ledger.accounts.commitments import handlers as commitments
from ledger.accounts.commitments.models import COMMITMENT
from ledger.accounts.models import BALANCE, CASH, OMNIBUS
from ledger.accounts.trust import handlers as trust
from ledger.accounts.trust.models import TRUST
from ledger.accounts.verbs import move, post, trading
from ledger.parties.standing import need_open
from ledger.statements import fields
from ledger.statements.types import Circle, StatementType
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.room import Room


class Deposit(Schema):
    """The settlement bank credits cash that it received from a same-name account (入金)."""

    party = fields.PartyId(required=True)
    amount_fen = fields.Quantity(required=True)
    reference = fields.Text(max_length=80, required=True)


class Withdrawal(Schema):
    """The settlement bank has paid cash out to a same-name account (出金)."""

    party = fields.PartyId(required=True)
    amount_fen = fields.Quantity(required=True)
    reference = fields.Text(max_length=80, required=True)


def deposit(context: Context, body: Mapping[str, Any]) -> None:
    """Credit a trader's cash against the omnibus account."""
    _trader(context, body["party"])
    post(context, CASH, body["amount_fen"], OMNIBUS, trading(body["party"]))


def withdraw(context: Context, body: Mapping[str, Any]) -> None:
    """Debit a trader's available cash against the omnibus account."""
    _trader(context, body["party"])
    move(context, CASH, body["amount_fen"], trading(body["party"]), OMNIBUS)


def _trader(context: Context, party: str) -> None:
    row = need_open(context, party)
    if "enterprise" not in row["roles"]:
        raise Refusal("account-missing", party=party)


STATEMENTS = (
    StatementType(
        "cash.deposit",
        1,
        Circle.PARTY,
        Deposit,
        deposit,
        ("bank",),
        True,
        "trade-20-years",
        amount=itemgetter("amount_fen"),
    ),
    StatementType(
        "cash.withdraw",
        1,
        Circle.PARTY,
        Withdrawal,
        withdraw,
        ("bank",),
        True,
        "trade-20-years",
        amount=itemgetter("amount_fen"),
    ),
)

ROOM = Room(
    "accounts",
    (*STATEMENTS, *commitments.STATEMENTS, *trust.STATEMENTS),
    (BALANCE, COMMITMENT, CLAIM, TRUST),
    {"ledger-began": commitments.begin, "party-closing": leaving.nothing_held},
    due=commitments.due,
)
