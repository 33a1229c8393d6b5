"""Enforcing a pledge: sold for the debt; what is over is the pledgor's (Civil Code, Art. 436)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.accounts import claims
from ledger.accounts.cash.movements import leave
from ledger.accounts.models import CASH
from ledger.accounts.verbs import check_held, post, registry, trading
from ledger.credits.blocks import give_blocks
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date
from ledger.pledges.handlers import PLEDGED, held_claim, needed, not_in, put
from ledger.pledges.models import DISPOSAL, PLEDGE, PledgeState
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

Body = Mapping[str, Any]


def dispose(context: Context, body: Body) -> None:
    """Offer pledged units to a buyer, once the notice has run."""
    row = needed(context, body, "bank")
    if row["state"] != PledgeState.DEFAULTED:
        raise not_in(context, row, [PledgeState.DEFAULTED])
    if business_date(context.at) < row["disposal_from"]:
        raise Refusal("pledge-notice-runs", field="pledge", first=row["disposal_from"])
    buyer = context.need(PARTY, body["buyer"])
    if "enterprise" not in buyer["roles"] or buyer["status"] != "active":
        raise Refusal("receiver-cannot-hold", field="buyer", party=body["buyer"])
    if body["buyer"] == row["pledgor"]:
        raise Refusal("transfer-to-self", field="buyer")
    _check_pledged(context, row, body["quantity"])
    context.create(
        DISPOSAL,
        {
            "disposal": context.id,
            **{name: row[name] for name in ("pledge", "pledgor", "bank")},
            **{name: body[name] for name in ("buyer", "quantity", "amount_fen")},
            "to_debt_fen": 0,
            "surplus_fen": 0,
            "state": "offered",
            "salt": context.salt,
            "index": context.index,
        },
    )


def withdraw(context: Context, body: Body) -> None:
    """The bank takes an offer back that nobody has answered."""
    sale = _offered(context, body, "bank")
    context.put(DISPOSAL, {**sale, "state": "withdrawn"})


def buy(context: Context, body: Body) -> None:
    """Units against cash in one entry: the debt first, the surplus to the pledgor."""
    sale = _offered(context, body, "buyer")
    row = needed(context, sale)
    claim = _check_pledged(context, row, sale["quantity"])
    amount, debt = sale["amount_fen"], row["secured_fen"] - row["recovered_fen"]
    to_debt = min(amount, debt)
    account = trading(context.party)
    check_held(context, account, CASH, amount)
    # The bank is paid outside of the record: a movement of its day, by this statement's own id.
    leave(context, "disposal", to_debt, account, reference=context.id, party=context.party)
    if amount > to_debt:
        post(context, CASH, amount - to_debt, account, trading(row["pledgor"]))
    claims.take_out(context, claim, sale["quantity"])
    source, target = registry(row["pledgor"]), registry(context.party)
    post(context, row["batch"], sale["quantity"], source, target, take=PLEDGED)
    give_blocks(context, row["batch"], sale["quantity"], source, target)
    paid = {"to_debt_fen": to_debt, "surplus_fen": amount - to_debt, "state": "sold"}
    context.put(DISPOSAL, {**sale, **paid})
    left = claim["quantity"] - sale["quantity"]
    changed = {"recovered_fen": row["recovered_fen"] + to_debt, "quantity": left}
    if left and to_debt < debt:
        context.put(PLEDGE, {**row, **changed})
        return
    if left:  # paid in full: the rest is free
        claims.release(context, held_claim(context, row), left)
    put(context, row, PledgeState.CLOSED, **{**changed, "quantity": 0})


def _offered(context: Context, body: Body, side: str) -> Row:
    sale = context.need(DISPOSAL, body["disposal"])
    if sale[side] != context.party:
        raise Refusal("disposal-unknown", key=body["disposal"])
    if sale["state"] != "offered":
        raise Refusal("disposal-closed", field="disposal", state=sale["state"])
    context.concern(sale["bank"], sale["salt"])
    return sale


def _check_pledged(context: Context, row: Row, quantity: int) -> Row:
    claim = held_claim(context, row)
    holds = claims.taken(claim)
    if quantity > holds:
        raise Refusal("pledge-short", field="quantity", pledged=holds)
    return claim
