"""Where an answer reads the record: the tables, or the state in which a decision is being made.

Both give the same rows for the same log size, so that the engine can work out for itself an answer
that somebody puts on the record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from sqlalchemy import Connection, select

from incentives import quantities
from incentives.errors import QueryUnrecorded
from incentives.models import RULE
from incentives.quantities import Span
from incentives.queries import laws_at
from incentives.rule_sets import holding
from incentives.rules.rule import Rule, read
from ledger.facts.queries import known
from ledger.facts.stood import known_to
from ledger.parties.models import PARTY, party_table
from ledger.parties.people_models import ACT, act_table
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from ledger.writer.store import Rows, batched, plain
from ledger.writer.versions import ISSUES_TIMED

CHANGE = "party.change"


class Reading(Protocol):
    """What the question of a party needs of the record, as known at a log size."""

    def party(self, party: str, size: int) -> Row | None:
        """A party with its region as known at a log size, or None."""

    def laws(self, as_of: str, size: int) -> list[tuple[Row, Rule]]:
        """The rules that hold on a day, sorted by name, each with its row."""

    def facts(
        self, indicators: Collection[str], start: str, end: str, size: int, subject: str
    ) -> list[Row]:
        """Facts of a subject about indicators over one period, in the order of their stating."""

    def retired(self, party: str, kind: str, span: Span, size: int) -> int:
        """How many units of a class a party retired from one instant until before another."""

    def issued(self, party: str, kind: str, span: Span, size: int) -> int:
        """How many units of a class were issued to a party in that time.

        Raises QueryUnrecorded where what is read does not tell it.
        """


class Stored:
    """Reads the tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def party(self, party: str, size: int) -> Row | None:
        """A party with its region as known at a log size, or None."""
        rows = Rows(self._connection)
        row = rows.row(PARTY, (party,))
        return _known(row, rows.group(ACT, ACT.groups["type"], (party, CHANGE)), size)

    def regions(self, parties: Iterable[str], size: int) -> dict[str, str | None]:
        """The regions of many parties as known at a log size; who was not there is left out."""
        found: dict[str, str | None] = {}
        for part in batched(parties):
            column = party_table.c
            rows = select(column.party, column.region, column.index).where(column.party.in_(part))
            acts = select(act_table).where(
                act_table.c.party.in_(part), act_table.c.type == CHANGE, act_table.c.index >= size
            )
            changes: dict[str, list[Row]] = {}
            for act in self._connection.execute(acts).mappings():
                changes.setdefault(act["party"], []).append(plain(act))
            for row in self._connection.execute(rows).mappings():
                known = _known(plain(row), changes.get(row["party"], ()), size)
                if known is not None:
                    found[known["party"]] = known["region"]
        return found

    def laws(self, as_of: str, size: int) -> list[tuple[Row, Rule]]:
        """The rules that hold on a day, sorted by name, each with its row without the texts."""
        return laws_at(self._connection, as_of, size)

    def facts(
        self, indicators: Collection[str], start: str, end: str, size: int, subject: str
    ) -> list[Row]:
        """Facts of a subject about indicators over one period, in the order of their stating."""
        return known(self._connection, indicators, start, end, size, subject)

    def retired(self, party: str, kind: str, span: Span, size: int) -> int:
        """How many units of a class a party retired from one instant until before another."""
        return quantities.retired(self._connection, party, kind, span, size)

    def issued(self, party: str, kind: str, span: Span, size: int) -> int:
        """How many units of a class were issued to a party in that time."""
        return quantities.issued(self._connection, party, kind, span, size)


class Deciding:
    """Reads the state of a decision of a confidential type."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def party(self, party: str, size: int) -> Row | None:
        """A party with its region as known at a log size, or None."""
        acts = self._context.members(ACT, "type", party, CHANGE)
        return _known(self._context.get(PARTY, party), acts, size)

    def laws(self, as_of: str, size: int) -> list[tuple[Row, Rule]]:
        """The rules that hold on a day, sorted by name, each with its row."""
        rows = self._context.members(RULE, "all")
        return [(row, read(row["text"])) for row in holding(rows, as_of, size)]

    def facts(
        self, indicators: Collection[str], start: str, end: str, size: int, subject: str
    ) -> list[Row]:
        """Facts of a subject about indicators over one period, in the order of their stating."""
        return known_to(self._context, indicators, start, end, size, subject)

    def retired(self, party: str, kind: str, span: Span, size: int) -> int:
        """How many units of a class a party retired from one instant until before another."""
        return quantities.retired_to(self._context, party, kind, span, size)

    def issued(self, party: str, kind: str, span: Span, size: int) -> int:
        """How many units of a class were issued to a party in that time.

        Raises QueryUnrecorded where a batch does not say when it was issued.
        """
        if self._context.engine_version < ISSUES_TIMED:
            raise QueryUnrecorded("query-unrecorded")
        rows = quantities.issued_to(self._context, party, kind, span, size)
        return sum(int(row["issued"]) for row in rows)


def _known(row: Row | None, changes: Iterable[Row], size: int) -> Row | None:
    """A party as it was at a log size: what it was called later would change old answers."""
    if row is None or row["index"] >= size:
        return None
    before = [
        (act["index"], act["place"], act["detail"]["before"]["region"])
        for act in changes
        if act["index"] >= size and "region" in act["detail"]["before"]
    ]
    return {**row, "region": min(before)[2]} if before else row
