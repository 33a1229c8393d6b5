"""Where the operands of a condition come from: a fact with its entry, the law, or whoever asks.

``from`` is ``fact`` (with ``fact`` and ``entry``, whose receipt can be asked for), ``record`` (a
query of the ledger), ``declared`` (said by whoever asks), ``parameter``, ``step`` or ``items``
(worked out; with the ``inputs`` and ``entries`` it rests on), ``question`` (the day), or
``missing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from incentives.rules.answer import Answer
from incentives.rules.gather import Observed, Place
from incentives.rules.kinds import AS_OF
from incentives.rules.lines import names_under
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


class Operands:
    """The operands of the steps of one answer, each with its source.

    What the steps share is looked up once.
    """

    def __init__(self, answer: Answer, sources: Sources) -> None:
        rule = answer.rule
        self._answer, self._world = answer, answer.world
        self._sources = sources
        self._steps = {s.name: s for s in rule.steps}
        self._scalars = {f.name for f in rule.inputs.facts}
        self._titles = {f.name: f.title for f in rule.inputs.facts}
        self._titles |= {f.name: f.title for rows in rule.inputs.lists for f in rows.facts}
        self._titles |= {s.name: s.title for s in rule.steps}
        self._fields = {f.name: rows.name for rows in rule.inputs.lists for f in rows.facts}

    def of(self, step: Step, item: int | None) -> list[Shown]:
        """The operands that a step names, in their order and once; the name of a list is none.

        There are none where nothing was worked out.
        """
        if self._answer.eligible is None:
            return []
        return [
            {"title": {**self._titles.get(name, {})}, **self._operand(name, step.each, item)}
            for name in step.names
            if name not in self._world.lists
        ]

    def _operand(self, name: str, each: str | None, item: int | None) -> Shown:
        if name in self._answer.rule.parameters:
            return {"name": name, "value": self._parameter(name), "from": "parameter"}
        if name == AS_OF:
            return {"name": name, "value": self._answer.as_of.isoformat(), "from": "question"}
        rows = self._world.lists.get(each or "")
        here = rows[item] if isinstance(rows, list) and item is not None else {}
        if name in self._steps:
            return {
                "name": name,
                "value": bare(here.get(name, self._world.scalars.get(name))),
                "from": "step",
                **self._rests_on(names_under([name], self._steps), each, item),
            }
        if name in self._scalars:
            return self._input(name, (*OUTSIDE, name), self._world.scalars[name])
        if name in here and item is not None and each is not None:
            return self._input(name, (each, item, name), here[name])
        return {"name": name, "value": None, "from": "items", **self._rests_on([name], each, item)}

    def _parameter(self, name: str) -> Plain:
        """The figure or day of a parameter, or the texts of a set; None for a table."""
        texts = self._world.texts.get(name)
        if isinstance(texts, frozenset):
            return ", ".join(sorted(texts))
        return bare(self._world.scalars.get(name))

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

    def _rests_on(self, names: Iterable[str], each: str | None, item: int | None) -> Shown:
        """The inputs under some names, and the entries of the facts that filled them."""
        wanted = dict.fromkeys(n for n in names if n in self._scalars or n in self._fields)
        entries = sorted(
            {
                row["index"]
                for (rows, place, name), row in self._sources.facts.items()
                if name in wanted and (rows != each or item is None or place == item)
            }
        )
        inputs = [f"{self._fields[n]}.{n}" if n in self._fields else n for n in wanted]
        return {"inputs": [*inputs], "entries": [*entries]}
