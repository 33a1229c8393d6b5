"""Answers that wait for their question to be put again."""

from __future__ import annotations

from incentives.onrecord.models import REVIEW, Cited, ReviewState
from ledger.facts.models import FACT, PRIVATE_FACT
from ledger.writer.context import Context
from ledger.writer.kinds import Row


def wait(context: Context, answer: Row, what: Cited, name: str, cause: int) -> None:
    """Let an answer wait for its review since ``name``, on which it rests, fell at entry ``cause``.

    An entry counts once for an answer; where units and facts fall with it, the units count.
    """
    row = {
        "answer": answer["answer"],
        "cause": cause,
        "what": what,
        "name": name,
        "asker": answer["asker"],
        "subject": answer["subject"],
        "state": ReviewState.WAITING,
        "at": context.at,
        **dict.fromkeys(("status", "amount_fen", "index")),
    }
    known = context.get(REVIEW, *REVIEW.key_of(row))
    if known is None:
        context.create(REVIEW, row)
    elif known["what"] != Cited.CREDIT:
        context.put(REVIEW, row)


def fact_of(context: Context, name: str) -> Row:
    """A fact of either circle; raises Refusal ``fact-unknown``."""
    return context.get(PRIVATE_FACT, name) or context.need(FACT, name)
