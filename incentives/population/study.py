"""A rule put to a population once, and then as often as somebody changes a figure of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from incentives.population import thresholds
from incentives.population.columns import Bits
from incentives.population.errors import PopulationRefused
from incentives.population.facts import Facts
from incentives.population.grades import Grade, grades, regraded
from incentives.population.money import money_of
from incentives.population.people import People
from incentives.population.thresholds import Cliff, Edge
from incentives.population.whatif import Difference, Share, Sums, compare, side
from incentives.population.work import STATUSES, Result, put, supposed
from incentives.rules.rule import Rule


@dataclass(frozen=True)
class Found:
    """What a change does; `edges` are the thresholds before and after."""

    people: People
    before: Result
    after: Result
    difference: Difference
    edges: tuple[Sequence[Edge], Sequence[Edge]]
    facts: Facts

    @cached_property
    def grades(self) -> Mapping[str, tuple[Grade, Grade]]:
        """Of a rule that grades each grade that both sides give, before and after."""
        before, after = grades(self.before), grades(self.after)
        return {name: (before[name], after[name]) for name in after if name in before}

    @cached_property
    def changed(self) -> Bits:
        """Who is answered otherwise, or is told yes with another grade."""
        moved = self.before.differs(self.after)
        for old, new in self.grades.values():
            moved = moved | regraded(old, new)
        return moved


class Study:
    """A rule and a population; what no change touches is worked out once.

    A draft is asked as if it were in force.
    """

    def __init__(self, rule: Rule, people: People, facts: Facts, on: date) -> None:
        self.rule = supposed(rule)
        self.people, self.facts, self.on = people, facts, on
        self.base = put(self.rule, people, facts, on)
        self._side = side(people, self.base)
        self._edges = thresholds.edges(self.rule, facts, self.base)

    def change(self, rule: Rule, facts: Facts | None = None) -> Found:
        """Set another law beside the first: other figures, or another text.

        A text that asks for other inputs needs `facts` of its own. Raises PopulationRefused
        inputs-differ.
        """
        after = supposed(rule)
        if facts is None:
            if after.inputs != self.rule.inputs:
                raise PopulationRefused("inputs-differ", rule=rule.id)
            facts = self.facts
        base = self.base if facts is self.facts else None
        result = put(after, self.people, facts, self.on, before=base)
        edges = thresholds.edges(after, facts, result)
        return Found(
            self.people,
            self.base,
            result,
            compare(self.people, self._side, side(self.people, result)),
            (self._edges, edges),
            facts,
        )

    def cliffs(self, found: Found) -> list[Cliff]:
        """How far amounts jump at each threshold as it is after the change."""
        cliffs = (
            thresholds.cliff(found.after.rule, self.people, found.facts, self.on, edge)
            for edge in found.edges[1]
        )
        return [cliff for cliff in cliffs if cliff is not None]


def plain(found: Found) -> dict[str, Any]:
    """What was found, for a program to read: counts, fen, kg, by group.

    Sums are None where a rule has no sum, and ``figures`` name what else it has in money,
    ``grades`` how many have which grade.
    """
    difference = found.difference
    misses = [thresholds.near(edges, len(found.people)) for edges in found.edges]
    close = [
        {name: group.counts(near) for name, group in found.people.groups.items()} for near in misses
    ]
    return {
        "enterprises": len(found.people),
        "before": _sums(difference.before),
        "after": _sums(difference.after),
        "statuses": {"before": difference.statuses[0], "after": difference.statuses[1]},
        "winners": int(np.count_nonzero(difference.winners)),
        "losers": int(np.count_nonzero(difference.losers)),
        "unsettled": int(np.count_nonzero(difference.unsettled)),
        "won_fen": difference.won_fen,
        "lost_fen": difference.lost_fen,
        "figures": [
            {"name": step.name, "title": {**step.title}, "altered": difference.altered[step.name]}
            for step in money_of(found.after.rule)
            if step.name in difference.altered
        ],
        "grades": [
            {
                "name": name,
                "title": {**new.step.title},
                "before": old.counts(),
                "after": new.counts(),
                "without": new.without(found.after),
                "altered": int(np.count_nonzero(regraded(old, new))),
            }
            for name, (old, new) in found.grades.items()
        ],
        "near_misses": {
            "before": int(np.count_nonzero(misses[0])),
            "after": int(np.count_nonzero(misses[1])),
        },
        "thresholds": {
            "before": thresholds.summary(found.edges[0]),
            "after": thresholds.summary(found.edges[1]),
        },
        "by": {
            name: [
                {**_share(share), "near_misses_after": close[1][name][share.word]}
                for share in shares
            ]
            for name, shares in difference.groups.items()
        },
    }


def cliffs_plain(cliffs: Sequence[Cliff]) -> list[dict[str, Any]]:
    """Cliffs, for a program to read."""
    return [asdict(cliff) for cliff in cliffs]


def rows(found: Found) -> list[Mapping[str, Any]]:
    """Everybody whose answer changes, one line each: winners, losers, regraded, unsettled.

    A grade stands as ``NAME_before`` and ``NAME_after``, None where it is not known.
    """
    before, after = found.before, found.after
    people = found.people
    words = {name: (group.codes, group.words) for name, group in people.groups.items()}
    return [
        {
            "enterprise": people.names[place],
            "region": people.regions.words[int(people.regions.codes[place])],
            **{name: known[int(codes[place])] for name, (codes, known) in words.items()},
            "status_before": STATUSES[int(before.status[place])],
            "status_after": STATUSES[int(after.status[place])],
            "before_fen": before.amount(place),
            "after_fen": after.amount(place),
            **graded_at(found, place),
        }
        for place in np.flatnonzero(found.changed).tolist()
    ]


def graded_at(found: Found, place: int) -> dict[str, int | None]:
    """The grades of one enterprise on both sides, by column."""
    return {
        f"{name}_{side}": int(grade.value[place]) if grade.known[place] else None
        for name, both in found.grades.items()
        for side, grade in zip(("before", "after"), both, strict=True)
    }


def _sums(sums: Sums) -> dict[str, Any]:
    return {
        "yes": sums.yes,
        "beneficiaries": sums.beneficiaries,
        "cost_fen": sums.cost_fen,
        "reduced_kg": sums.kg,
        "fen_per_tonne": sums.fen_per_tonne,
        "figures": [asdict(figure) for figure in sums.figures],
    }


def _share(share: Share) -> dict[str, Any]:
    return {
        "word": share.word,
        "enterprises": share.before.enterprises,
        "before": _sums(share.before),
        "after": _sums(share.after),
        "winners": share.winners,
        "losers": share.losers,
    }
