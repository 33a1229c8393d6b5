"""Averages weighted by volume, of an instrument and of a venue's whole class.

The composite of a class is the turnover of all its instruments over their volume: the average price
that was paid, not a chained index.  It moves when the mix of vintages moves, and says so by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Select, func, select

from ledger.parties.parameters import in_force
from ledger.parties.reading import reading
from ledger.writer.kinds import Row
from market.instruments.models import instrument_table
from market.quotes.methods import quoted
from market.readers import RULES
from market.rounding import rounded
from market.rules import PREFIX
from market.sessions.models import day_table

DEFINITION = "turnover-over-volume"
SUMS = ("volume", "turnover_fen", "trades")


def members(connection: Connection, venue: str, credit_class: str) -> list[str]:
    """The instruments of a venue's class; none where there is no such composite."""
    table = instrument_table
    query = select(table.c.instrument).where(table.c.venue == venue)
    query = query.where(table.c["class"] == credit_class).order_by(table.c.instrument)
    return list(connection.execute(query).scalars())


def composites(connection: Connection) -> list[tuple[str, str]]:
    """Each venue and class that has an instrument."""
    table = instrument_table
    columns = (table.c.venue, table.c["class"])
    query = select(*columns).distinct().order_by(*columns)
    return [(venue, name) for venue, name in connection.execute(query)]


def composites_now(connection: Connection, at: int) -> list[Row]:
    """Each composite's newest day with trades, or zeros without one."""
    told = []
    for venue, credit_class in composites(connection):
        codes = members(connection, venue, credit_class)
        date = newest_day(connection, codes)
        day = average(connection, venue, codes, (date or "", date or ""), at)
        told.append({**named(venue, credit_class, codes), "date": date, **day})
    return told


def named(venue: str, credit_class: str, codes: Sequence[str]) -> Row:
    """What a composite says of itself."""
    return {
        "venue": venue,
        "class": credit_class,
        "definition": DEFINITION,
        "instruments": list(codes),
    }


def newest_day(connection: Connection, codes: Sequence[str]) -> str | None:
    """The newest day on which one of the instruments was traded by a method that is quoted."""
    table = day_table
    query = select(func.max(table.c.date)).where(table.c.instrument.in_(codes), quoted(table))
    return connection.execute(query.where(table.c.volume > 0)).scalar()


def average(
    connection: Connection, venue: str, codes: Sequence[str], days: tuple[str, str], at: int
) -> Row:
    """Volume, turnover and average of instruments of one venue from one day to another.

    ``vwap_fen`` is rounded as the venue's closes are; None without a trade or without that rule.
    """
    sums = connection.execute(_sums(codes, days)).one()
    return _averaged(_mode(connection, venue, at), sums)


def daily(
    connection: Connection, venue: str, codes: Sequence[str], days: tuple[str, str], at: int
) -> list[Row]:
    """The same for each day on which something was traded, oldest first."""
    date = day_table.c.date
    query = _sums(codes, days, date).group_by(date).order_by(date)
    mode = _mode(connection, venue, at)
    return [{"date": day, **_averaged(mode, sums)} for day, *sums in connection.execute(query)]


def _sums(codes: Sequence[str], days: tuple[str, str], *first: Any) -> Select[Any]:
    table = day_table
    columns = [func.sum(table.c[name]) for name in SUMS]
    query = select(*first, *columns).where(table.c.instrument.in_(codes), quoted(table))
    return query.where(table.c.date >= days[0], table.c.date <= days[1], table.c.volume > 0)


def _averaged(mode: str | None, sums: Sequence[Any]) -> Row:
    told = {name: int(value or 0) for name, value in zip(SUMS, sums, strict=True)}
    price = None
    if mode is not None and told["volume"]:
        price = rounded(Fraction(told["turnover_fen"], told["volume"]), mode)
    return {**told, "vwap_fen": price, "rounding": mode}


def _mode(connection: Connection, venue: str, at: int) -> str | None:
    """How the venue rounds its closes: by the first of the methods that make them.

    None where nobody has said what the venue is.
    """
    context = reading(connection, at)
    stated = in_force(context, f"{PREFIX}{venue}.price-methods")
    if stated is None:
        return None
    method = stated.partition(",")[0]
    code = f"{PREFIX}{venue}.{method}.close-rounding"
    mode: str = in_force(context, code) or RULES["close-rounding"].default
    return mode
