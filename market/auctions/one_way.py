"""The one-way auction (单向竞价): many bids for what one seller offers, or one buyer wants.

Pure, on a frozen set of bids.  Bids are taken from the best price on: the highest of a forward
auction, the lowest of a reverse one; a bid that is worse than the reserve is not looked at.  Where
bids of one price ask for more than is left, the announced rule shares it:

=================  ================================================================
``time``           the earlier bid first, the last one in part (Guangdong, Shanghai)
``random``         in the order of SHA-256 over a seed and the bid's name (EU 1031/2010 Art. 7)
``pro-rata``       in proportion, whole lots, left-over lots by largest remainder
``pro-rata-queue`` in proportion, whole lots, left-over lots one each to the earlier (BNB DEX)
=================  ================================================================

A bid may say below which quantity it wants nothing.  By time and by lot it is passed over then;
in proportion the one that is hardest to serve is dropped first and the rest is shared anew, until
none falls short (FERC RP99-288, example 4).  Whatever nobody could use goes on to the next price.

One price for all (``uniform``) is the worst one that was taken; ``pay-as-bid`` is each one's own.
The cost is O(n log n) in bids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

UNIFORM, PAY_AS_BID = "uniform", "pay-as-bid"
PRICING = (UNIFORM, PAY_AS_BID)
TIME, RANDOM, PRO_RATA, QUEUE = "time", "random", "pro-rata", "pro-rata-queue"
TIES = (TIME, RANDOM, PRO_RATA, QUEUE)
SELL, CANCEL = "sell", "cancel"
UNDERSUBSCRIBED = (SELL, CANCEL)


@dataclass(frozen=True)
class Bid:
    """A bid: its place in time, and the least quantity that it is still content with."""

    name: str
    price: int
    quantity: int
    place: int
    least: int = 0


@dataclass(frozen=True)
class Rules:
    """What was announced.  ``reserve`` is the worst price that counts; None is no reserve.

    ``seed`` is needed by the tie rule ``random`` alone.
    """

    quantity: int
    lot: int = 1
    pricing: str = UNIFORM
    tie: str = TIME
    reserve: int | None = None
    undersubscribed: str = SELL
    reverse: bool = False
    seed: str = ""


@dataclass(frozen=True)
class Award:
    """What a bid gets, and at which price."""

    name: str
    quantity: int
    price: int


@dataclass(frozen=True)
class Cleared:
    """The result; ``price`` is the worst that was taken, None where nothing is sold.

    At that price bids asked for ``asked`` and got ``given``.
    """

    price: int | None
    volume: int
    asked: int
    given: int
    awards: tuple[Award, ...]


NOTHING = Cleared(None, 0, 0, 0, ())


def clear(bids: Iterable[Bid], rules: Rules) -> Cleared:
    """Clear an auction; the order in which bids are given does not matter."""
    counted = sorted(_within(bids, rules), key=lambda bid: (_rank(bid, rules), bid.place))
    if rules.undersubscribed == CANCEL and sum(b.quantity for b in counted) < rules.quantity:
        return NOTHING
    left = rules.quantity
    taken: list[tuple[Bid, int]] = []
    price, asked, given = None, 0, 0
    for _, group in groupby(counted, key=lambda bid: bid.price):
        if left < rules.lot:
            break
        level = list(group)
        shares = [(bid, share) for bid, share in _share(level, left, rules) if share]
        if shares:
            price, asked = level[0].price, sum(bid.quantity for bid in level)
            given = sum(share for _, share in shares)
            left -= given
            taken += shares
    if price is None:
        return NOTHING
    if rules.undersubscribed == CANCEL and left >= rules.lot:
        return NOTHING
    awards = tuple(
        [Award(b.name, share, price if rules.pricing == UNIFORM else b.price) for b, share in taken]
    )
    return Cleared(price, rules.quantity - left, asked, given, awards)


def seed_of(auction: str, secrets: Iterable[str]) -> str:
    """The seed of random ties: what all who revealed had committed to, and nobody could choose.

    Whoever commits last does not know the others' secrets; whoever reveals last can only keep
    silent, which costs its bid.
    """
    text = "\n".join(("qingzhang/auction-seed/v1", auction, *sorted(secrets)))
    return hashlib.sha256(text.encode()).hexdigest()


def _within(bids: Iterable[Bid], rules: Rules) -> Iterator[Bid]:
    reserve = rules.reserve
    for bid in bids:
        if reserve is None or (bid.price <= reserve if rules.reverse else bid.price >= reserve):
            yield bid


def _rank(bid: Bid, rules: Rules) -> int:
    return bid.price if rules.reverse else -bid.price


def _share(level: list[Bid], left: int, rules: Rules) -> Iterable[tuple[Bid, int]]:
    """What each bid of one price gets of what is left."""
    if sum(bid.quantity for bid in level) <= left:
        return [(bid, bid.quantity) for bid in level]
    if rules.tie in (PRO_RATA, QUEUE):
        return _in_proportion(level, left, rules)
    if rules.tie == RANDOM:
        level = sorted(level, key=lambda bid: _lot_drawn(rules.seed, bid))
    return _in_turn(level, left, rules.lot)


def _lot_drawn(seed: str, bid: Bid) -> tuple[bytes, int]:
    drawn = hashlib.sha256(f"qingzhang/auction-tie/v1\n{seed}\n{bid.name}".encode())
    return drawn.digest(), bid.place


def _in_turn(level: Sequence[Bid], left: int, lot: int) -> Iterator[tuple[Bid, int]]:
    for bid in level:
        part = min(bid.quantity, left - left % lot)
        if part and part >= bid.least:
            yield bid, part
            left -= part


def _in_proportion(level: Sequence[Bid], left: int, rules: Rules) -> list[tuple[Bid, int]]:
    """Shares of ``left`` in whole lots; bids whose share is under their least get none."""
    kept = _content(level, left)
    demand = sum(bid.quantity for bid in kept)
    if demand <= left:
        return [(bid, bid.quantity) for bid in kept]
    lot, whole = rules.lot, demand * rules.lot
    floors = [left * bid.quantity // whole * lot for bid in kept]
    spare = (left - sum(floors)) // lot
    order = list(range(len(kept)))  # by place
    if rules.tie == PRO_RATA:
        order.sort(key=lambda i: floors[i] * demand - left * kept[i].quantity)
    for i in order[:spare]:
        floors[i] += lot
    return list(zip(kept, floors, strict=True))


def _content(level: Sequence[Bid], left: int) -> list[Bid]:
    """Bids whose share reaches their least, the hardest to serve dropped first.

    A share reaches it while least/quantity ≤ left/demand.  Dropping one raises the right side for
    all others, so that the order of that ratio is the order of dropping.
    """
    demand = sum(bid.quantity for bid in level)
    hard = [bid for bid in level if bid.least]
    # Two different ratios of numbers below 2^n differ by more than 2^-2n: whole numbers rank them.
    scale = 1 << 2 * max((bid.quantity for bid in hard), default=0).bit_length()
    hard.sort(key=lambda bid: (bid.least * scale // bid.quantity, bid.place))
    dropped: set[str] = set()
    while hard and demand > left and hard[-1].least * demand > left * hard[-1].quantity:
        last = hard.pop()
        dropped.add(last.name)
        demand -= last.quantity
    return [bid for bid in level if bid.name not in dropped]
