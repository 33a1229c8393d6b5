"""冲正: the amount of a movement that was stated wrongly, reversed and stated anew.

A correction leaves the movement as it was and adds two, its reversal and the right amount, which
belong to its day and stand in the same row of the bank's file.  Money that was never there is
taken back from whoever was credited with it, never below zero: what the account lacks becomes a
claim of the bank, which takes what is available, ends what is not final yet, and waits for the
rest.  Until the bank has collected it, the cash of everybody else is whole but for that claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.accounts import claims
from ledger.accounts.cash.comparing import DOUBLED
from ledger.accounts.cash.models import (
    BANK,
    CORRECTION,
    CORRECTION_MOVES,
    LATE,
    MOVEMENT,
    OPEN,
    RECEIPT,
    CorrectionState,
    ReceiptState,
)
from ledger.accounts.cash.movements import (
    check_bounded,
    corrections_of,
    need_bank,
    note_late,
    pair_of,
    told,
)
from ledger.accounts.cash.payouts import source_of, stop_payouts
from ledger.accounts.cash.receipts import SUSPENSE
from ledger.accounts.claims import CLAIM
from ledger.accounts.models import CASH, OMNIBUS
from ledger.accounts.verbs import check_held, held, income, post, trading
from ledger.parties.standing import need_open
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

Body = Mapping[str, Any]
SIGNS = {"deposit": 1, "receipt": 1, "payout": -1}
"""The acts whose amount may be corrected: a return follows its receipt, a sale its contract."""
REVERSAL, RESTATED = "reversal", "restated"


def correct(context: Context, body: Body) -> None:
    """State the right amount of a movement; a correction that still waits is withdrawn for it.

    What that one claimed keeps its place among the claims and stands for what is missing now.
    Raises Refusal ``cash-movement-unknown``, ``movement-not-corrected``, ``receipt-closed``,
    ``party-closed``, ``correction-void``, ``correction-against-file``, and ``balance-short`` where
    no claim can be placed, on income or suspense.
    """
    need_bank(context)
    movement = context.need(MOVEMENT, body["reference"])
    if movement["act"] not in SIGNS:
        raise Refusal("movement-not-corrected", field="reference", act=movement["act"])
    earlier = corrections_of(context, movement["reference"])
    claim = _withdrawn(context, earlier)
    stated = _stated(movement, earlier)
    right = SIGNS[movement["act"]] * body["amount_fen"]
    if right == stated:
        if claim is None:
            raise Refusal("correction-void", field="amount_fen", stated_fen=stated)
        claims.resize(context, claim, 0)
        return
    row = {
        "correction": context.id,
        "reference": movement["reference"],
        "party": movement["party"],
        "account": _account(context, movement, right),
        "stated_fen": stated,
        "right_fen": right,
        "document": body["document"],
        "claim": None,
        "state": CorrectionState.CLAIMED,
        "index": context.index,
    }
    _check_filed(context, movement, row)
    context.create(CORRECTION, row)
    lacks = max(0, stated - right)
    if claim is not None:
        row |= {"claim": claim["claim"]}
        claim = claims.resize(context, claim, lacks)
    elif lacks > held(context, row["account"], CASH):
        if row["account"] in (SUSPENSE, income(row["party"] or "")):
            check_held(context, row["account"], CASH, lacks)
        row |= {"claim": row["correction"]}
        claim = _claim(context, row, lacks)
    if claim is None or not lacks:
        _post(context, row, "available")
    elif claims.waiting(claim):
        context.put(CORRECTION, row)
    else:
        _collect(context, row, claim)


def collect(context: Context, body: Body) -> None:
    """Take back what a correction claims, once the claim holds all of it.

    Raises Refusal ``correction-closed``, ``correction-waits``, ``correction-against-file``.
    """
    need_bank(context)
    row = context.need(CORRECTION, body["correction"])
    _check_moves(row, CorrectionState.POSTED)
    _check_filed(context, context.need(MOVEMENT, row["reference"]), row)
    claim = context.need(CLAIM, row["claim"])
    if missing := claims.waiting(claim):
        raise Refusal("correction-waits", field="correction", missing_fen=missing)
    _collect(context, row, claim)


def nothing_claimed(context: Context, party: str) -> None:
    """Raise Refusal ``closing-correction`` where the bank still waits for a party's cash."""
    for (name,) in context.children(CORRECTION, "party", party, CorrectionState.CLAIMED):
        raise Refusal("closing-correction", correction=name)


def _stated(movement: Row, corrections: list[Row]) -> int:
    """What a movement comes to, with what has been put right of it."""
    posted = [row["right_fen"] for row in corrections if row["state"] == CorrectionState.POSTED]
    return int(posted[-1] if posted else movement["signed_fen"])


def _account(context: Context, movement: Row, right: int) -> str:
    """Where the money of a movement is: with the party, or in suspense, whose receipt follows."""
    party = movement["party"]
    if movement["act"] == "receipt":
        receipt = _receipt(context, movement["reference"])
        if receipt["state"] == ReceiptState.RETURNED:
            raise Refusal("receipt-closed", field="reference", state=receipt["state"])
        if receipt["state"] != ReceiptState.IDENTIFIED:
            if not right:
                raise Refusal("movement-not-corrected", field="amount_fen", act=movement["act"])
            return SUSPENSE
        party = receipt["party"]
    need_open(context, party)
    return source_of(context, party) if movement["act"] == "payout" else trading(party)


def _receipt(context: Context, reference: str) -> Row:
    (key,) = context.children(RECEIPT, "reference", reference)
    return context.need(RECEIPT, *key)


def _check_filed(context: Context, movement: Row, row: Row) -> None:
    """After its day's file a movement is what the file says; before, nothing is known of it."""
    if movement["state"] == OPEN:
        return
    found = told(context, movement["date"], movement["reference"])
    rows = [difference["bank_fen"] or 0 for difference in found if difference["kind"] != DOUBLED]
    filed = rows[0] if rows else row["stated_fen"]
    if row["right_fen"] != filed:
        raise Refusal("correction-against-file", field="amount_fen", filed_fen=filed)


def _claim(context: Context, row: Row, quantity: int) -> Row:
    """Begin the bank's claim; what is under way and then what is offered makes room for it."""
    party = row["party"]
    claims.place(
        context,
        party,
        CASH,
        "frozen",
        quantity,
        sides="trading",
        creditor=BANK,
        name=row["claim"],
    )
    stop_payouts(context, party, row["claim"])
    if claims.waiting(context.need(CLAIM, row["claim"])):
        context.emit("units-claimed", party=party, asset=CASH)
    return context.need(CLAIM, row["claim"])


def _collect(context: Context, row: Row, claim: Row) -> None:
    claims.take_out(context, claim, claim["quantity"])
    _post(context, row, "frozen")


def _post(context: Context, row: Row, take: str) -> None:
    """Reverse and restate on the movement's day, and move the difference."""
    movement = context.need(MOVEMENT, row["reference"])
    state = OPEN if movement["state"] == OPEN else LATE
    pair = ((REVERSAL, -row["stated_fen"]), (RESTATED, row["right_fen"]))
    for name, (act, signed_fen) in zip(pair_of(row["correction"]), pair, strict=True):
        changed = {"reference": name, "act": act, "corrects": movement["reference"]}
        more = {"signed_fen": signed_fen, "state": state, "index": context.index}
        context.create(MOVEMENT, {**movement, **changed, **more})
    if movement["act"] == "receipt":
        context.put(
            RECEIPT,
            {**_receipt(context, movement["reference"]), "amount_fen": row["right_fen"]},
        )
    change = row["right_fen"] - row["stated_fen"]
    if state == LATE:
        note_late(context, movement["date"], movement["reference"], change)
    if change > 0:
        check_bounded(context, change)
        post(context, CASH, change, OMNIBUS, row["account"])
    else:
        post(context, CASH, -change, row["account"], OMNIBUS, take=take)
    context.put(CORRECTION, {**row, "state": CorrectionState.POSTED})


def _withdrawn(context: Context, earlier: list[Row]) -> Row | None:
    """Withdraw the correction that still waits; gives its claim, which stands as it stood."""
    for row in earlier:
        if row["state"] == CorrectionState.CLAIMED:
            context.put(CORRECTION, {**row, "state": CorrectionState.WITHDRAWN})
            return context.need(CLAIM, row["claim"])
    return None


def _check_moves(row: Row, after: CorrectionState) -> None:
    if after not in CORRECTION_MOVES[CorrectionState(row["state"])]:
        raise Refusal("correction-closed", field="correction", state=row["state"])
