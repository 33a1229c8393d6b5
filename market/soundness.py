"""Whether a venue can open and trade by its dated rules: all of them read together, beforehand.

Each rule is stated by itself and read when it is needed, so that hours which nobody stated stop an
opening, and a fee which nobody stated the first order.  Here they are read as on a day, by the
functions that decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from ledger.parties.parameters import business_date
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market import rules
from market.terms import Terms


def unsound(context: Context, venue: str, instruments: Sequence[Row]) -> list[Refusal]:
    """What stands in the way of trading on the context's own day, each fault once.

    ``instruments`` are those of the venue.  Besides what `rules` raises: ``price-method-not-open``
    and ``sizes-crossed``.
    """
    found = {repr((r.code, r.params)): r for r in _faults(context, venue, instruments)}
    return list(found.values())


def _faults(context: Context, venue: str, instruments: Sequence[Row]) -> Iterator[Refusal]:
    try:
        methods = rules.methods(context, venue)
    except Refusal as refusal:
        yield refusal
        return
    day = date.fromisoformat(business_date(context.at))
    yield from _raised(partial(rules.trades_on, context, venue, day))
    yield from _raised(partial(_check_prices, context, venue, methods))
    for method in methods:
        yield from _raised(partial(rules.check_method, context, venue, method))
        yield from _raised(partial(rules.hours, context, venue, method))
        for row in instruments:
            yield from _raised(partial(_check_terms, context, row, method))


def _raised(read: Callable[[], object]) -> Iterator[Refusal]:
    try:
        read()
    except Refusal as refusal:
        yield refusal


def _check_prices(context: Context, venue: str, methods: Sequence[str]) -> None:
    for method in rules.price_methods(context, venue):
        if method not in methods:
            raise Refusal("price-method-not-open", venue=venue, method=method)


def _check_terms(context: Context, row: Row, method: str) -> None:
    """Read the terms of an instrument; raises Refusal where no size at all is allowed."""
    terms: Terms = rules.terms(context, row, method)
    least = -(-terms.size_from // terms.lot) * terms.lot
    if terms.size_below is not None and least >= terms.size_below:
        about = {"instrument": row["instrument"], "method": method}
        raise Refusal("sizes-crossed", **about, least=least, below=terms.size_below)
