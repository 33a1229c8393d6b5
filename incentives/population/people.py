"""Who the enterprises of a population are: names, and what they are grouped by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from incentives.population.columns import Array, fits, wide

GROUPS = ("city", "industry", "size")
"""By GB/T 2260 city, by GB/T 4754 division, by class of size."""
UNKNOWN = ""


@dataclass(frozen=True)
class Grouping:
    """A word of each enterprise, as codes into `words`; the empty word is unknown."""

    codes: Array
    words: tuple[str, ...]

    @cached_property
    def order(self) -> Array:
        """Enterprises by code, so that sums by group are sums of stretches."""
        return np.argsort(self.codes, kind="stable")

    @cached_property
    def _starts(self) -> tuple[Array, Array]:
        ranked = self.codes[self.order]
        starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
        return starts, ranked[starts]

    def sums(self, values: Array) -> dict[str, int]:
        """The exact sum of integers by word, those without one left out."""
        if not len(self.codes):
            return {}
        most = max(abs(int(values.min())), abs(int(values.max())), 1)
        starts, codes = self._starts
        column = values[self.order]
        column = column if fits(0, most * len(values)) else np.asarray(wide(column))
        found = np.add.reduceat(column, starts)
        return {self.words[c]: int(v) for c, v in zip(codes, found, strict=True)}

    def counts(self, where: Array) -> dict[str, int]:
        """How many of each word."""
        found = np.bincount(self.codes[where], minlength=len(self.words))
        return {word: int(n) for word, n in zip(self.words, found, strict=True)}

    def taken(self, rows: Array) -> Grouping:
        """Of some enterprises."""
        return Grouping(self.codes[rows], self.words)


@dataclass(frozen=True)
class People:
    """The enterprises: `regions` are GB/T 2260 codes, `tonnes_kg` what each reduced, if known."""

    names: Sequence[str]
    regions: Grouping
    groups: Mapping[str, Grouping] = field(default_factory=dict)
    reduced_kg: Array | None = None

    def __len__(self) -> int:
        return len(self.names)

    def taken(self, rows: Array) -> People:
        """Some of them, by place."""
        names = [self.names[int(place)] for place in rows]
        groups = {name: group.taken(rows) for name, group in self.groups.items()}
        kg = None if self.reduced_kg is None else self.reduced_kg[rows]
        return People(names, self.regions.taken(rows), groups, kg)


def grouping(words: Iterable[str | None]) -> Grouping:
    """Words as codes, in the order of the words."""
    found = [word or UNKNOWN for word in words]
    known = sorted(set(found))
    code = {word: place for place, word in enumerate(known)}
    return Grouping(np.array([code[word] for word in found], np.int32), tuple(known))


def city_of(region: str) -> str:
    """The city of a region's code: its first four digits and two noughts."""
    return region[:4] + "00" if len(region) == 6 else UNKNOWN


def people(
    names: Sequence[str],
    regions: Sequence[str | None],
    industries: Sequence[str | None],
    sizes: Sequence[str | None],
    reduced_kg: Array | None = None,
) -> People:
    """Enterprises with their groupings."""
    groups = {
        "city": grouping(city_of(region or UNKNOWN) for region in regions),
        "industry": grouping(industries),
        "size": grouping(sizes),
    }
    return People(names, grouping(regions), groups, reduced_kg)
