"""What units given as security are worth by trades: the average price paid, less a haircut.

For whoever lends on units.  The price is the turnover over the volume of all instruments into
which a batch may be delivered, on all venues, over so many days that end with the day asked for;
block trades and auctions make no price here, as they make none of a quote.  The window and the
haircut are dated parameters of the credit class, with source and confidence; where either is not
stated, or nothing was traded, there is no value, which is no value of zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from ledger.credits.models import BATCH
from ledger.parties.parameters import business_date, midnight
from ledger.parties.stated import stated_on
from ledger.writer.kinds import Row
from market.instruments.models import instrument_table
from market.quotes.methods import quoted
from market.readers import Reader, percent, positive
from market.sessions.models import day_table

PREFIX = "valuation."
RULES: Mapping[str, Reader] = {"days": positive, "haircut-percent": percent}
_SUMS = ("trades", "volume", "turnover_fen")
_TOLD = ("value", "unit", "source", "verified", "valid_from")


class Valuer:
    """Values units as of the day of an instant; what was traded of a batch is looked up once."""

    def __init__(self, connection: Connection, at: int) -> None:
        self._connection = connection
        self._today = business_date(at)
        self._known: dict[str, Row] = {}

    def value(self, batch: str, quantity: int) -> Row:
        """The value of units of a batch by what was traded until the day.

        ``value_fen`` is rounded down, as ``average_fen`` is; both are None where ``why`` says so:
        ``valuation-not-stated`` (a rule of the class is missing or cannot be read) or
        ``no-trades``.  ``trades`` and ``volume`` say how thin the market was.
        """
        if batch not in self._known:
            self._known[batch] = self._basis(batch)
        told, worth = self._known[batch], None
        if told["why"] is None:
            left = 1 - RULES["haircut-percent"](told["rules"]["haircut-percent"]["value"])
            worth = floor(Fraction(quantity * told["turnover_fen"], told["volume"]) * left)
        return {**told, "quantity": quantity, "value_fen": worth}

    def _basis(self, batch: str) -> Row:
        """What is the same however many units there are."""
        query = select(BATCH.table).where(BATCH.table.c.batch == batch)
        issued = self._connection.execute(query).mappings().one()
        codes = {name: f"{PREFIX}{issued['class']}.{name}" for name in RULES}
        stated = stated_on(self._connection, codes.values(), self._today)
        rules = {name: stated.get(code) for name, code in codes.items()}
        told: Row = {
            "on": self._today,
            "from": None,
            "rules": {name: rule and {f: rule[f] for f in _TOLD} for name, rule in rules.items()},
            "instruments": [],
            **dict.fromkeys(_SUMS, 0),
            "average_fen": None,
            "why": "valuation-not-stated",
        }
        said = {name: _read(name, rule) for name, rule in rules.items()}
        if None in said.values():
            return told
        first = business_date(midnight(self._today, 1 - said["days"]))
        rows = _traded(self._connection, issued, (first, self._today))
        sums = {name: sum(row[name] for row in rows) for name in _SUMS}
        volume = sums["volume"]
        return told | {
            "from": first,
            "instruments": rows,
            **sums,
            "average_fen": sums["turnover_fen"] // volume if volume else None,
            "why": None if volume else "no-trades",
        }


def _read(name: str, rule: Row | None) -> Any:
    """A rule's value, or None where nothing is stated that can be read."""
    if rule is None:
        return None
    try:
        return RULES[name](rule["value"])
    except ValueError:
        return None


def _traded(connection: Connection, issued: RowMapping, days: tuple[str, str]) -> list[Row]:
    """What was traded of each instrument into which a batch may be delivered (``fits``)."""
    listed, day = instrument_table.c, day_table.c
    query = (
        select(
            listed.instrument,
            listed.venue,
            func.min(day.date).label("first"),
            func.max(day.date).label("last"),
            *(func.sum(day[name]).label(name) for name in _SUMS),
        )
        .join(day_table, day.instrument == listed.instrument)
        .where(
            listed["class"] == issued["class"],
            listed.vintage.is_(None) | (listed.vintage == issued["vintage"]),
            listed.batch.is_(None) | (listed.batch == issued["batch"]),
            day.date.between(*days),
            day.volume > 0,
            quoted(day_table),
        )
        .group_by(listed.instrument, listed.venue)
        .order_by(listed.instrument)
    )
    rows = connection.execute(query).mappings()
    return [{**row, **{name: int(row[name]) for name in _SUMS}} for row in rows]
