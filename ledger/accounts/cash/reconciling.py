"""日终对账: the bank's file of a day against the sub-ledgers, and explaining what differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ledger.accounts.cash.comparing import Difference, Line, compare
from ledger.accounts.cash.models import (
    BANK,
    CASH_DAY,
    DIFFERENCE,
    MOVEMENT,
    OPEN,
    RECONCILED,
    RECONCILIATION,
)
from ledger.accounts.cash.movements import last_reconciled, need_bank, unreconciled
from ledger.accounts.cash.schemas import IN
from ledger.accounts.cash.standing import SETTLED, UNEXPLAINED
from ledger.accounts.models import CASH, OMNIBUS
from ledger.accounts.verbs import held
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date
from ledger.writer.context import Context, people
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

Body = Mapping[str, Any]
EXPLAINED = "explained"


class Comparison(NamedTuple):
    """What a day's file comes to: ours at its close, what was carried, and the differences."""

    movements: list[Row]
    ledger_fen: int
    carried_fen: int
    differences: list[Difference]


def line_of(row: Mapping[str, Any]) -> Line:
    """A row of a statement as a signed line."""
    amount = row["amount_fen"] if row["direction"] == IN else -row["amount_fen"]
    return Line(row["reference"], amount, row.get("tail"))


def compared(context: Context, body: Body) -> Comparison:
    """Hold a file against the record; the same for the decision and for a look beforehand.

    Raises Refusal ``reconciliation-future``, ``day-reconciled``, and ``earlier-day-open`` where
    something moved on a day before that has no file yet.
    """
    day, today, last = body["date"], business_date(context.at), last_reconciled(context)
    if day > today:
        raise Refusal("reconciliation-future", field="date", today=today)
    if last is not None and day <= last:
        raise Refusal("day-reconciled", field="date", date=day, last=last)
    waiting = unreconciled(context)
    earlier = [row["date"] for row in waiting if row["date"] < day]
    if earlier:
        raise Refusal("earlier-day-open", field="date", date=min(earlier))
    omnibus = -held(context, OMNIBUS, CASH)
    movements = [row for row in waiting if row["date"] == day]
    ledger_fen = omnibus - sum(row["signed_fen"] for row in waiting if row["date"] > day)
    carried_fen = 0
    if last is not None:
        before = omnibus - sum(row["signed_fen"] for row in waiting)
        carried_fen = context.need(CASH_DAY, last)["closing_fen"] - before
    ours = _lines(movements)
    theirs = [line_of(row) for row in body["rows"]]
    differences = compare(theirs, ours, body["closing_fen"], ledger_fen, carried_fen)
    return Comparison(movements, ledger_fen, carried_fen, differences)


def _lines(movements: list[Row]) -> list[Line]:
    """Ours, with what corrections made of each; what they undid whole has no row at the bank."""
    sums: dict[str, int] = {}
    tails: dict[str, str | None] = {}
    for row in movements:
        name = row["corrects"] or row["reference"]
        sums[name] = sums.get(name, 0) + row["signed_fen"]
        tails[name] = row["tail"]
    return [Line(name, fen, tails[name]) for name, fen in sums.items() if fen]


def reconcile(context: Context, body: Body) -> None:
    """Take the bank's file of a day; each difference stays open until it is explained."""
    need_bank(context)
    if "exchange" not in context.need(PARTY, body["operator"])["roles"]:
        raise Refusal("operator-not-exchange", field="operator", party=body["operator"])
    found = compared(context, body)
    day = body["date"]
    for row in found.movements:
        context.put(MOVEMENT, {**row, "state": RECONCILED})
    for number, difference in enumerate(found.differences, 1):
        context.put(DIFFERENCE, _opened(context, body, number, difference))
    count = len(found.differences)
    _state(context, day, count, list(range(1, count + 1)), context.index)
    context.put(
        CASH_DAY,
        {
            "date": day,
            "operator": body["operator"],
            "file_sha256": body["file_sha256"],
            "rows": len(body["rows"]),
            "closing_fen": body["closing_fen"],
            "ledger_fen": found.ledger_fen,
            "carried_fen": found.carried_fen,
            "late_fen": 0,
            "persons": sorted(people(context.signers)),
            "salt": context.salt,
            "at": context.at,
            "index": context.index,
        },
    )


def explain(context: Context, body: Body) -> None:
    """An officer of the exchange who did not sign the file says why, with a document.

    Raises Refusal ``cash-difference-unknown``, ``difference-explained``, ``second-officer``.
    """
    row = context.need(DIFFERENCE, body["date"], body["number"])
    day = context.need(CASH_DAY, body["date"])
    if row["operator"] != context.party:
        raise Refusal("cash-difference-unknown", key=f"{body['date']}/{body['number']}")
    if row["state"] != OPEN:
        raise Refusal("difference-explained", field="number", document=row["document"])
    if people(context.signers) & set(day["persons"]):
        raise Refusal("second-officer")
    context.concern(BANK, day["salt"])
    told = {"ground": body["ground"], "document": body["document"]}
    context.put(DIFFERENCE, {**row, **told, "state": EXPLAINED})
    public = context.need(RECONCILIATION, body["date"])
    left = [number for number in public["open"] if number != body["number"]]
    _state(context, body["date"], public["differences"], left, public["index"])


def _opened(context: Context, body: Body, number: int, difference: Difference) -> Row:
    return {
        "date": body["date"],
        "number": number,
        "operator": body["operator"],
        "kind": difference.kind,
        "reference": difference.reference,
        "bank_fen": difference.bank_fen,
        "ledger_fen": difference.ledger_fen,
        "difference_fen": difference.fen,
        "late_fen": 0,
        "state": OPEN,
        "ground": None,
        "document": None,
        "index": context.index,
    }


def _state(context: Context, day: str, count: int, left: list[int], index: int) -> None:
    context.put(
        RECONCILIATION,
        {
            "date": day,
            "state": UNEXPLAINED if left else SETTLED,
            "differences": count,
            "open": left,
            "index": index,
        },
    )
