"""Proposing a block, and what the other side answers; confidential to the two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.accounts.models import CASH
from ledger.accounts.verbs import move, trading
from ledger.credits.handlers import own_batch
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date, midnight
from ledger.writer.context import Context, people
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State
from market import rules
from market.blocks.models import MOVES, PROPOSAL, ProposalState, other_salt
from market.checks import judge, may_trade, tradable
from market.instruments.handlers import fits
from market.instruments.models import INSTRUMENT
from market.positions import check_position
from market.readers import BLOCK
from market.settlement.deals import Sale, Side, settle
from market.settlement.freezes import freeze
from market.terms import Terms, order_faults

Body = Mapping[str, Any]


def propose(context: Context, body: Body) -> None:
    """Freeze what the proposer gives, units or price and fee, until the other side answers."""
    instrument, _ = tradable(context, body["instrument"], BLOCK)
    terms = rules.terms(context, instrument, BLOCK)
    may_trade(context, terms)
    _check_other(context, terms, body["counterparty"])
    price, quantity = body["price_fen"], body["quantity"]
    judge(context, order_faults(terms, instrument["reference_fen"], price, quantity))
    until = _until(context, terms, body)
    portions, frozen = [], 0
    if body["side"] == "sell":
        portions = freeze(context, _narrowed(context, instrument, body), quantity)
    else:
        if "batch" in body:
            _narrowed(context, instrument, body)
        check_position(context, terms, instrument, quantity)
        frozen = _price_and_fee(terms, price, quantity)
        account = trading(context.party)
        move(context, CASH, frozen, account, account, give="frozen")
    names = ("instrument", "side", "counterparty", "price_fen", "quantity")
    row = {
        **{name: body[name] for name in names},
        "proposal": context.id,
        "proposer": context.party,
        "venue": instrument["venue"],
        "batch": body.get("batch"),
        "portions": portions,
        "frozen_fen": frozen,
        "until": until,
        "until_at": midnight(until, 1),
        "state": ProposalState.OPEN,
        "date": None,
        "deal": None,
        "persons": sorted(people(context.signers)),
        "salt": context.salt,
        "at": context.at,
        "index": context.index,
    }
    _tell_sides(context, row)
    context.create(PROPOSAL, row)


def accept(context: Context, body: Body) -> None:
    """The other side agrees: both legs and the fees in this outcome."""
    row = _open(context, body, "counterparty")
    instrument, session = tradable(context, row["instrument"], BLOCK)
    terms = rules.terms(context, instrument, BLOCK)
    may_trade(context, terms)
    if people(context.signers) & set(row["persons"]):
        context.fault("self-trade", field="proposal")
    price, quantity = row["price_fen"], row["quantity"]
    judge(context, order_faults(terms, instrument["reference_fen"], price, quantity))
    assert context.salt is not None  # the circle's schema demands it
    buyer_fee, seller_fee = terms.fees(price * quantity)
    ours, theirs = context.salt, row["salt"]
    if row["side"] == "sell":
        check_position(context, terms, instrument, quantity)
        buyer = Side(context.party, ours, context.id, buyer_fee)
        seller = Side(row["proposer"], theirs, row["proposal"], seller_fee)
        portions, pays_from = row["portions"], "available"
    else:
        _top_up(context, row, _price_and_fee(terms, price, quantity))
        buyer = Side(row["proposer"], theirs, row["proposal"], buyer_fee)
        seller = Side(context.party, ours, context.id, seller_fee)
        portions = freeze(context, _narrowed(context, instrument, row), quantity)
        pays_from = "frozen"
    sale = Sale(
        instrument,
        session,
        terms,
        buyer=buyer,
        seller=seller,
        price_fen=price,
        quantity=quantity,
        portions=portions,
        pays_from=pays_from,
        told=False,
    )
    settle(context, sale)
    deal = f"{context.index}-{context.tally('deal', 0)}"
    spent = {"portions": [], "frozen_fen": 0, "date": session["date"], "deal": deal}
    put(context, {**row, **spent, "state": ProposalState.AGREED})


def decline(context: Context, body: Body) -> None:
    """The other side does not want it: what was frozen is the proposer's again."""
    end(context, _open(context, body, "counterparty"), ProposalState.DECLINED)


def withdraw(context: Context, body: Body) -> None:
    """The proposer takes back what nobody accepted; at any time, so that nothing stays frozen."""
    end(context, _open(context, body, "proposer"), ProposalState.WITHDRAWN)


def lapse(context: Context, body: Body) -> None:
    """Its last day is over and nobody accepted."""
    row = context.need(PROPOSAL, body["proposal"])
    if row["state"] != ProposalState.OPEN or row["until_at"] > context.at:
        raise Refusal("not-due", proposal=body["proposal"])
    end(context, row, ProposalState.LAPSED)


def due(state: State, at: int) -> Iterator[Due]:
    """Proposals whose last day is over."""
    for row in state.overdue(PROPOSAL, at):
        body = {"proposal": row["proposal"]}
        yield Due(row["until_at"], row["proposal"], "block.lapse", body)


def end(context: Context, row: Row, state: ProposalState) -> None:
    """End an open proposal; what it had frozen is available to its proposer again."""
    assert state in MOVES[row["state"]]
    account = trading(row["proposer"])
    for batch, quantity in row["portions"]:
        move(context, batch, quantity, account, account, take="frozen")
    if row["frozen_fen"]:
        move(context, CASH, row["frozen_fen"], account, account, take="frozen")
    put(context, {**row, "portions": [], "frozen_fen": 0, "state": state})


def put(context: Context, row: Row) -> None:
    """Write a proposal that has changed."""
    _tell_sides(context, row)
    context.put(PROPOSAL, row)


def _tell_sides(context: Context, row: Row) -> None:
    """Each side's part is salted from a secret that it knows."""
    for party, salt in ((row["proposer"], row["salt"]), (row["counterparty"], other_salt(row))):
        if party != context.party or context.public:
            context.concern(party, salt)


def _open(context: Context, body: Body, side: str) -> Row:
    row = context.need(PROPOSAL, body["proposal"])
    if row[side] != context.party:
        raise Refusal("block-proposal-unknown", key=body["proposal"])
    if row["state"] != ProposalState.OPEN:
        raise Refusal("block-closed", field="proposal", state=row["state"])
    return row


def _check_other(context: Context, terms: Terms, party: str) -> None:
    if party == context.party:
        context.fault("self-trade", field="counterparty")
    row = context.need(PARTY, party)
    if row["status"] != "active" or not terms.eligible & set(row["roles"]):
        context.fault("counterparty-not-eligible", field="counterparty", party=party)


def _narrowed(context: Context, instrument: Row, named: Body) -> Row:
    """The instrument, of which only the named batch is delivered where one is named."""
    if named.get("batch") is None:
        return instrument
    batch = own_batch(context, named["batch"])
    if not fits(instrument, batch):
        raise Refusal("batch-not-of-instrument", field="batch", instrument=instrument["instrument"])
    return {**instrument, "batch": batch["batch"]}


def _until(context: Context, terms: Terms, body: Body) -> str:
    """The last day: today, or one of the days for which the rules let an order stand."""
    today = business_date(context.at)
    latest = business_date(midnight(today, terms.days_open - 1))
    until = str(body.get("until", today))
    if not today <= until <= latest:
        context.fault("block-until", field="until", first=today, last=latest)
    return until


def _price_and_fee(terms: Terms, price_fen: int, quantity: int) -> int:
    amount = price_fen * quantity
    return amount + terms.fees(amount)[0]


def _top_up(context: Context, row: Row, needed: int) -> None:
    """Freeze what a fee that rose since asks for, or give back what one that fell leaves."""
    account, more = trading(row["proposer"]), needed - row["frozen_fen"]
    if more > 0:
        move(context, CASH, more, account, account, give="frozen")
    elif more < 0:
        move(context, CASH, -more, account, account, take="frozen")


def instrument_of(context: Context, row: Row) -> Row:
    """The instrument of a proposal, in whatever state it is."""
    return context.need(INSTRUMENT, row["instrument"])
