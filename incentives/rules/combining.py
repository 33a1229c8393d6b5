"""The best lawful combination of incentives: the largest sum where no two exclude each other.

Exact: what does not touch is solved apart, the rest by trying with or without each, so that two
hundred that exclude nobody cost nothing. Of equal sums the one with more rules counts, of those the
first by the names of its rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

Best = tuple[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Offer:
    """A rule that answers yes: what it is worth in fen, 0 where it names no sum, and whom it bars.

    An exclusion counts both ways, whichever of the two rules states it.
    """

    rule: str
    amount_fen: int
    excludes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """The rules that may be taken together, by name, and their sum in fen."""

    rules: tuple[str, ...]
    amount_fen: int


def best(offers: Iterable[Offer]) -> Combination:
    """The best lawful combination of some offers, each of another rule."""
    known = {offer.rule: offer for offer in offers}
    bars = barred(known.values())
    rules: list[str] = []
    total = 0
    for group in _groups(bars):
        amount, chosen = _best(tuple(sorted(group)), known, bars)
        rules += chosen
        total += amount
    return Combination(tuple(sorted(rules)), total)


def barred(offers: Collection[Offer]) -> dict[str, frozenset[str]]:
    """By rule the others that it may not be taken with."""
    names = {offer.rule for offer in offers}
    found: dict[str, set[str]] = {name: set() for name in names}
    for offer in offers:
        for other in names.intersection(offer.excludes) - {offer.rule}:
            found[offer.rule].add(other)
            found[other].add(offer.rule)
    return {name: frozenset(others) for name, others in found.items()}


def _groups(bars: Mapping[str, frozenset[str]]) -> list[set[str]]:
    """The rules in groups that exclude nothing outside."""
    left, groups = set(bars), []
    while left:
        group: set[str] = set()
        edge = {min(left)}
        while edge:
            group |= edge
            edge = {other for name in edge for other in bars[name]} - group
        groups.append(group)
        left -= group
    return groups


def _best(
    names: tuple[str, ...], known: Mapping[str, Offer], bars: Mapping[str, frozenset[str]]
) -> Best:
    """The best of some rules: with or without the one that bars most of them."""
    if not names:
        return 0, ()
    inside = {name: bars[name].intersection(names) for name in names}
    pivot = max(names, key=lambda name: len(inside[name]))  # the first of equals
    if not inside[pivot]:
        return sum(known[name].amount_fen for name in names), names
    rest = tuple(name for name in names if name != pivot)
    without = _best(rest, known, bars)
    amount, chosen = _best(tuple(n for n in rest if n not in inside[pivot]), known, bars)
    taken = amount + known[pivot].amount_fen, tuple(sorted((*chosen, pivot)))
    return min(without, taken, key=lambda b: (-b[0], -len(b[1]), b[1]))
