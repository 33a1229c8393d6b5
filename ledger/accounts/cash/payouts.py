"""出金: a party asks, its cash is set aside, the bank pays or cannot, and that is final."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ledger.accounts import claims
from ledger.accounts.cash.accounts import payee_account, usable
from ledger.accounts.cash.models import (
    ACCOUNT,
    PAYOUT,
    PAYOUT_MOVES,
    SET_ASIDE,
    PayoutState,
)
from ledger.accounts.cash.movements import leave, need_bank
from ledger.accounts.cash.standing import need_reconciled
from ledger.accounts.models import CASH
from ledger.accounts.verbs import income, move, trading
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date, whole
from ledger.parties.working_days import working_days
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

Body = Mapping[str, Any]
DAYS = "payout-working-days"


def request(context: Context, body: Body) -> None:
    """Set the amount aside; an exchange asks for its income, a trader for its trading cash.

    Raises Refusal ``cash-not-reconciled``, those of the account, and ``balance-short``.
    """
    need_reconciled(context)
    payee_account(context, body["account"])
    source = source_of(context, context.party)
    move(context, CASH, body["amount_fen"], source, source, give=SET_ASIDE)
    today = date.fromisoformat(business_date(context.at))
    due_by = working_days(context).after(today, whole(context, DAYS))
    context.create(
        PAYOUT,
        {
            "payout": context.id,
            "party": context.party,
            "account": body["account"],
            "source": source,
            "amount_fen": body["amount_fen"],
            "state": PayoutState.REQUESTED,
            "due_by": due_by.isoformat(),
            "reference": None,
            "reason": None,
            "salt": context.salt,
            "at": context.at,
            "index": context.index,
        },
    )


def source_of(context: Context, party: str) -> str:
    """The account that a party is paid out of: an exchange's income, a trader's trading account."""
    exchange = "exchange" in context.need(PARTY, party)["roles"]
    return income(party) if exchange else trading(party)


def cancel(context: Context, body: Body) -> None:
    """The party thinks better of it while the bank has not begun."""
    row = context.need(PAYOUT, body["payout"])
    if row["party"] != context.party:
        raise Refusal("payout-unknown", key=body["payout"])
    _free(context, _moved(context, row, PayoutState.CANCELLED))


def send(context: Context, body: Body) -> None:
    """The bank has begun to pay: from here on it can only be paid or fail."""
    need_reconciled(context)
    row = _at_bank(context, body)
    usable(context, row["party"], row["account"])
    context.put(PAYOUT, _moved(context, row, PayoutState.SENT))


def paid(context: Context, body: Body) -> None:
    """Final: the cash has left the omnibus account.

    A payout that was announced as sent is a fact whatever the books say; one that was not is
    held against the same rules as sending.
    """
    row = _at_bank(context, body)
    if row["state"] == PayoutState.REQUESTED:
        need_reconciled(context)
        usable(context, row["party"], row["account"])
    after = _moved(context, row, PayoutState.PAID)
    leave(
        context,
        "payout",
        row["amount_fen"],
        row["source"],
        reference=body["reference"],
        party=row["party"],
        take=SET_ASIDE,
        tail=context.need(ACCOUNT, row["account"])["tail"],
        day=body.get("date"),
    )
    context.put(PAYOUT, {**after, "reference": body["reference"]})


def fail(context: Context, body: Body) -> None:
    """The bank could not pay; the cash is available again, unless a claim waits for it."""
    after = _moved(context, _at_bank(context, body), PayoutState.FAILED)
    _free(context, {**after, "reason": body["reason"]})


def stop_payouts(context: Context, party: str, claim: str) -> None:
    """Cancel payouts that the bank has not begun, the newest first, until a claim holds its cash.

    What is freed goes to the claims that wait for it, the oldest first.
    """
    rows = context.members(PAYOUT, "under_way", party, PayoutState.REQUESTED)
    for row in sorted(rows, key=lambda row: (row["index"], row["payout"]), reverse=True):
        if not claims.waiting(context.need(claims.CLAIM, claim)):
            return
        if row["source"] == trading(party):
            _free(context, _moved(context, row, PayoutState.CANCELLED))


def _at_bank(context: Context, body: Body) -> Row:
    need_bank(context)
    return context.need(PAYOUT, body["payout"])


def _moved(context: Context, row: Row, after: PayoutState) -> Row:
    if after not in PAYOUT_MOVES[PayoutState(row["state"])]:
        raise Refusal("payout-closed", field="payout", state=row["state"])
    context.concern(row["party"], row["salt"])
    return {**row, "state": after}


def _free(context: Context, row: Row) -> None:
    source = row["source"]
    move(context, CASH, row["amount_fen"], source, source, take=SET_ASIDE)
    context.put(PAYOUT, row)
