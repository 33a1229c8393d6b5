"""Which recorded answers a fact may change that takes the place of none that they cite.

A new voice may count before the one that an answer rests on, add an item to a list, or say what
nobody had said.  Looked for are the answers of the rules that ask for the fact's indicator, about
its subject and period; a fact that a standing louder voice outvotes changes nothing.
"""

from __future__ import annotations

from datetime import date

from incentives.models import RULE
from incentives.onrecord.models import ANSWER
from incentives.rules.binding import Binding
from incentives.rules.rule import read
from ledger.facts.models import PARTY
from ledger.facts.periods import period_of
from ledger.facts.stood import known_to
from ledger.writer.context import Context
from ledger.writer.kinds import Row

Asking = dict[str, tuple[str, ...]]


def hearing(context: Context, fact: Row) -> list[Row]:
    """The recorded answers about a fact's subject whose rule listens to it."""
    if fact["subject_kind"] != PARTY:
        return []
    found = []
    for rule in _asking(context).get(fact["indicator"], ()):
        for key in context.children(ANSWER, "question", fact["subject"], rule):
            answer = context.need(ANSWER, *key)
            if _listens(context, answer, fact):
                found.append(answer)
    return found


def _asking(context: Context) -> Asking:
    """The rules that ask for each indicator in some text of theirs."""
    memo = context.memo(RULE)
    if "asking" not in memo:
        found: dict[str, set[str]] = {}
        for key in context.children(RULE, "all"):
            row = context.need(RULE, *key)
            binding = read(row["text"]).facts
            for indicator in () if binding is None else binding.indicators:
                found.setdefault(indicator, set()).add(row["rule"])
        memo["asking"] = {indicator: tuple(sorted(rules)) for indicator, rules in found.items()}
    asking: Asking = memo["asking"]
    return asking


def _listens(context: Context, answer: Row, fact: Row) -> bool:
    """Whether the text by which an answer was given takes a fact for its period and voice."""
    text = context.need(RULE, answer["rule"], answer["rule_entry"])["text"]
    binding = read(text).facts
    if binding is None or fact["indicator"] not in binding.indicators:
        return False
    period = period_of(binding.period, date.fromisoformat(answer["as_of"]))
    if period != (fact["start"], fact["end"]) or fact["role"] not in binding.said_by:
        return False
    return not _outvoted(context, binding, fact)


def _outvoted(context: Context, binding: Binding, fact: Row) -> bool:
    """Whether a fact about the same thing stands that a louder voice has stated."""
    louder = binding.said_by[: binding.said_by.index(fact["role"])]
    asked, start, end = [fact["indicator"]], fact["start"], fact["end"]
    standing = known_to(context, asked, start, end, context.index + 1, fact["subject"])
    return any(
        row["role"] in louder and row["dimensions"] == fact["dimensions"] for row in standing
    )
