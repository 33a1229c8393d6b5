"""Two sets of rules beside each other, over the same enterprises: what changes in all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from incentives.population.columns import Array, Bits, fits, wide
from incentives.population.people import People
from incentives.population.whatif import Sums, side, total
from incentives.population.work import Result

Results = Mapping[str, Result]


@dataclass(frozen=True)
class Part:
    """One rule of either set; None where a set does not have it."""

    rule: str
    before: Sums | None
    after: Sums | None
    answered_otherwise: int


@dataclass(frozen=True)
class SetDifference:
    """Two sets: by rule, and by enterprise over all rules, amounts in fen.

    What rules that exclude each other would give is summed all the same: which of them an
    enterprise takes is its own choice.
    """

    people: People
    parts: tuple[Part, ...]
    before_fen: Array
    after_fen: Array

    @property
    def winners(self) -> Bits:
        """Who gets more in all."""
        return np.asarray(self.after_fen > self.before_fen)

    @property
    def losers(self) -> Bits:
        """Who gets less in all."""
        return np.asarray(self.after_fen < self.before_fen)


def compare_sets(people: People, before: Results, after: Results) -> SetDifference:
    """Set the results of two sets of rules beside each other, by the rules' ids."""
    parts = []
    for rule in sorted({*before, *after}):
        old, new = before.get(rule), after.get(rule)
        parts.append(
            Part(
                rule,
                None if old is None else side(people, old).sums,
                None if new is None else side(people, new).sums,
                _otherwise(old, new),
            )
        )
    count = len(people)
    return SetDifference(people, tuple(parts), _summed(before, count), _summed(after, count))


def plain(found: SetDifference) -> dict[str, Any]:
    """Two sets, for a program to read."""
    winners, losers = found.winners, found.losers
    changed = found.after_fen - found.before_fen
    return {
        "enterprises": len(found.people),
        "before_fen": total(found.before_fen),
        "after_fen": total(found.after_fen),
        "winners": int(np.count_nonzero(winners)),
        "losers": int(np.count_nonzero(losers)),
        "won_fen": total(np.where(winners, changed, 0)),
        "lost_fen": -total(np.where(losers, changed, 0)),
        "rules": [
            {
                "rule": part.rule,
                "before": _sums(part.before),
                "after": _sums(part.after),
                "answered_otherwise": part.answered_otherwise,
            }
            for part in found.parts
        ],
        "by": {
            name: [
                {
                    "word": word,
                    "before_fen": before,
                    "after_fen": after.get(word, 0),
                    "winners": won[word],
                    "losers": lost[word],
                }
                for word, before in group.sums(found.before_fen).items()
            ]
            for name, group in found.people.groups.items()
            for after, won, lost in [
                (group.sums(found.after_fen), group.counts(winners), group.counts(losers))
            ]
        },
    }


def rows(found: SetDifference) -> Iterator[dict[str, Any]]:
    """Everybody who gets another sum, one line each."""
    for place in np.flatnonzero(found.winners | found.losers).tolist():
        yield {
            "enterprise": found.people.names[place],
            **{
                name: group.words[int(group.codes[place])]
                for name, group in found.people.groups.items()
            },
            "before_fen": int(found.before_fen[place]),
            "after_fen": int(found.after_fen[place]),
        }


def _otherwise(old: Result | None, new: Result | None) -> int:
    """How many are answered otherwise; under a rule of one set alone, who is told yes or no."""
    if old is None or new is None:
        one = new if old is None else old
        assert one is not None  # the rule is of one of the sets
        return int(np.count_nonzero(one.settled))
    return int(np.count_nonzero(old.differs(new)))


def _summed(results: Results, count: int) -> Array:
    amounts = [result.amount_fen for result in results.values()]
    most = sum(max(abs(int(a.min(initial=0))), abs(int(a.max(initial=0)))) for a in amounts)
    found = np.zeros(count, np.int64 if fits(0, most) else object)
    for amount in amounts:
        found = found + (amount if fits(0, most) else wide(amount))
    return found


def _sums(sums: Sums | None) -> dict[str, Any] | None:
    if sums is None:
        return None
    return {"beneficiaries": sums.beneficiaries, "cost_fen": sums.cost_fen}
