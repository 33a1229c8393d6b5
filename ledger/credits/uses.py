"""The use of serials for a public benefit: taken once, and taken for whoever holds them later.

Unlike a lock on serials (``locks.py``) it does not keep units from moving: what is spent is a
benefit, not the unit.  The rooms above call these verbs; the ledger does not know what a grant is.
"""

from __future__ import annotations

from ledger.accounts.verbs import registry, trading
from ledger.credits.ending import CANCELLED
from ledger.credits.locks import locked_spans, union
from ledger.credits.models import BATCH, BLOCK, FATE, RETIREMENT
from ledger.credits.serials import Span, count, split
from ledger.credits.uses_models import SERIAL_USE, Benefit, UseState
from ledger.projects.models import PROJECT, REPORT
from ledger.projects.withdrawing import attested
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row


def check_standing(
    context: Context, party: str, batch: str, span: Span, benefit: Benefit, act: str | None
) -> None:
    """Whether a party may claim a benefit for serials: it made, holds or has retired them.

    For handlers of confidential types.  Raises what ``check_real`` raises and Refusal
    ``serials-locked``, ``not-the-maker``, ``not-the-holder``, ``retirement-unknown`` or
    ``serials-not-retired``.
    """
    row = check_real(context, batch, span)
    if locked := count(split([span], locked_spans(context, batch))[1]):
        raise Refusal("serials-locked", field="credits", batch=batch, locked=locked, transferable=0)
    if benefit is Benefit.GENERATION and row["owner"] != party:
        raise Refusal("not-the-maker", field="credits", batch=batch)
    if benefit is Benefit.HOLDING and split([span], _held(context, party, batch))[0]:
        raise Refusal("not-the-holder", field="credits", batch=batch)
    if benefit is Benefit.RETIREMENT:
        retirement = None if act is None else context.get(RETIREMENT, act)
        if retirement is None or (retirement["party"], retirement["batch"]) != (party, batch):
            raise Refusal("retirement-unknown", field="credits", key=act or "")
        if split([span], union((first, last) for first, last in retirement["blocks"]))[0]:
            raise Refusal("serials-not-retired", field="credits", batch=batch)


def check_real(context: Context, batch: str, span: Span) -> Row:
    """Whether serials of a batch stand for reductions still; gives the batch.

    What was taken away before somebody cites it raises no event any more, so it is looked for here.
    Raises Refusal ``batch-unknown``, ``serials-outside-batch``, ``serials-cancelled`` or
    ``serials-unborne`` where no opinion bears the batch's year any more.
    """
    row = context.need(BATCH, batch)
    if not span[0] <= span[1] <= row["issued"]:
        raise Refusal("serials-outside-batch", field="credits", issued=row["issued"])
    ended = context.members(FATE, "ended", batch, CANCELLED)
    for fate in ended:
        if fate["first"] <= span[1] and span[0] <= fate["last"]:
            told = {"first": fate["first"], "last": fate["last"], "index": fate["index"]}
            raise Refusal("serials-cancelled", field="credits", batch=batch, **told)
    borne = attested(context.need(REPORT, row["report"])).get(row["vintage"], 0)
    if not borne or context.need(PROJECT, row["project"])["validator"] is None:
        raise Refusal("serials-unborne", field="credits", batch=batch, report=row["report"])
    return row


def check_unused(context: Context, batch: str, span: Span, benefit: Benefit) -> None:
    """Refuse serials for which a public benefit of the kind was given; raises ``use-taken``."""
    for key in context.children(SERIAL_USE, "taken", batch, benefit, UseState.TAKEN):
        refuse_overlap("use-taken", context.need(SERIAL_USE, *key), span)


def refuse_overlap(code: str, row: Row, span: Span) -> None:
    """Raise a Refusal where a row's serials are among those asked for; it tells of no others."""
    first, last = max(row["first"], span[0]), min(row["last"], span[1])
    if first <= last:
        raise Refusal(code, field="credits", batch=row["batch"], first=first, last=last)


def take_use(context: Context, batch: str, span: Span, benefit: Benefit) -> None:
    """Take the public use of serials; raises Refusal ``use-taken``."""
    check_unused(context, batch, span, benefit)
    place = {"batch": batch, "benefit": benefit, "first": span[0], "last": span[1]}
    context.put(SERIAL_USE, {**place, "index": context.index, "state": UseState.TAKEN})


def release_use(context: Context, batch: str, first: int, benefit: Benefit, index: int) -> None:
    """Give a use back that entry ``index`` took; one that was given back stays so."""
    row = context.need(SERIAL_USE, batch, benefit, first, index)
    context.put(SERIAL_USE, {**row, "state": UseState.RELEASED})


def _held(context: Context, party: str, batch: str) -> list[Span]:
    accounts = (registry(party), trading(party))
    keys = [key for name in accounts for key in context.children(BLOCK, "held", name, batch)]
    rows = [context.need(BLOCK, *key) for key in keys]
    return union((row["first"], row["last"]) for row in rows)
