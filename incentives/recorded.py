"""What the ledger itself says to a rule's queries, as known at a log size.

Quantities are units of a class of credits that were retired by the party, or issued to it, within
the period of the rule (days in Shanghai). Nothing done is nought, which is no missing fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import Connection, select

from incentives.rules.binding import Query
from incentives.rules.rule import Rule
from ledger.credits.models import batch_table, retirement_table
from ledger.facts.periods import period_of
from ledger.parties.parameters import midnight
from ledger.writer.kinds import Row
from ledger.writer.store import read_entry


def recorded(
    connection: Connection, rule: Rule, party: Row, on: date, size: int
) -> dict[str, object]:
    """The answers to a rule's queries about a party, by input; none where nothing is known."""
    if rule.facts is None:
        return {}
    start, end = period_of(rule.facts.period, on)
    span = midnight(start), midnight(end, 1)
    found: Mapping[str, object] = {
        name: _answer(connection, query, party, span, size)
        for name, query in rule.facts.queries.items()
    }
    return {name: value for name, value in found.items() if value is not None}


def _answer(
    connection: Connection, query: Query, party: Row, span: tuple[int, int], size: int
) -> object:
    if query.name == "region":
        return party["region"]
    if query.name == "has-role":
        return query.word in party["roles"]
    amounts = _retired if query.name == "retired-quantity" else _issued
    return sum(amounts(connection, party["party"], query.word, span, size))


def _retired(
    connection: Connection, party: str, word: str, span: tuple[int, int], size: int
) -> Iterator[int]:
    retired, batch = retirement_table.c, batch_table.c
    query = select(retired.quantity).join(batch_table, retired.batch == batch.batch)
    query = query.where(retired.party == party, batch["class"] == word, retired.index < size)
    query = query.where(retired.at >= span[0], retired.at < span[1])
    yield from connection.execute(query).scalars()


def _issued(
    connection: Connection, party: str, word: str, span: tuple[int, int], size: int
) -> Iterator[int]:
    batch = batch_table.c
    query = select(batch.issued, batch.index)
    query = query.where(batch.owner == party, batch["class"] == word, batch.index < size)
    for issued, index in connection.execute(query):
        entry = read_entry(connection, index)
        if entry is not None and span[0] <= entry.at < span[1]:
            yield issued
