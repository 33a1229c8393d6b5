"""What was known of facts at a log size, read from the state in which a decision is made."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from ledger.facts.models import FACT, PRIVATE_FACT
from ledger.writer.context import Context
from ledger.writer.kinds import Row


def known_to(
    context: Context,
    indicators: Collection[str],
    start: str,
    end: str,
    size: int,
    subject: str,
) -> list[Row]:
    """Facts of a subject about some indicators over one period, as known at a log size.

    For handlers of confidential types.  Ordered as ``ledger.facts.queries.known`` orders them.
    """
    found = []
    for kind in (FACT, PRIVATE_FACT):
        for indicator in sorted(indicators):
            for key in context.children(kind, "asked", subject, indicator, start, end):
                row = context.need(kind, *key)
                if stood(row, size):
                    found.append(row)
    return sorted(found, key=first_stated)


def stood(row: Row, size: int) -> bool:
    """Whether a fact stood at a log size."""
    return bool(row["index"] < size and (row["until"] is None or row["until"] >= size))


def first_stated(row: Row) -> tuple[Any, ...]:
    """The order in which facts were first stated: for a correction counts what it corrects."""
    return tuple(_numbers(row["first"])), row["fact"]


def _numbers(name: str) -> Iterator[tuple[int, int, str]]:
    for part in name.split("/"):
        number = int(part) if part.isdecimal() else -1
        yield number >= 0, number, part
