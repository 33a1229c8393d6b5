"""What the ledger itself says to a rule's queries, as known at a log size.

Quantities are units of a class of credits that were retired by the party, or issued to it, within
the period of the rule (days in Shanghai). Nothing done is nought, which is no missing fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from incentives.errors import QueryUnrecorded
from incentives.quantities import Span
from incentives.reading import Reading
from incentives.rules.binding import Binding, Query
from incentives.rules.rule import Rule
from ledger.facts.periods import period_of
from ledger.parties.parameters import midnight
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row


def recorded(reading: Reading, rule: Rule, party: Row, on: date, size: int) -> dict[str, object]:
    """The answers to a rule's queries about a party, by input; none where nothing is known.

    Raises Refusal ``query-unrecorded``, naming the input, where what is read does not hold it.
    """
    if rule.facts is None:
        return {}
    span = span_of(rule.facts, on)
    found: Mapping[str, object] = {
        name: _answer(reading, name, query, party, span, size)
        for name, query in rule.facts.queries.items()
    }
    return {name: value for name, value in found.items() if value is not None}


def span_of(binding: Binding, on: date) -> Span:
    """The time, UTC ms, of the period in which a rule's facts and queries lie for a day."""
    start, end = period_of(binding.period, on)
    return midnight(start), midnight(end, 1)


def _answer(reading: Reading, name: str, query: Query, party: Row, span: Span, size: int) -> object:
    if query.name == "region":
        return party["region"]
    if query.name == "has-role":
        return query.word in party["roles"]
    amount = reading.retired if query.name == "retired-quantity" else reading.issued
    try:
        return amount(party["party"], query.word, span, size)
    except QueryUnrecorded as fault:
        raise Refusal(fault.code, input=name, query=query.name) from fault
