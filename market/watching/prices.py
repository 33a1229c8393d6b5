"""Prices that somebody made: the close that is marked, the ramp, the block off the market."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from market.watching.finding import Found, Limits, evidence, points
from market.watching.history import BLOCK, BUY, MINUTE_MS, QUOTE, SELL, Deal, History

Days = dict[tuple[str, str], list[Deal]]


def close(history: History, limits: Limits) -> Iterator[Found]:
    """A close that one control's trades of the last ``minutes`` moved by ``move-percent``.

    The close is the day's average, so it is worked out again without these trades; where nothing
    else was traded the day's reference stands for it.  Who gains from the direction counts: buyers
    where it rose, sellers where it fell.
    """
    ends = {(s.venue, s.date): s.ends_at for s in history.sessions}
    for (instrument, date), deals in sorted(_by_day(history).items()):
        end = ends.get((deals[0].venue, date))
        if end is None:
            continue
        late: dict[tuple[str, str], list[Deal]] = defaultdict(list)
        for deal in deals:
            if deal.at >= end - limits["minutes"] * MINUTE_MS:
                for side in (BUY, SELL):
                    late[history.control(deal.by(side)), side].append(deal)
        volume, turnover = _sum(deals), _turnover(deals)
        made = Fraction(turnover, volume)
        for (_, side), own in sorted(late.items()):
            rest = volume - _sum(own)
            base = Fraction(history.references.get((instrument, date), 0))
            if rest:
                base = Fraction(turnover - _turnover(own), rest)
            if not base:
                continue
            move = made - base if side == BUY else base - made
            if move >= limits["move-percent"] * base:
                yield _moved("close", instrument, side, own, (base, made), _CLOSE)


def ramp(history: History, limits: Limits) -> Iterator[Found]:
    """``trades`` of one control on one side, each at a better price for its next sale.

    Prices rise with every purchase, or fall with every sale, by ``move-percent`` together, and
    the control has ``share-percent`` of what was traded meanwhile.
    """
    for (instrument, _), deals in sorted(_by_day(history).items()):
        sides: dict[tuple[str, str], list[Deal]] = defaultdict(list)
        for deal in deals:
            for side in (BUY, SELL):
                sides[history.control(deal.by(side)), side].append(deal)
        for (_, side), own in sorted(sides.items()):
            for run in _runs(own, side):
                first, last = run[0].price_fen, run[-1].price_fen
                near = abs(last - first) < limits["move-percent"] * first
                if len(run) < limits["trades"] or near:
                    continue
                meanwhile = [d for d in deals if run[0].index <= d.index <= run[-1].index]
                if Fraction(_sum(run), _sum(meanwhile)) >= limits["share-percent"]:
                    yield _moved("ramp", instrument, side, run, (first, last), _RAMP)


def block(history: History, limits: Limits) -> Iterator[Found]:
    """Blocks whose price is ``off-percent`` away from the day's reference."""
    for deal in history.deals:
        base = history.references.get((deal.instrument, deal.date))
        if deal.kind != BLOCK or base is None:
            continue
        away = abs(deal.price_fen - base)
        if away >= limits["off-percent"] * base:
            figures = {"reference_fen": base, "price_fen": deal.price_fen}
            figures |= {"deviation_bp": points(away, base), "credits": deal.quantity}
            sides = tuple(sorted({deal.buyer, deal.seller}))
            passed = ("off-percent",)
            yield Found("block", deal.instrument, sides, (deal.index,), figures, passed)


_CLOSE = ("minutes", "move-percent")
_RAMP = ("trades", "move-percent", "share-percent")


def _by_day(history: History) -> Days:
    days: Days = defaultdict(list)
    for deal in history.deals:
        if deal.kind == QUOTE:
            days[deal.instrument, deal.date].append(deal)
    return days


def _runs(deals: Sequence[Deal], side: str) -> Iterator[list[Deal]]:
    """The longest stretches in which each price is beyond the one before."""
    run = [deals[0]]
    for before, deal in pairwise(deals):
        step = deal.price_fen - before.price_fen
        if (step if side == BUY else -step) > 0:
            run.append(deal)
        else:
            yield run
            run = [deal]
    yield run


def _turnover(deals: Sequence[Deal]) -> int:
    return sum(deal.price_fen * deal.quantity for deal in deals)


def _sum(deals: Sequence[Deal]) -> int:
    return sum(deal.quantity for deal in deals)


def _moved(
    detector: str,
    instrument: str,
    side: str,
    deals: Sequence[Deal],
    prices: tuple[Fraction | int, Fraction | int],
    passed: tuple[str, ...],
) -> Found:
    before, after = prices
    figures = {
        "from_fen": int(before),
        "to_fen": int(after),
        "move_bp": int(abs(Fraction(after) - before) * 10_000 / before),
        "credits": _sum(deals),
        "trades": len(deals),
    }
    parties = tuple(sorted({deal.by(side) for deal in deals}))
    return Found(detector, instrument, parties, evidence(deals), figures, passed)
