"""Freezes on an authority's order, and what a court hands to another (司法冻结、司法划转)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.accounts import claims
from ledger.accounts.cash.payouts import stop_payouts
from ledger.accounts.claims import CLAIM
from ledger.accounts.models import BUCKETS, CASH
from ledger.accounts.verbs import held, post, registry, trading
from ledger.credits.blocks import give_blocks
from ledger.credits.handlers import own_batch, stop_transfers
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date, midnight, whole
from ledger.restraints.models import FREEZE, REASSIGNMENT, FreezeState
from ledger.restraints.orders import act_once, check_authority, refuse_copy
from ledger.restraints.reversing import check_corrected
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State
from ledger.writer.versions import DOCUMENTS_KEPT

Body = Mapping[str, Any]
DAYS_MAX = "freeze-days-max"


def order(context: Context, body: Body) -> None:
    """Freeze what is available, end what is offered, and wait for what others hold."""
    if body["asset"] != CASH:
        own_batch(context, body["asset"])
    _enterprise(context, body["party"], "party")
    refuse_copy(context, "freeze", body, body["party"], body["asset"])
    total = owned(context, body["party"], body["asset"])
    if body["quantity"] > total:
        raise Refusal("freeze-over-holding", field="quantity", held=total)
    act_once(context, "freeze", body, body["party"], body["asset"])
    put_freeze(context, body, body["quantity"], until=_until(context, body["until"]))


def renew(context: Context, body: Body) -> None:
    """Prolong a freeze: never after it has lapsed, and never to an earlier day.

    The freeze goes on naming the document that ordered it, and after it each that renewed it,
    each of which does so once.
    """
    row = check_authority(context, _standing(context, body["freeze"]), body)
    kept = context.engine_version >= DOCUMENTS_KEPT
    if kept:
        act_once(context, "renew", body, row["party"], row["freeze"])
    if row["until"] is not None and body["until"] <= row["until"]:
        raise Refusal("freeze-not-longer", field="until", until=row["until"])
    day, instant = _until(context, body["until"])
    named = {name: body[name] for name in ("authority", "document")}
    if kept:
        named["document"] = f"{row['document']}；{body['document']}"
    context.put(FREEZE, {**row, **named, "until": day, "until_at": instant})


def lift(context: Context, body: Body) -> None:
    """Lift a freeze: first what it waits for, then what it holds."""
    row = check_authority(context, _standing(context, body["freeze"]), body)
    refuse_copy(context, "lift", body, row["party"], row["freeze"])
    claim = context.need(CLAIM, body["freeze"])
    quantity = body.get("quantity", claim["quantity"])
    if quantity > claim["quantity"]:
        raise Refusal("freeze-short", field="quantity", standing=claim["quantity"])
    act_once(context, "lift", body, row["party"], row["freeze"])
    end_freeze(context, row, claim, quantity, FreezeState.LIFTED)


def lapse(context: Context, body: Body) -> None:
    """A freeze has run out: the units are their holder's, or the next claim's."""
    row = _standing(context, body["freeze"])
    if row["until_at"] is None or row["until_at"] > context.at:
        raise Refusal("not-due", freeze=body["freeze"])
    claim = context.need(CLAIM, body["freeze"])
    end_freeze(context, row, claim, claim["quantity"], FreezeState.LAPSED)


def execute(context: Context, body: Body) -> None:
    """Hand to the receiver what a freeze holds."""
    row = check_authority(context, _standing(context, body["freeze"]), body)
    refuse_copy(context, "execute", body, row["party"], row["freeze"])
    claim = context.need(CLAIM, body["freeze"])
    check_frozen(claim, body["quantity"])
    _receiver(context, body["receiver"], row["party"])
    act_once(context, "execute", body, row["party"], row["freeze"])
    for source, part in spend(context, row, claim, body["quantity"]).items():
        hand_over(context, row["asset"], part, source, body["receiver"], "frozen")
    _note(context, body, row["party"], row["asset"], "execution", freeze=row["freeze"])


def reassign(context: Context, body: Body) -> None:
    """非交易过户, or the reversal of an entry: available units alone, whoever else has a claim.

    Raises Refusal ``correction-names-entry``, those of ``check_corrected``, and
    ``balance-short``.
    """
    own_batch(context, body["batch"])
    context.need(PARTY, body["party"])
    _receiver(context, body["receiver"], body["party"])
    if (body["ground"] == "correction") is not ("corrects" in body):
        raise Refusal("correction-names-entry", field="corrects", ground=body["ground"])
    if "corrects" in body:
        check_corrected(context, body)
    act_once(context, "reassign", body, body["party"], body["batch"])
    for account, part in available(context, body["party"], body["batch"], body["quantity"]):
        hand_over(context, body["batch"], part, account, body["receiver"], "available")
    corrects = body.get("corrects")
    _note(context, body, body["party"], body["batch"], body["ground"], corrects=corrects)


def due(state: State, at: int) -> Iterator[Due]:
    """Freezes that have run out."""
    for row in state.overdue(FREEZE, at):
        yield Due(
            row["until_at"],
            f"{row['freeze']}/{row['until']}",
            "freeze.lapse",
            {"freeze": row["freeze"]},
        )


def put_freeze(
    context: Context,
    order: Body,
    quantity: int,
    *,
    until: tuple[str | None, int | None] = (None, None),
    name: str | None = None,
    duty: str | None = None,
) -> None:
    """Begin a freeze; where units or cash are missing, end what is not final yet, then offers."""
    day, instant = until
    party, asset = order["party"], order["asset"]
    claim = claims.place(context, party, asset, "frozen", quantity, name=name)
    row = {
        "freeze": claim["claim"],
        "party": party,
        "asset": asset,
        "ordered": quantity,
        "executed": 0,
        "authority": order["authority"],
        "document": order["document"],
        "until": day,
        "until_at": instant,
        "state": FreezeState.STANDING,
        "duty": duty,
        "index": context.index,
    }
    context.create(FREEZE, row)
    if claims.waiting(claim):
        if asset == CASH:
            stop_payouts(context, party, claim["claim"])
        else:
            stop_transfers(context, party, asset)
    if claims.waiting(context.need(CLAIM, claim["claim"])):
        context.emit("units-claimed", party=party, asset=asset)


def end_freeze(context: Context, row: Row, claim: Row, quantity: int, state: FreezeState) -> None:
    """Let go of so much of a freeze; it ends with its last unit."""
    claims.release(context, claim, quantity)
    if quantity == claim["quantity"]:
        context.put(FREEZE, {**row, "state": state})


def check_frozen(claim: Row, quantity: int) -> None:
    """Raise Refusal ``freeze-short`` where a freeze holds too few."""
    holds = claims.taken(claim)
    if quantity > holds:
        waits = claims.waiting(claim)
        raise Refusal("freeze-short", field="quantity", frozen=holds, waiting=waits)


def spend(context: Context, row: Row, claim: Row, quantity: int) -> dict[str, int]:
    """Take units that a freeze holds out of it, by account; the caller posts them elsewhere."""
    parts = claims.take_out(context, claim, quantity)
    state = FreezeState.STANDING if claim["quantity"] > quantity else FreezeState.EXECUTED
    context.put(FREEZE, {**row, "executed": row["executed"] + quantity, "state": state})
    return {f"{row['party']}/{side}": part for side, part in parts.items() if part}


def hand_over(
    context: Context, asset: str, quantity: int, source: str, receiver: str, take: str
) -> None:
    """Post units with their serials to a receiver's registry account, cash to its trading one."""
    target = trading(receiver) if asset == CASH else registry(receiver)
    post(context, asset, quantity, source, target, take=take)
    if asset != CASH:
        give_blocks(context, asset, quantity, source, target)


def available(context: Context, party: str, asset: str, quantity: int) -> list[tuple[str, int]]:
    """So much of what a party has available, of its registry account first.

    Raises Refusal ``balance-short`` where both accounts hold less.
    """
    parts, missing = [], quantity
    for account in (registry(party), trading(party)):
        if part := min(missing, held(context, account, asset)):
            parts.append((account, part))
            missing -= part
    if missing:
        raise Refusal("balance-short", asset=asset, have=quantity - missing, need=quantity)
    return parts


def owned(context: Context, party: str, asset: str) -> int:
    """All that a party has of an asset, whatever state it is in."""
    accounts = (registry(party), trading(party))
    return sum(held(context, account, asset, b) for account in accounts for b in BUCKETS)


def _standing(context: Context, name: str) -> Row:
    row = context.need(FREEZE, name)
    if row["state"] != FreezeState.STANDING:
        raise Refusal("freeze-ended", field="freeze", state=row["state"])
    return row


def _until(context: Context, day: str) -> tuple[str, int]:
    """The last day and the instant after it; raises Refusal where it is past or too far off."""
    today = business_date(context.at)
    limit = whole(context, DAYS_MAX)
    latest = business_date(midnight(today, limit))
    if not today <= day <= latest:
        raise Refusal("freeze-period", field="until", first=today, last=latest)
    return day, midnight(day, 1)


def _enterprise(context: Context, party: str, field: str) -> Row:
    row = context.need(PARTY, party)
    if "enterprise" not in row["roles"]:
        raise Refusal("account-missing", field=field, party=party)
    return row


def _receiver(context: Context, receiver: str, holder: str) -> None:
    if receiver == holder:
        raise Refusal("transfer-to-self", field="receiver")
    row = _enterprise(context, receiver, "receiver")
    if row["status"] != "active":
        raise Refusal("receiver-cannot-hold", field="receiver", party=receiver)


def _note(
    context: Context,
    body: Body,
    sender: str,
    asset: str,
    ground: str,
    *,
    corrects: int | None = None,
    freeze: str | None = None,
) -> None:
    context.create(
        REASSIGNMENT,
        {
            "reassignment": context.id,
            "sender": sender,
            "receiver": body["receiver"],
            "batch": asset,
            "quantity": body["quantity"],
            "ground": ground,
            "authority": body["authority"],
            "document": body["document"],
            "corrects": corrects,
            "freeze": freeze,
            "index": context.index,
        },
    )
