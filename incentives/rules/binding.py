"""Which facts of the record answer a rule's inputs: indicators by input, over one period.

Shape in a rule file: {period, said_by: [role], values?: {input: indicator}, queries?: {input: {is:
query, class?, role?}}, lists?: {input: {dimensions: [item input], values: {item input:
indicator}}}}. A query asks the ledger itself (`incentives.recorded`). An item of a list is what
agrees in all its dimensions. `said_by` ranks the voices: where several say a thing, the earlier
role counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from incentives.fields import Fields
from incentives.rules.inputs import Fact, Inputs, Rows
from incentives.rules.kinds import Kind
from ledger.facts.periods import PERIODS, Period
from ledger.writer.room import ROLES

ISSUED = "issued-quantity"
QUERIES: Mapping[str, tuple[Kind, tuple[str, ...]]] = {
    "retired-quantity": ("number", ("class",)),
    ISSUED: ("number", ("class",)),
    "region": ("text", ()),
    "has-role": ("flag", ("role",)),
}
"""What can be asked of the ledger: the kind of the answer, and what narrows the question."""
_FACTS = ("period", "said_by", "values", "queries", "lists")
_LIST = ("dimensions", "values")


@dataclass(frozen=True, slots=True)
class Items:
    """How the items of a list are found: `values` gives each input of an item its indicator."""

    dimensions: tuple[str, ...]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Query:
    """A question to the ledger; `word` is the class of credits or the role that it is about."""

    name: str
    word: str


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a rule's inputs come from."""

    period: Period
    said_by: tuple[str, ...]
    values: Mapping[str, str]
    lists: Mapping[str, Items]
    queries: Mapping[str, Query]

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
    dimension-kind (not a text), list-empty, indicator-twice, query-kind (an input of another
    kind) and what Fields refuses. An input that an indicator fills takes no query.
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
    queries = _queries(fields, {f.name: f for f in inputs.facts if f.name not in values})
    binding = Binding(fields.choice("period", PERIODS), said_by, values, found, queries)
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


def _queries(fields: Fields, open_: Mapping[str, Fact]) -> dict[str, Query]:
    below = fields.below("queries")
    found = {}
    for name in below.names():
        if name not in open_:
            raise below.refuse("input-unknown", name)
        entry = below.below(name, ("is", "class", "role"))
        asked = entry.choice("is", tuple(QUERIES))
        kind, needs = QUERIES[asked]
        if open_[name].kind != kind:
            raise below.refuse("query-kind", name, expected=kind, found=open_[name].kind)
        for other in ("class", "role"):
            if entry.has(other) and other not in needs:
                raise entry.refuse("field-unknown", other)
        if "role" in needs and (role := entry.text("role")) not in ROLES:
            raise entry.refuse("role-unknown", "role", role=role)
        found[name] = Query(asked, entry.text(needs[0], 40) if needs else "")
    return found


def _values(fields: Fields, declared: Mapping[str, Fact]) -> dict[str, str]:
    below = fields.below("values")
    for name in below.names():
        if name not in declared or declared[name].kind == "text":
            raise below.refuse("input-unknown", name)
    return {name: below.text(name, 40) for name in below.names()}
