"""Pledges: proposed by the owner, agreed by the bank, in force once registered (登记生效)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ledger.accounts import claims
from ledger.accounts.claims import CLAIM
from ledger.accounts.verbs import check_held, held, registry
from ledger.credits.handlers import own_batch
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date, midnight, whole
from ledger.pledges.models import DISPOSAL, PLEDGE, PLEDGE_MOVES, PledgeState
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.moves import check_move, wrong_state
from ledger.writer.versions import PLEDGES_END, RANKS_SHARED

Body = Mapping[str, Any]
NOTICE_DAYS = "pledge-notice-days"
PLEDGED = "pledged"
FORFEITURE = "forfeiture"
IN_FORCE = (PledgeState.REGISTERED, PledgeState.DEFAULTED)


def propose(context: Context, body: Body) -> None:
    """Offer a pledge; a clause that hands the units to the bank outright is void (流质条款).

    Civil Code, Art. 428: the pledgee has no more than priority in the proceeds.
    """
    if body["on_default"] == FORFEITURE:
        raise Refusal("pledge-forfeiture-void", field="on_default", article="Civil Code Art. 428")
    own_batch(context, body["batch"])
    bank = context.need(PARTY, body["bank"])
    if "bank" not in bank["roles"] or bank["status"] != "active":
        raise Refusal("pledgee-not-a-bank", field="bank", party=body["bank"])
    if body["until"] <= business_date(context.at):
        raise Refusal("pledge-term-past", field="until")
    if context.engine_version >= RANKS_SHARED:
        rank = _free_rank(context, context.party, body)
        if body["rank"] != rank:
            raise Refusal("pledge-rank-differs", field="rank", rank=rank)
    elif body["rank"] == 1:
        check_held(context, registry(context.party), body["batch"], body["quantity"])
    names = ("bank", "batch", "quantity", "contract", "secured_fen", "until", "rank")
    context.create(
        PLEDGE,
        {
            **{name: body[name] for name in names},
            "pledge": context.id,
            "pledgor": context.party,
            "recovered_fen": 0,
            "number": None,
            "state": PledgeState.PROPOSED,
            "disposal_from": None,
            "document": None,
            "salt": context.salt,
            "index": context.index,
        },
    )


def accept(context: Context, body: Body) -> None:
    """The bank agrees; nothing is pledged before the registration."""
    put(context, needed(context, body, "bank"), PledgeState.AGREED)


def decline(context: Context, body: Body) -> None:
    """The bank declines."""
    put(context, needed(context, body, "bank"), PledgeState.DECLINED)


def withdraw(context: Context, body: Body) -> None:
    """The owner withdraws what has not been registered."""
    put(context, needed(context, body, "pledgor"), PledgeState.WITHDRAWN)


def register(context: Context, body: Body) -> None:
    """Register: the units are pledged, or, at a lower rank, will be as others let go of them.

    The rank is that of the day of registration, which may be better than was agreed, not worse.
    Raises Refusal ``pledge-state``, ``pledge-number-taken``, ``pledge-rank-differs``, and
    ``balance-short`` where even all that others hold would not do.
    """
    row = needed(context, body)
    for key in context.children(PLEDGE, "number", body["number"]):
        raise Refusal("pledge-number-taken", field="number", pledge=key[0])
    put(context, row, PledgeState.REGISTERED, number=body["number"])
    shared = context.engine_version >= RANKS_SHARED
    if shared:
        rank = _free_rank(context, row["pledgor"], row)
    else:
        before = claims.standing(context, row["pledgor"], row["batch"])
        rank = 1 + sum(claim["bucket"] == PLEDGED for claim in before)
    claim = claims.place(
        context,
        row["pledgor"],
        row["batch"],
        PLEDGED,
        row["quantity"],
        sides="registry",
        creditor=row["bank"],
        name=row["pledge"],
    )
    if not shared and row["rank"] == 1 and claims.waiting(claim):
        have = claims.taken(claim)
        raise Refusal("balance-short", asset=row["batch"], have=have, need=row["quantity"])
    if rank > row["rank"] if shared else row["rank"] not in (1, rank):
        raise Refusal("pledge-rank-differs", pledge=row["pledge"], rank=rank)
    if shared:
        context.put(PLEDGE, {**context.need(PLEDGE, row["pledge"]), "rank": rank})


def _free_rank(context: Context, pledgor: str, pledged: Mapping[str, Any]) -> int:
    """The rank that a pledge of so much of a batch would have now.

    Raises Refusal ``balance-short`` where all claims together do not hold what it would wait for:
    it would stand registered over nothing.
    """
    batch, quantity = pledged["batch"], pledged["quantity"]
    before = claims.standing(context, pledgor, batch)
    available = held(context, registry(pledgor), batch)
    reach = available + sum(claim["registry"] for claim in before)
    if quantity > reach:
        raise Refusal("balance-short", asset=batch, have=reach, need=quantity)
    return claims.rank(len(before), quantity > available)


def release(context: Context, body: Body) -> None:
    """The bank lets go: first of what the pledge waits for, then of what it holds."""
    row = needed(context, body, "bank")
    claim = held_claim(context, row)
    quantity = body.get("quantity", claim["quantity"])
    if quantity > claim["quantity"]:
        raise Refusal("pledge-short", field="quantity", pledged=claim["quantity"])
    claims.release(context, claim, quantity)
    left = claim["quantity"] - quantity
    if left:
        context.put(PLEDGE, {**row, "quantity": left})
    else:
        put(context, row, PledgeState.RELEASED, quantity=0)


def extend(context: Context, body: Body) -> None:
    """The bank grants a longer term; the notice of a default falls, and what it had offered.

    Raises Refusal ``pledge-state``, ``pledge-not-longer`` and ``pledge-term-past``.
    """
    row = needed(context, body, "bank")
    held_claim(context, row)
    if body["until"] <= row["until"]:
        raise Refusal("pledge-not-longer", field="until", until=row["until"])
    longer = {**row, "until": body["until"]}
    if context.engine_version < PLEDGES_END:
        context.put(PLEDGE, longer)
        return
    if body["until"] < business_date(context.at):
        raise Refusal("pledge-term-past", field="until")
    # No move of its own: whoever registers a pledge must not meet one that is in default.
    calm = {"state": PledgeState.REGISTERED, "disposal_from": None, "document": None}
    context.put(PLEDGE, {**longer, **calm})
    _end_offers(context, row)


def default(context: Context, body: Body) -> None:
    """Give notice of a default, not before the term has run out; the disposal waits for it."""
    row = needed(context, body, "bank")
    today = business_date(context.at)
    if row["state"] == PledgeState.REGISTERED and today <= row["until"]:
        raise Refusal("pledge-term-runs", field="pledge", until=row["until"])
    first = business_date(midnight(today, whole(context, NOTICE_DAYS)))
    changed = {"disposal_from": first, "document": body["document"]}
    put(context, row, PledgeState.DEFAULTED, **changed)


def needed(context: Context, body: Body, side: str | None = None) -> Row:
    """A pledge by its name; on a side it is unknown to everybody else."""
    row = context.need(PLEDGE, body["pledge"])
    if side is not None and row[side] != context.party:
        raise Refusal("pledge-unknown", key=body["pledge"])
    context.concern(row["pledgor"], row["salt"])
    return row


def put(context: Context, row: Row, after: PledgeState, **changes: Any) -> None:
    """Move a pledge to another state; raises Refusal ``pledge-state``."""
    before = PledgeState(row["state"])
    check_move(context, "pledge-state", PLEDGE_MOVES, before, after, pledge=row["pledge"])
    context.put(PLEDGE, {**row, **changes, "state": after})
    if before == PledgeState.DEFAULTED and context.engine_version >= PLEDGES_END:
        _end_offers(context, row)


def _end_offers(context: Context, row: Row) -> None:
    for sale in context.members(DISPOSAL, "pledge", row["pledge"], "offered"):
        end_offer(context, sale)


def end_offer(context: Context, sale: Row) -> None:
    """An offer of pledged units that nobody can take any more."""
    context.concern(sale["bank"], sale["salt"])
    context.put(DISPOSAL, {**sale, "state": "ended"})


def party_left(context: Context, event: Body) -> None:
    """A party that leaves takes nothing of a bank: what was never registered comes to nothing."""
    if context.engine_version < PLEDGES_END:
        return
    for state in (PledgeState.PROPOSED, PledgeState.AGREED):
        for row in context.members(PLEDGE, "pledgor", event["party"], state):
            context.concern(row["pledgor"], row["salt"])
            put(context, row, PledgeState.WITHDRAWN)
    for sale in context.members(DISPOSAL, "buyer", event["party"], "offered"):
        end_offer(context, sale)


def not_in(context: Context, row: Row, needs: Sequence[PledgeState]) -> Refusal:
    """The refusal ``pledge-state`` of an act for which a pledge is in none of the states needed."""
    state, name = row["state"], row["pledge"]
    return wrong_state(context, "pledge-state", state, needs, needs[0], pledge=name)


def held_claim(context: Context, row: Row) -> Row:
    """The claim of a pledge that is in force; raises Refusal ``pledge-state``."""
    if row["state"] not in IN_FORCE:
        raise not_in(context, row, IN_FORCE)
    return context.need(CLAIM, row["pledge"])
