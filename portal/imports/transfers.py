"""The plan of a file of account transfers: opening acts first, then transactions by date.

A transaction is taken whole or not at all: if one of its rows is refused, all are, and each says
because of which. One leg per row is kept until the file ends, without its raw cells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from portal.imports.bodies import transaction_body
from portal.imports.dates import Moment
from portal.imports.errors import Param
from portal.imports.ground import Ground
from portal.imports.model import Event, Left, Leg, LegRow, Refused, Transaction
from portal.imports.openings import Effect, Holding, minimal_openings
from portal.imports.plan import Act, Json
from portal.imports.report import Report
from portal.imports.text import clean

OPENING_LINES = 500
"""Balances per opening act, so that no body grows with the file."""

Operations = Mapping[str, tuple[str, Effect]]
OTHER: tuple[str, Effect] = ("other", "move")


@dataclass(slots=True)
class _Open:
    """A transaction whose rows are still coming; `refused` is the first row that spoils it."""

    id: str
    at: Moment | None = None
    type: str = ""
    legs: list[Leg] = field(default_factory=list)
    refused: int = 0


class _Collector:
    """Groups rows by transaction, refuses what cannot be whole."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._open: dict[str, _Open] = {}
        self._ids: dict[str, int] = {}
        self._lost = 0
        self._runs = 0
        self._last = ""

    def _group(self, name: str) -> _Open:
        self._runs += name != self._last
        self._last = name
        return self._open.setdefault(name, _Open(name))

    def refuse(self, refusal: Refused, name: str) -> None:
        """Refuse a row and remember which transaction it spoils; "" is any, and is told."""
        self.report.refuse(refusal)
        if name:
            group = self._group(name)
            group.refused = group.refused or refusal.row
        else:
            self._lost += 1

    def add(self, row: LegRow) -> None:
        """Take a row into its transaction."""
        group = self._group(row.transaction)
        if group.at is None:
            group.at, group.type = row.at, row.type
        params: dict[str, Param] = {"transaction": row.transaction}
        first = self._ids.setdefault(row.leg.id, row.row)
        if row.at != group.at:
            refusal = Refused(row.row, "transaction-disagrees", "date", params, row.raw)
        elif row.type != group.type:
            refusal = Refused(row.row, "transaction-disagrees", "type", params, row.raw)
        elif first != row.row:
            params = {"id": row.leg.id, "first_row": first}
            refusal = Refused(row.row, "id-repeated", "id", params, row.raw)
        else:
            group.legs.append(row.leg)
            return
        self.refuse(refusal, row.transaction)

    def _refuse_rest(self, group: _Open) -> None:
        for leg in group.legs:
            params: dict[str, Param] = {"transaction": group.id, "because_row": group.refused}
            self.report.refuse(Refused(leg.row, "transaction-incomplete", "", params))

    def whole(self, operations: Operations) -> list[tuple[Transaction, Effect]]:
        """The transactions with all of their rows, by date and first row."""
        found: list[tuple[Transaction, Effect]] = []
        for group in self._open.values():
            if group.refused:
                self._refuse_rest(group)
            elif group.at is not None:
                operation, effect = operations.get(group.type, OTHER)
                legs = tuple(group.legs)
                found.append((Transaction(group.id, group.at, group.type, operation, legs), effect))
        self._tell(found)
        return sorted(found, key=lambda pair: (pair[0].at.ms, pair[0].legs[0].row))

    def _tell(self, found: list[tuple[Transaction, Effect]]) -> None:
        late, latest = 0, -1
        for transaction, _ in found:
            late += transaction.at.ms < latest
            latest = max(latest, transaction.at.ms)
        self.report.note("applied-in-date-order", transactions=len(found), out_of_file_order=late)
        interleaved = self._runs - len(self._open)
        if interleaved:
            self.report.note("transactions-interleaved", runs=self._runs)
        unknown = sorted({pair[0].type for pair in found if pair[0].operation == OTHER[0]})
        if unknown:
            self.report.note("type-not-identified", types=tuple(unknown))
        if self._lost:
            self.report.note("refused-row-of-unknown-transaction", rows=self._lost)


def _openings(opening: Mapping[Holding, int], ms: int, whole: bool, report: Report) -> list[Act]:
    """Opening balances in acts of bounded size.

    Where they are the extract's own (`whole`), digest and number name an act; where they add to
    what stood on record before, its own lines do, since another run may find other balances.
    """
    ordered = sorted(opening.items(), key=lambda item: (item[0][0], len(item[0][1]), item[0][1]))
    parts = [ordered[n : n + OPENING_LINES] for n in range(0, len(ordered), OPENING_LINES)]
    acts = []
    for number, part in enumerate(parts, 1):
        lines: list[Json] = [[unit, account, units] for (unit, account), units in part]
        body: dict[str, Json] = {
            "registry": report.registry,
            "extract_sha256": report.sha256,
            "part": number,
            "parts": len(parts),
            "lines": lines,
        }
        digest = hashlib.sha256(json.dumps(lines).encode()).hexdigest()
        name = str(number) if whole else digest
        key = f"opening/{report.sha256}/{name}"
        acts.append(Act("mirror.opening", report.registry, key, ms, body))
    return acts


def _opened(ordered: list[tuple[Transaction, Effect]], report: Report, ground: Ground) -> list[Act]:
    """The opening acts that these transactions need on this ground."""
    if not ordered:
        return []
    ms = ordered[0][0].at.ms
    opening, _ = minimal_openings(ordered)
    acts = _openings(opening, ms, True, report)
    if ground.has_transactions() and not ground.states(acts):
        known = ground.transactions([transaction.id for transaction, _ in ordered])
        new = [pair for pair in ordered if pair[0].id not in known]
        accounts = {(leg.unit, account) for transaction, _ in new for leg in transaction.legs
                    for account in (leg.sender, leg.receiver)}  # fmt: skip
        opening, _ = minimal_openings(new, ground.balances(accounts))
        acts = _openings(opening, ms, False, report)
        report.note("opened-upon-record", transactions_on_record=len(known))
    if opening:
        accounts_named = len({account for _, account in opening})
        total = sum(opening.values())
        report.note("opened", balances=len(opening), accounts=accounts_named, quantity=total)
    return acts


def plan_transfers(
    operations: Operations,
    group_column: str,
    source: str,
    events: Iterable[Event],
    report: Report,
    ground: Ground,
) -> Iterator[Act]:
    """Turn legs into acts and settle every row in the report.

    A refused row that can still be told to stand in a transaction (its `group_column`) spoils it.
    """
    collector = _Collector(report)
    for event in events:
        if isinstance(event, LegRow):
            collector.add(event)
        elif isinstance(event, Refused):
            collector.refuse(event, clean(event.raw.get(group_column, ""))[0])
        elif isinstance(event, Left):
            report.leave(event)
        else:
            raise TypeError("a holding in a file of transfers")
    ordered = collector.whole(operations)
    yield from _opened(ordered, report, ground)
    for transaction, _effect in ordered:
        operation, legs = transaction.operation, transaction.legs
        for leg in legs:
            report.take(leg.row, operation, leg.unit, leg.quantity)
        yield Act(
            "mirror.transaction",
            source,
            f"transaction/{transaction.id}",
            transaction.at.ms,
            transaction_body(report.registry, transaction),
            {},
            operation,
            tuple(leg.row for leg in legs),
            tuple((leg.unit, leg.quantity) for leg in legs),
        )
