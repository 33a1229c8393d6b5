"""入金: cash that came in, to a trader or, where nobody knows whose it is, to suspense."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.accounts.cash.accounts import payer_account
from ledger.accounts.cash.models import BANK, MOVEMENT, RECEIPT, RECEIPT_MOVES, ReceiptState
from ledger.accounts.cash.movements import enter, leave, need_bank, pairs
from ledger.accounts.models import CASH
from ledger.accounts.verbs import move, trading
from ledger.parties.standing import need_open
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

Body = Mapping[str, Any]
SUSPENSE = f"{BANK}/suspense"
"""Cash that is nobody's yet; never below zero, as it is no contra account."""


def deposit(context: Context, body: Body) -> None:
    """Credit a trader's cash that came from an account of the same name.

    Raises Refusal ``not-settlement-bank``, ``account-missing``, those of the payer's account and
    those of the movement.
    """
    need_bank(context)
    _trader(context, body["party"])
    account = payer_account(context, body["party"], body)
    enter(
        context,
        "deposit",
        body["amount_fen"],
        trading(body["party"]),
        reference=body["reference"],
        party=body["party"],
        tail=account["tail"] if account else None,
        day=body.get("date"),
    )


def receive(context: Context, body: Body) -> None:
    """Take in what has no known payer: it is in the omnibus account and so on the record."""
    need_bank(context)
    enter(
        context,
        "receipt",
        body["amount_fen"],
        SUSPENSE,
        reference=body["reference"],
        party=None,
        tail=body.get("tail"),
        day=body.get("date"),
    )
    context.create(
        RECEIPT,
        {
            "receipt": context.id,
            "reference": body["reference"],
            "amount_fen": body["amount_fen"],
            "tail": body.get("tail"),
            "state": ReceiptState.SUSPENSE,
            "party": None,
            "index": context.index,
        },
    )


def identify(context: Context, body: Body) -> None:
    """Credit a receipt to the party whose account it came from, by the rules of a deposit."""
    row = _waiting(context, body, ReceiptState.IDENTIFIED)
    _trader(context, body["party"])
    payer_account(context, body["party"], body)
    move(context, CASH, row["amount_fen"], SUSPENSE, trading(body["party"]))
    for name in (row["reference"], *pairs(context, row["reference"])):
        movement = context.need(MOVEMENT, name)
        context.put(MOVEMENT, {**movement, "party": body["party"]})
    context.put(RECEIPT, {**row, "state": ReceiptState.IDENTIFIED, "party": body["party"]})


def give_back(context: Context, body: Body) -> None:
    """A receipt has been paid back; its own movement, with the bank's reference."""
    row = _waiting(context, body, ReceiptState.RETURNED)
    leave(
        context,
        "return",
        row["amount_fen"],
        SUSPENSE,
        reference=body["reference"],
        party=None,
        tail=row["tail"],
        day=body.get("date"),
    )
    context.put(RECEIPT, {**row, "state": ReceiptState.RETURNED})


def _waiting(context: Context, body: Body, after: ReceiptState) -> Row:
    need_bank(context)
    row = context.need(RECEIPT, body["receipt"])
    if after not in RECEIPT_MOVES[ReceiptState(row["state"])]:
        raise Refusal("receipt-closed", field="receipt", state=row["state"])
    return row


def _trader(context: Context, party: str) -> None:
    if "enterprise" not in need_open(context, party)["roles"]:
        raise Refusal("account-missing", party=party)
