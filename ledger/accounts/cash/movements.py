"""Every movement across the omnibus account, once: reference, day, amount."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.accounts.cash.comparing import DOUBLED, UNKNOWN
from ledger.accounts.cash.models import (
    BANK,
    CASH_DAY,
    CORRECTION,
    DIFFERENCE,
    LATE,
    MOVEMENT,
    OPEN,
    RECONCILIATION,
    CorrectionState,
)
from ledger.accounts.models import CASH, OMNIBUS
from ledger.accounts.verbs import held, move, post
from ledger.parties.parameters import business_date
from ledger.statements.canonical import INTEGER_MAX
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.versions import CASH_BOUNDED


def need_bank(context: Context) -> None:
    """Refuse another bank than the one that keeps the omnibus account."""
    if context.party != BANK:
        raise Refusal("not-settlement-bank", bank=BANK)


def enter(
    context: Context,
    act: str,
    amount_fen: int,
    target: str,
    *,
    reference: str,
    party: str | None,
    tail: str | None = None,
    day: str | None = None,
) -> None:
    """Cash has come in: from the omnibus account to ``target``; raises as ``check_bounded``."""
    check_bounded(context, amount_fen)
    _record(context, act, amount_fen, reference, party, tail, day)
    post(context, CASH, amount_fen, OMNIBUS, target)


def leave(
    context: Context,
    act: str,
    amount_fen: int,
    source: str,
    *,
    reference: str,
    party: str | None,
    take: str = "available",
    tail: str | None = None,
    day: str | None = None,
) -> None:
    """Cash has gone out of a bucket of ``source``; raises Refusal ``balance-short``."""
    _record(context, act, -amount_fen, reference, party, tail, day)
    move(context, CASH, amount_fen, source, OMNIBUS, take=take)


def check_bounded(context: Context, more_fen: int) -> None:
    """Refuse what would take the omnibus account beyond what a balance or a file can state.

    All cash is a part of it, so that no account can hold more.  Raises Refusal
    ``value-too-large``.
    """
    held_fen = -held(context, OMNIBUS, CASH)
    if held_fen + more_fen > INTEGER_MAX and context.engine_version >= CASH_BOUNDED:
        raise Refusal("value-too-large", field="amount_fen")


def last_reconciled(context: Context) -> str | None:
    """The newest day that was held against the bank's file."""
    days = context.children(RECONCILIATION, "all")
    return str(days[-1][0]) if days else None


def unreconciled(context: Context) -> list[Row]:
    """The movements that wait for their day's file."""
    return context.members(MOVEMENT, "state", OPEN)


def _record(
    context: Context,
    act: str,
    signed_fen: int,
    reference: str,
    party: str | None,
    tail: str | None,
    day: str | None,
) -> None:
    """Raises Refusal ``reference-spent`` and those of ``_placed``."""
    check_unspent(context, reference)
    placed = _placed(context, reference, signed_fen, day)
    row = {
        "reference": reference,
        "party": party,
        "act": act,
        "corrects": None,
        "signed_fen": signed_fen,
        "tail": tail,
        **placed,
        "index": context.index,
    }
    context.create(MOVEMENT, row)
    if placed["state"] == LATE:
        note_late(context, placed["date"], reference, signed_fen)


def check_unspent(context: Context, reference: str) -> None:
    """Raise Refusal ``reference-spent`` where a movement bears the reference already."""
    known = context.get(MOVEMENT, reference)
    if known is not None:
        raise Refusal("reference-spent", field="reference", date=known["date"])


def note_late(context: Context, day: str, reference: str, signed_fen: int) -> None:
    """So much of what a day's file differed by has been put right after it."""
    (row,) = [row for row in told(context, day, reference) if row["kind"] != DOUBLED]
    context.put(DIFFERENCE, {**row, "late_fen": row["late_fen"] + signed_fen})
    closed = context.need(CASH_DAY, day)
    context.put(CASH_DAY, {**closed, "late_fen": closed["late_fen"] + signed_fen})


def told(context: Context, day: str, reference: str) -> list[Row]:
    """What the file of a day and the record said differently of a reference."""
    keys = context.children(DIFFERENCE, "reference", day, reference)
    return [context.need(DIFFERENCE, *key) for key in keys]


def corrections_of(context: Context, reference: str) -> list[Row]:
    """The corrections of a movement, the oldest first."""
    keys = context.children(CORRECTION, "reference", reference)
    rows = [context.need(CORRECTION, *key) for key in keys]
    return sorted(rows, key=lambda row: (row["index"], row["correction"]))


def pair_of(correction: str) -> tuple[str, str]:
    """The references of what a correction adds: a reversal and a restatement."""
    return f"{correction}/1", f"{correction}/2"


def pairs(context: Context, reference: str) -> list[str]:
    """The references of what the corrections of a movement have added."""
    rows = corrections_of(context, reference)
    posted = [row["correction"] for row in rows if row["state"] == CorrectionState.POSTED]
    return [name for correction in posted for name in pair_of(correction)]


def _placed(context: Context, reference: str, signed_fen: int, day: str | None) -> dict[str, str]:
    """The day of a movement, and whether its file is still to come.

    After the cut of a day, which is its file, what moves counts for the next. A day that is cut
    takes only what its own file had and the record had not, to the fen.
    Raises Refusal ``movement-future``, ``day-reconciled`` and ``movement-not-as-filed``.
    """
    last, today = last_reconciled(context), business_date(context.at)
    if day is None:
        open_day = today if last is None or last < today else _next(last)
        return {"date": open_day, "state": OPEN}
    if day > today:
        raise Refusal("movement-future", field="date", today=today)
    if last is None or day > last:
        return {"date": day, "state": OPEN}
    lacked = [row for row in told(context, day, reference) if row["kind"] == UNKNOWN]
    if not lacked:
        raise Refusal("day-reconciled", field="date", date=day, last=last)
    if lacked[0]["bank_fen"] != signed_fen:
        filed = lacked[0]["bank_fen"]
        raise Refusal("movement-not-as-filed", field="amount_fen", filed_fen=filed)
    return {"date": day, "state": LATE}


def _next(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
