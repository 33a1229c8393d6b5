"""What a revocation does to answers and grants: who cited what fell is asked again.

The events are told by rooms below.  What follows from them lies behind the leaf, since who cited
what is private: each answer waits for the scheduler, which puts its question again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from incentives.asking import known_party, put_of
from incentives.grants.citing import citing
from incentives.grants.models import AWARDED, GRANT
from incentives.grants.recovery_opening import open_reviewed
from incentives.models import RULE
from incentives.onrecord import declaring
from incentives.onrecord.hearing import hearing
from incentives.onrecord.models import ANSWER, CITE, REVIEW, Cited, ReviewState
from incentives.onrecord.waiting import fact_of, wait
from incentives.reading import Deciding
from incentives.rules.rule import read
from ledger.credits.models import BATCH
from ledger.credits.serials import Span
from ledger.projects.models import REPORT
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State
from ledger.writer.versions import UNITS_KEPT

Event = Mapping[str, Any]


def fact_corrected(context: Context, event: Event) -> None:
    """A fact was corrected: whatever cites one of its line of corrections waits for its review."""
    line = fact_of(context, event["fact"])["first"]
    for key in context.children(CITE, "line", Cited.FACT, line):
        _await(context, context.need(CITE, *key), Cited.FACT, event["fact"])


def fact_stated(context: Context, event: Event) -> None:
    """A voice spoke that counts: whatever a rule would now answer by it waits for its review.

    What the same entry touches by a correction waits already.
    """
    for answer in hearing(context, fact_of(context, event["fact"])):
        if context.get(REVIEW, answer["answer"], context.index) is None:
            _await(context, answer, Cited.FACT, event["fact"])


def opinion_withdrawn(context: Context, event: Event) -> None:
    """A verification was withdrawn, wholly or in part: every batch that it bore is touched."""
    for (batch,) in context.children(BATCH, "report", event["report"]):
        _fell(context, batch)


def validation_withdrawn(context: Context, event: Event) -> None:
    """A validation was withdrawn: so is what its reports bore."""
    for (report,) in context.children(REPORT, "project", event["project"]):
        opinion_withdrawn(context, {"report": report})


def units_cancelled(context: Context, event: Event) -> None:
    """Named serials were cancelled."""
    for first, last in event["spans"]:
        _fell(context, event["batch"], (first, last))


def review(context: Context, body: Mapping[str, Any]) -> None:
    """Put the question of a recorded answer again: rule and region of then, the facts of now.

    Raises Refusal ``not-due`` where nothing waits.  Where the answer is another one, or units that
    it rests on fell, a grant that was given on it becomes a recovery case.
    """
    row = context.need(REVIEW, body["answer"], body["cause"])
    if row["state"] != ReviewState.WAITING:
        raise Refusal("not-due", answer=body["answer"])
    stated = context.need(ANSWER, body["answer"])
    law = read(context.need(RULE, stated["rule"], stated["rule_entry"])["text"])
    on = date.fromisoformat(stated["as_of"])
    reading = Deciding(context)
    subject = known_party(reading, stated["subject"], stated["known_at"])
    declared = declaring.read(stated["declared"])
    found = put_of(reading, law, subject, on, context.index, declared=declared).written
    status, amount = str(found["status"]), found["amount_fen"]
    differs = (status, amount) != (stated["status"], stated["amount_fen"])
    fell = differs or row["what"] == Cited.CREDIT
    state = ReviewState.CHANGED if fell else ReviewState.SAME
    again = {"state": state, "status": status, "amount_fen": amount, "index": context.index}
    context.put(REVIEW, {**row, **again})
    if fell:
        for key in context.children(GRANT, "answer", body["answer"]):
            grant = context.need(GRANT, *key)
            if grant["state"] in AWARDED:
                open_reviewed(context, grant, row)


def due(state: State, at: int) -> Iterator[Due]:
    """Answers that wait for their question to be put again."""
    for row in state.overdue(REVIEW, at):
        body = {"answer": row["answer"], "cause": row["cause"]}
        yield Due(row["at"], f"{row['answer']}/{row['cause']}", "answer.review", body)


def _fell(context: Context, batch: str, span: Span | None = None) -> None:
    """Units of a batch fell, all or some: who rests on them, the answer or its grant, waits."""
    for key in context.children(CITE, "line", Cited.CREDIT, batch):
        cited = context.need(CITE, *key)
        if span is None or (cited["first"] <= span[1] and span[0] <= cited["last"]):
            _await(context, cited, Cited.CREDIT, batch)
    for grant in citing(context, batch, span):
        answer = context.need(ANSWER, context.need(GRANT, grant)["answer"])
        # Named by the grant, and the grantee's alone: who asked has no part in it, and the public
        # entry by which they fell would tell which batch it cites.
        if context.engine_version >= UNITS_KEPT:
            answer = {**answer, "asker": answer["subject"]}
        _await(context, answer, Cited.CREDIT, grant)


def _await(context: Context, cited: Row, what: Cited, name: str) -> None:
    wait(context, cited, what, name, context.index)
    salt = context.need(ANSWER, cited["answer"])["salt"]
    for party in (cited["asker"], cited["subject"]):
        context.concern(party, salt)
