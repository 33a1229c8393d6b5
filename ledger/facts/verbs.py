"""How a room above states observations of its own within the outcome of another statement."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ledger.facts.models import FACT, INSTRUMENT
from ledger.statements.canonical import encode
from ledger.writer.context import Context

OWN_PREFIX = "market."
"""Indicators of the exchange, which its rooms state themselves; nobody may define others there."""


def series_of(
    party: str, indicator: str, subject: str, start: str, end: str, dimensions: Sequence[list[str]]
) -> str:
    """The digest under which one author may have one standing fact."""
    named = [party, indicator, subject, start, end, list(dimensions)]
    return hashlib.sha256(encode(named)).hexdigest()


def observe_day(
    context: Context,
    indicator: str,
    instrument: str,
    day: str,
    value: int,
    *,
    unit: str,
    source: str,
    party: str,
) -> None:
    """State a public fact about an instrument's day; its caller states each day once.

    ``party`` is the exchange for which it is stated, ``source`` a code of how it was found.
    """
    name = f"{context.index}/{instrument}.{indicator.removeprefix(OWN_PREFIX)}"
    context.insert(
        FACT,
        {
            "fact": name,
            "index": context.index,
            "place": 0,
            "indicator": indicator,
            "subject_kind": INSTRUMENT,
            "subject": instrument,
            "start": day,
            "end": day,
            "dimensions": [],
            "value": value,
            "scale": 0,
            "unit": unit,
            "source": source,
            "confidence": "found",
            "party": party,
            "role": "exchange",
            "series": series_of(party, indicator, instrument, day, day, []),
            "first": name,
            "corrects": None,
            "until": None,
        },
    )
