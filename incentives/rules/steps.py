"""The steps of a rule in their order: values worked out, conditions put, facts checked.

A step is `let`, `condition` or `check` with a name, `is` with an expression, and `each` with a
list where it stands for every item. A condition is reported with its state; a check that fails
refuses the facts as contradictory instead of answering no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from incentives.errors import PolicyError
from incentives.exact import ROUNDINGS, Rounding
from incentives.fields import Fields
from incentives.rules import kinds, units
from incentives.rules.errors import ExpressionRefused, RuleRefused
from incentives.rules.inputs import Inputs
from incentives.rules.kinds import Kind, Scope
from incentives.rules.law import Clause, Parameter, read_words
from incentives.rules.syntax import NAME, Node, names_of, parse

Role = Literal["let", "condition", "check"]

ROLES: tuple[Role, ...] = ("let", "condition", "check")
STEPS_MAX = 100
_STEP = (*ROLES, "is", "each", "unit", "round", "clause", "title")


@dataclass(frozen=True, slots=True)
class Step:
    """One named expression; `each` names the list whose items it is worked out for.

    `names` are those that stand in the expression, in their order and once.
    """

    name: str
    role: Role
    node: Node
    kind: Kind
    each: str | None
    unit: str
    round: Rounding | None
    clause: str | None
    title: Mapping[str, str]
    names: tuple[str, ...]


def first_scope(inputs: Inputs, parameters: Mapping[str, Parameter]) -> Scope:
    """What names mean before the first step. Raises RuleRefused name-twice."""
    scalars: dict[str, Kind] = {kinds.AS_OF: "day", **{f.name: f.kind for f in inputs.facts}}
    lists: dict[str, dict[str, Kind]] = {}
    names = (
        [kinds.AS_OF]
        + [f.name for f in inputs.facts]
        + [r.name for r in inputs.lists]
        + list(parameters)
    )
    for rows in inputs.lists:
        lists[rows.name] = {f.name: f.kind for f in rows.facts}
    # A field may have its name in two lists, but in no list the name of something outside it.
    names += list(dict.fromkeys(name for facts in lists.values() for name in facts))
    for name in names:
        if names.count(name) > 1:
            raise RuleRefused("name-twice", field=f"inputs.{name}")
    scalars |= {p.id: "number" for p in parameters.values() if p.kind == "value"}
    scalars |= {p.id: "day" for p in parameters.values() if p.kind == "day"}
    return Scope(
        scalars,
        lists,
        {p.id: p.keys for p in parameters.values() if p.kind == "table"},
        frozenset(p.id for p in parameters.values() if p.kind == "texts"),
        units=_declared(inputs, parameters),
    )


def _declared(inputs: Inputs, parameters: Mapping[str, Parameter]) -> dict[str, str | None]:
    """The unit of each name; one that two lists have with different units is not known."""
    found = {p.id: units.normal(p.unit) for p in parameters.values()}
    single = [*inputs.facts, *(fact for rows in inputs.lists for fact in rows.facts)]
    for fact in single:
        unit = units.normal(fact.unit)
        found[fact.name] = unit if found.get(fact.name, unit) == unit else units.UNKNOWN
    return found


def read_steps(
    fields: Fields, scope: Scope, clauses: Mapping[str, Clause]
) -> tuple[tuple[Step, ...], Scope]:
    """Read the steps; give them with the scope after the last one.

    Raises RuleRefused steps-too-many, step-role, name-malformed, name-twice, list-unknown,
    clause-unknown, round-without-number, and with `field` and `rule` what parse or kinds refuse.
    """
    if len(fields.entries("steps")) > STEPS_MAX:
        raise fields.refuse("steps-too-many", "steps", limit=STEPS_MAX)
    steps = []
    for entry in fields.each("steps", _STEP):
        step = _step(entry, scope, clauses)
        scope = _grown(scope, step)
        steps.append(step)
    return tuple(steps), scope


def expression(fields: Fields, name: str, scope: Scope, kind: Kind | None = None) -> Node:
    """Read a field as an expression, of a certain kind if one is wanted."""
    try:
        node = parse(fields.text(name))
        found = kinds.kind(node, scope)
        units.unit(node, scope.units)
    except ExpressionRefused as fault:
        raise _refused(fields.at(name), fault) from None
    if kind is not None and found != kind:
        raise fields.refuse("kind-mismatch", name, expected=kind, found=found)
    return node


def _step(fields: Fields, scope: Scope, clauses: Mapping[str, Clause]) -> Step:
    roles = [role for role in ROLES if fields.has(role)]
    if len(roles) != 1:
        raise fields.refuse("step-role", "let", expected="one of let, condition, check")
    role = roles[0]
    name = fields.text(role)
    if not NAME.fullmatch(name):
        raise fields.refuse("name-malformed", role, name=name)
    each = fields.optional("each")
    if each is not None and each not in scope.lists:
        raise fields.refuse("list-unknown", "each", list=each)
    if _taken(name, each, scope):
        raise fields.refuse("name-twice", role, name=name)
    inner = scope if each is None else scope.of_item(each)
    node = expression(fields, "is", inner, None if role == "let" else "flag")
    kind = kinds.kind(node, inner)
    rounding = fields.choice("round", ROUNDINGS) if fields.has("round") else None
    if rounding is not None and kind != "number":
        raise fields.refuse("round-without-number", "round")
    clause = fields.optional("clause")
    if clause is not None and clause not in clauses:
        raise fields.refuse("clause-unknown", "clause", clause=clause)
    unit = fields.optional("unit", 60) or ""
    title, names = read_words(fields), tuple(dict.fromkeys(names_of(node)))
    return Step(name, role, node, kind, each, unit, rounding, clause, title, names)


def _taken(name: str, each: str | None, scope: Scope) -> bool:
    outside = {*scope.scalars, *scope.lists, *scope.tables, *scope.texts}
    inside = [scope.lists[each]] if each is not None else list(scope.lists.values())
    return name in outside or any(name in facts for facts in inside)


def _grown(scope: Scope, step: Step) -> Scope:
    scalars, lists = dict(scope.scalars), {k: dict(v) for k, v in scope.lists.items()}
    target = scalars if step.each is None else lists[step.each]
    target[step.name] = step.kind
    known = {**scope.units, step.name: units.normal(step.unit)}
    return Scope(scalars, lists, scope.tables, scope.texts, units=known)


def _refused(field: str, fault: PolicyError) -> RuleRefused:
    params = {k: v for k, v in fault.params.items() if k != "field"}
    return RuleRefused(fault.code, field=field, **params)
