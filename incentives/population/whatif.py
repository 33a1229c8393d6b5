"""What another law would do to everybody: two results of one population beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from incentives import exact
from incentives.population.columns import Array, Bits, fits, wide
from incentives.population.money import Money, altered, money
from incentives.population.people import People
from incentives.population.work import STATUSES, YES, Result


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in money summed over those told yes; `fen` is None where it is known of nobody."""

    name: str
    known: int
    fen: int | None


@dataclass(frozen=True, slots=True)
class Sums:
    """What a rule does to some enterprises: how many are told yes, who gets something, how much.

    `cost_fen` is None where the rule has no sum: `figures` tell what else it has in money.  `kg` is
    what the beneficiaries reduced, None where the population does not say.
    """

    enterprises: int
    yes: int
    beneficiaries: int
    cost_fen: int | None
    kg: int | None
    figures: tuple[Figure, ...] = ()

    @property
    def fen_per_tonne(self) -> int | None:
        """Cost for each tonne that the beneficiaries reduced, half up; None where there is none."""
        if not self.kg or self.cost_fen is None:
            return None
        return exact.rounded(Fraction(self.cost_fen * 1000, self.kg), "half-up")


@dataclass(frozen=True, slots=True)
class Share:
    """One city, industry or size before and after: who wins, who loses, and by how much."""

    word: str
    before: Sums
    after: Sums
    winners: int
    losers: int


@dataclass(frozen=True)
class Difference:
    """Two results of one population.

    Who wins gets more, or a yes where the rule has no amount, before or after; then what is won
    and lost is None.  Whose answer becomes or ceases to be unknown is counted as `unsettled`,
    neither as winner nor as loser.  `altered` says by figure in money how many have another one.
    """

    before: Sums
    after: Sums
    statuses: tuple[Mapping[str, int], Mapping[str, int]]
    winners: Bits
    losers: Bits
    unsettled: Bits
    won_fen: int | None
    lost_fen: int | None
    groups: Mapping[str, tuple[Share, ...]]
    altered: Mapping[str, int]


@dataclass(frozen=True)
class Side:
    """One result summed up, so that it need not be again for each change beside it."""

    result: Result
    sums: Sums
    groups: Mapping[str, Mapping[str, Sums]]
    money: Mapping[str, Money]


def side(people: People, result: Result) -> Side:
    """Sum up a result, by city, industry and size."""
    figures = money(result)
    groups = {name: _grouped(people, name, result, figures) for name in people.groups}
    return Side(result, _sums(people, result, figures), groups, figures)


def compare(people: People, first: Side, second: Side) -> Difference:
    """Set two results beside each other, by city, industry and size."""
    before, after = first.result, second.result
    changed = after.amount_fen - before.amount_fen
    known = before.settled & after.settled
    gained, gone = (after.status == YES), (before.status == YES)
    summed = before.rule.amount is not None and after.rule.amount is not None
    if not summed:
        winners, losers = gained & ~gone & known, gone & ~gained & known
    else:
        winners, losers = (changed > 0) & known, (changed < 0) & known
    other = (before.status != after.status) & ~known
    groups = {
        name: tuple(_shares(people, name, first, second, winners, losers)) for name in people.groups
    }
    return Difference(
        first.sums,
        second.sums,
        (counted(before), counted(after)),
        winners,
        losers,
        other,
        total(np.where(winners, changed, 0)) if summed else None,
        -total(np.where(losers, changed, 0)) if summed else None,
        groups,
        {
            name: int(np.count_nonzero(altered(first.money[name], figure)))
            for name, figure in second.money.items()
            if name in first.money
        },
    )


def counted(result: Result) -> dict[str, int]:
    """How many are told what."""
    found = np.bincount(result.status, minlength=max(STATUSES) + 1)
    return {name: int(found[code]) for code, name in STATUSES.items() if found[code]}


def total(values: Array) -> int:
    """The exact sum of integers."""
    if not len(values):
        return 0
    most = max(abs(int(values.min())), abs(int(values.max())))
    column = values if fits(0, most * len(values)) else np.asarray(wide(values))
    return int(column.sum())


def _sums(people: People, result: Result, figures: Mapping[str, Money]) -> Sums:
    gets = result.beneficiaries
    kg = None if people.reduced_kg is None else total(np.where(gets, people.reduced_kg, 0))
    return Sums(
        len(people),
        int(np.count_nonzero(result.status == YES)),
        int(np.count_nonzero(gets)),
        None if result.rule.amount is None else total(result.amount_fen),
        kg,
        tuple(
            _figure(name, int(np.count_nonzero(one.known)), total(one.fen))
            for name, one in figures.items()
        ),
    )


def _figure(name: str, known: int, fen: int) -> Figure:
    return Figure(name, known, fen if known else None)


def _grouped(
    people: People, name: str, result: Result, figures: Mapping[str, Money]
) -> dict[str, Sums]:
    group = people.groups[name]
    gets = result.beneficiaries
    sizes = group.counts(np.ones(len(people), bool))
    yes, got = group.counts(result.status == YES), group.counts(gets)
    cost = None if result.rule.amount is None else group.sums(result.amount_fen)
    kg = None
    if people.reduced_kg is not None:
        kg = group.sums(np.where(gets, people.reduced_kg, 0))
    each = {one: (group.counts(m.known), group.sums(m.fen)) for one, m in figures.items()}
    return {
        word: Sums(
            sizes[word],
            yes[word],
            got[word],
            None if cost is None else cost.get(word, 0),
            None if kg is None else kg.get(word, 0),
            tuple(
                _figure(one, known[word], fen.get(word, 0)) for one, (known, fen) in each.items()
            ),
        )
        for word in sizes
        if sizes[word]
    }


def _shares(
    people: People, name: str, first: Side, second: Side, winners: Bits, losers: Bits
) -> list[Share]:
    group = people.groups[name]
    won, lost = group.counts(winners), group.counts(losers)
    before, after = first.groups[name], second.groups[name]
    return [Share(word, before[word], after[word], won[word], lost[word]) for word in before]
