"""Which facts of the record answer a rule's inputs: indicators by input, over one period.

Shape in a rule file: {period, said_by: [role], values?: {input: indicator}, lists?: {input:
{dimensions: [item input], values: {item input: indicator}}}}. An item of a list is what agrees in
all its dimensions. `said_by` ranks the voices: where several say a thing, the earlier role counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from incentives.fields import Fields
from incentives.rules.inputs import Fact, Inputs, Rows
from ledger.facts.periods import PERIODS, Period
from ledger.writer.room import ROLES

_FACTS = ("period", "said_by", "values", "lists")
_LIST = ("dimensions", "values")


@dataclass(frozen=True, slots=True)
class Items:
    """How the items of a list are found: `values` gives each input of an item its indicator."""

    dimensions: tuple[str, ...]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a rule's inputs come from."""

    period: Period
    said_by: tuple[str, ...]
    values: Mapping[str, str]
    lists: Mapping[str, Items]

    @property
    def indicators(self) -> tuple[str, ...]:
        """Every indicator that is asked for, once and in order."""
        found = [*self.values.values()]
        for items in self.lists.values():
            found += items.values.values()
        return tuple(dict.fromkeys(found))


def read_binding(fields: Fields, inputs: Inputs) -> Binding:
    """Read the `facts` of a rule.

    Refuses role-unknown, input-unknown (not declared, or a text, which no fact is),
    dimension-kind (not a text), list-empty, indicator-twice and what Fields refuses.
    """
    said_by = fields.texts("said_by")
    for role in said_by:
        if role not in ROLES:
            raise fields.refuse("role-unknown", "said_by", role=role)
    if not said_by:
        raise fields.refuse("list-empty", "said_by")
    values = _values(fields, {fact.name: fact for fact in inputs.facts})
    lists = fields.below("lists")
    known = {rows.name: rows for rows in inputs.lists}
    found = {}
    for name in lists.names():
        if name not in known:
            raise lists.refuse("input-unknown", name)
        found[name] = _items(lists.below(name, _LIST), known[name])
    binding = Binding(fields.choice("period", PERIODS), said_by, values, found)
    asked = [*values.values(), *(i for items in found.values() for i in items.values.values())]
    if len(set(asked)) < len(asked):
        raise fields.refuse("indicator-twice", "lists")
    return binding


def below(fields: Fields, inputs: Inputs) -> Binding | None:
    """Read the `facts` of a rule file, or None where it asks the record for nothing."""
    if not fields.has("facts"):
        return None
    return read_binding(fields.below("facts", _FACTS), inputs)


def _items(fields: Fields, rows: Rows) -> Items:
    declared = {fact.name: fact for fact in rows.facts}
    dimensions = fields.texts("dimensions")
    for name in dimensions:
        if name not in declared:
            raise fields.refuse("input-unknown", "dimensions", name=name)
        if declared[name].kind != "text":
            raise fields.refuse("dimension-kind", "dimensions", name=name)
    values = _values(fields, declared)
    if not values:
        raise fields.refuse("list-empty", "values")
    return Items(dimensions, values)


def _values(fields: Fields, declared: Mapping[str, Fact]) -> dict[str, str]:
    below = fields.below("values")
    for name in below.names():
        if name not in declared or declared[name].kind == "text":
            raise below.refuse("input-unknown", name)
    return {name: below.text(name, 40) for name in below.names()}
