"""The risk reserve (风险准备金): a stated share of fees, set aside and spent on approval alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.accounts.models import CASH
from ledger.accounts.verbs import income, move, trading
from ledger.parties.models import PARTY
from ledger.parties.parameters import parameter
from ledger.parties.standing import need_open
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from market.rounding import rounded
from market.sessions.models import CLOSED, SESSION
from market.settlement.models import DEAL
from market.supervision.authority import EXCHANGE, operator_of
from market.supervision.limits import RESERVE_PERCENT, needed
from market.supervision.models import RESERVE_APPROVAL, RESERVE_DAY, ApprovalState

Body = Mapping[str, Any]


def reserve(operator: str) -> str:
    """An exchange's account of its risk reserve; at the settlement bank it is cash like other."""
    return f"{operator}/risk-reserve"


def set_aside(context: Context, body: Body) -> None:
    """The share of one closed session's fees, in whole fen rounded up, once.

    Raises Refusal ``operator-other``, ``session-not-closed``, ``reserve-set-aside``, and
    ``parameter-not-in-force`` where no share is stated.
    """
    venue, day = body["venue"], body["date"]
    operator = operator_of(context, venue)
    if operator != context.party:
        raise Refusal("operator-other", venue=venue, operator=operator)
    session = context.need(SESSION, venue, day)
    if session["state"] != CLOSED:
        raise Refusal("session-not-closed", field="date", date=day)
    if context.get(RESERVE_DAY, venue, day) is not None:
        raise Refusal("reserve-set-aside", field="date", date=day)
    deals = context.members(DEAL, "day", venue, day)
    fees = sum(row["buyer_fee_fen"] + row["seller_fee_fen"] for row in deals)
    amount = rounded(needed(context, RESERVE_PERCENT) * fees, "up")
    if amount:
        move(context, CASH, amount, income(operator), reserve(operator))
    row = {"venue": venue, "date": day, "operator": operator, "fees_fen": fees}
    share = {"percent": parameter(context, RESERVE_PERCENT), "amount_fen": amount}
    context.put(RESERVE_DAY, {**row, **share, "index": context.index})


def approve(context: Context, body: Body) -> None:
    """The regulator lets an exchange spend; raises Refusal ``operator-not-exchange``."""
    if EXCHANGE not in need_open(context, body["operator"])["roles"]:
        raise Refusal("operator-not-exchange", field="operator", party=body["operator"])
    _receiver(context, body["receiver"])
    names = ("operator", "receiver", "amount_fen", "reason", "document")
    row = {name: body[name] for name in names}
    stated = {"approval": context.id, "author": context.party, "state": ApprovalState.OPEN}
    context.create(RESERVE_APPROVAL, {**row, **stated, "index": context.index})


def spend(context: Context, body: Body) -> None:
    """Pay what was approved; raises Refusal ``approval-spent`` or ``balance-short``."""
    row = context.get(RESERVE_APPROVAL, body["approval"])
    if row is None or row["operator"] != context.party:
        raise Refusal("reserve-approval-unknown", key=body["approval"])
    if row["state"] != ApprovalState.OPEN:
        raise Refusal("approval-spent", field="approval", state=row["state"])
    _receiver(context, row["receiver"])
    target = trading(row["receiver"])
    move(context, CASH, row["amount_fen"], reserve(row["operator"]), target)
    context.put(RESERVE_APPROVAL, {**row, "state": ApprovalState.SPENT})


def _receiver(context: Context, party: str) -> None:
    """Raise Refusal ``account-missing`` for a receiver without accounts."""
    need_open(context, party)
    if "enterprise" not in context.need(PARTY, party)["roles"]:
        raise Refusal("account-missing", field="receiver", party=party)
