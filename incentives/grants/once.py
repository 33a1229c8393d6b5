"""What a grant pays for, which is paid for once: a party, a rule, and the days that it asks about.

An answer has an id, but the same question can be recorded under many; the days cannot be.
"""

from __future__ import annotations

from datetime import date

from incentives.grants.models import GRANT, OVER
from incentives.models import RULE
from incentives.onrecord.models import ANSWER
from incentives.rules.rule import read
from ledger.facts.periods import period_of
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row


def check_once(context: Context, answer: Row) -> None:
    """Refuse an answer whose days a grant of its party by the same rule covers already.

    A grant that was refused, withdrawn or revoked covers none.  Raises Refusal ``days-used``.
    """
    first, last = _days(context, answer)
    for key in context.children(GRANT, "applicant", answer["subject"]):
        grant = context.need(GRANT, *key)
        if grant["rule"] != answer["rule"] or grant["state"] in OVER:
            continue
        since, until = _days(context, context.need(ANSWER, grant["answer"]))
        if since <= last and first <= until:
            told = {"grant": grant["grant"], "first": since, "last": until}
            raise Refusal("days-used", field="answer", **told)


def _days(context: Context, answer: Row) -> tuple[str, str]:
    """The period of the facts that an answer rests on.

    A rule that asks the record for nothing names no period, so that whoever asks could choose a day
    for each payment: while one grant by it stands, every day is covered.
    """
    law = read(context.need(RULE, answer["rule"], answer["rule_entry"])["text"])
    if law.facts is None:
        return date.min.isoformat(), date.max.isoformat()
    return period_of(law.facts.period, date.fromisoformat(answer["as_of"]))
