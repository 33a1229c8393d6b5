"""Where the operands of a condition come from: a fact with its entry, the law, or whoever asks.

``from`` is ``fact`` (with ``fact`` and ``entry``, whose receipt can be asked for), ``record`` (a
query of the ledger), ``declared`` (said by whoever asks), ``parameter``, ``step`` or ``items``
(worked out; with the ``inputs`` and ``entries`` it rests on), ``question`` (the day), or
``missing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from incentives.rules.answer import Answer
from incentives.rules.gather import Observed, Place
from incentives.rules.kinds import AS_OF
from incentives.rules.lines import Ground, names_of
from incentives.rules.plain import Plain, bare
from incentives.rules.steps import Step
from incentives.rules.values import Absent, Value

Shown = dict[str, Plain]
OUTSIDE = ("", -1)


@dataclass(frozen=True, slots=True)
class Sources:
    """What filled the inputs: facts by place, queries by input, and the inputs that were declared.

    A declared list is declared whole.
    """

    facts: Mapping[Place, Observed] = field(default_factory=dict)
    queries: Mapping[str, str] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()


def operands(answer: Answer, step: Step, item: int | None, sources: Sources) -> list[Shown]:
    """The operands that a condition names, in their order and once, each with its source."""
    if answer.eligible is None:  # nothing was worked out
        return []
    told = _Told(answer, step, item, sources)
    return [told.operand(name) for name in dict.fromkeys(names_of(step.node)) if told.knows(name)]


class _Told:
    def __init__(self, answer: Answer, step: Step, item: int | None, sources: Sources) -> None:
        rule = answer.rule
        self._answer = answer
        self._sources = sources
        self._each, self._item = step.each, item
        self._steps = {s.name: s for s in rule.steps}
        self._ground = Ground(answer.world, self._steps, step.each, item)
        self._scalars = {f.name for f in rule.inputs.facts}
        self._titles = {f.name: f.title for f in rule.inputs.facts}
        self._titles |= {f.name: f.title for rows in rule.inputs.lists for f in rows.facts}
        self._titles |= {s.name: s.title for s in rule.steps}
        self._fields = {f.name: rows.name for rows in rule.inputs.lists for f in rows.facts}

    def knows(self, name: str) -> bool:
        """Whether a name is an operand: the name of a list is none, its fields are."""
        return name not in self._answer.world.lists

    def operand(self, name: str) -> Shown:
        """A name with its words, its value and where that comes from."""
        return {"title": {**self._titles.get(name, {})}, **self._operand(name)}

    def _operand(self, name: str) -> Shown:
        if name in self._answer.rule.parameters:
            return {"name": name, "value": self._parameter(name), "from": "parameter"}
        if name == AS_OF:
            return {"name": name, "value": self._answer.as_of.isoformat(), "from": "question"}
        rows = self._answer.world.lists.get(self._each or "")
        here = rows[self._item] if isinstance(rows, list) and self._item is not None else {}
        if name in self._steps:
            return {
                "name": name,
                "value": bare(here.get(name, self._answer.world.scalars.get(name))),
                "from": "step",
                **self._rests_on(self._ground.names(self._steps[name].node)),
            }
        if name in self._scalars:
            return self._input(name, (*OUTSIDE, name), self._answer.world.scalars[name])
        if name in here and self._item is not None and self._each is not None:
            return self._input(name, (self._each, self._item, name), here[name])
        return {"name": name, "value": None, "from": "items", **self._rests_on([name])}

    def _parameter(self, name: str) -> Plain:
        """The figure or day of a parameter, or the texts of a set; None for a table."""
        texts = self._answer.world.texts.get(name)
        if isinstance(texts, frozenset):
            return ", ".join(sorted(texts))
        return bare(self._answer.world.scalars.get(name))

    def _input(self, name: str, place: Place, value: Value) -> Shown:
        shown: Shown = {"name": name, "value": bare(value)}
        row = self._sources.facts.get(place)
        if row is not None:
            return {**shown, "from": "fact", "fact": row["fact"], "entry": row["index"]}
        if isinstance(value, Absent):
            return {**shown, "from": "missing"}
        if name in self._sources.queries:
            return {**shown, "from": "record", "query": self._sources.queries[name]}
        return {**shown, "from": "declared"}

    def _rests_on(self, names: Iterable[str]) -> Shown:
        """The inputs under some names, and the entries of the facts that filled them."""
        wanted = dict.fromkeys(n for n in names if n in self._scalars or n in self._fields)
        entries = sorted({row["index"] for row in self._rows(wanted)})
        inputs = [f"{self._fields[n]}.{n}" if n in self._fields else n for n in wanted]
        return {"inputs": [*inputs], "entries": [*entries]}

    def _rows(self, names: Mapping[str, None]) -> Iterator[Observed]:
        for (rows, place, name), row in self._sources.facts.items():
            at_hand = rows != self._each or self._item is None or place == self._item
            if name in names and at_hand:
                yield row
