"""What whoever asks declares: inputs that no fact holds, such as the day of a loan.

A declaration fills an input that the record leaves open and nothing else: what the record says
counts before it. An answer marks each operand that was declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from incentives.errors import DeclarationRefused
from incentives.rules.errors import InputRefused
from incentives.rules.inputs import faults, take
from incentives.rules.rule import Rule

Declared = Mapping[str, object]
"""By input for every rule that has it, or by rule a mapping by input, which counts before."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Inputs with the declared ones among them, the names of these, and those not needed."""

    inputs: dict[str, object]
    used: frozenset[str]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unfit:
    """A declaration that a rule cannot take, and why: the fault names the field and what it breaks.

    ``left_out`` tells of one that other rules take: this one is answered as if nobody had said it.
    """

    rule: str
    input: str
    fault: InputRefused
    left_out: bool


def fill(rule: Rule, inputs: Mapping[str, object], declared: Declared) -> Filled:
    """Fill the inputs of a rule that are open with what was declared for it."""
    given = own(rule, declared)
    used = frozenset(name for name in given if inputs.get(name) is None)
    unused = tuple(name for name in given if name not in used)
    return Filled({**{n: given[n] for n in given if n in used}, **inputs}, used, unused)


def check(declared: Declared, rules: Iterable[Rule]) -> None:
    """Refuse what no rule that is asked takes: a typing error would pass for an answer.

    Raises DeclarationRefused declared-unknown.
    """
    known = {rule.id: _names(rule) for rule in rules}
    anywhere = {name for names in known.values() for name in names}
    for name, value in declared.items():
        if isinstance(value, Mapping):
            for below in value:
                if below not in known.get(name, ()):
                    raise DeclarationRefused("declared-unknown", field=f"declared.{name}.{below}")
            if name not in known:
                raise DeclarationRefused("declared-unknown", field=f"declared.{name}")
        elif name not in anywhere:
            raise DeclarationRefused("declared-unknown", field=f"declared.{name}")


def check_form(rule: Rule, declared: Declared) -> None:
    """Refuse what a rule's inputs do not take: another kind, out of range, an unknown item.

    What the rule makes of values that its inputs take is its answer, and no matter of form.
    Raises DeclarationRefused with the code that ``take`` gives, naming the field.
    """
    try:
        take(rule.inputs, own(rule, declared))
    except InputRefused as fault:
        field = _path(rule, declared, str(fault.params["field"]))
        raise DeclarationRefused(fault.code, **{**fault.params, "field": field}) from fault


def _path(rule: Rule, declared: Declared, field: str) -> str:
    """Where in a declaration a rule's input stands."""
    said, name = declared.get(rule.id), field.partition(".")[0].partition("[")[0]
    below = isinstance(said, Mapping) and said.get(name) is not None
    return f"declared.{rule.id}.{field}" if below else f"declared.{field}"


def addressed(declared: Declared) -> dict[str, object]:
    """A declaration in which ``RULE.INPUT`` is the same as an object under the name of the rule.

    Raises DeclarationRefused declared-twice.
    """
    found: dict[str, object] = {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in declared.items()
        if "." not in name
    }
    for name, value in declared.items():
        rule, dot, below = name.partition(".")
        if not dot:
            continue
        said = found.setdefault(rule, {})
        if not isinstance(said, dict) or below in said:
            raise DeclarationRefused("declared-twice", field=f"declared.{name}")
        said[below] = value
    return found


def fitted(declared: Declared, rules: Sequence[Rule]) -> tuple[Declared, tuple[Unfit, ...]]:
    """Leave a word that some of the rules take out of those that cannot, and tell which these are.

    What is declared under the name of a rule is left as it is, and so is a word that no rule takes:
    both are mistakes, and refuse the rule.
    """
    unfit: list[Unfit] = []
    found = dict(declared)
    for name, value in declared.items():
        if value is None or isinstance(value, Mapping):
            continue
        bare = [r for r in rules if name in _names(r) and name not in _below(r, declared)]
        wrong = {
            rule.id: Unfit(rule.id, name, fault, left_out=True)
            for rule in bare
            for fault in faults(rule.inputs, {name: value})
        }
        if not 0 < len(wrong) < len(bare):
            continue
        unfit += wrong.values()
        del found[name]
        for rule in bare:
            if rule.id not in wrong:
                found[rule.id] = {**_below(rule, found), name: value}
    return found, tuple(unfit)


def unfit_in(rule: Rule, declared: Mapping[str, object]) -> tuple[Unfit, ...]:
    """Every input of a rule of which something was declared that it cannot take."""
    return tuple(
        Unfit(rule.id, name, fault, left_out=False)
        for name, value in declared.items()
        for fault in faults(rule.inputs, {name: value})
    )


def own(rule: Rule, declared: Declared) -> dict[str, object]:
    """What was declared for a rule, by input."""
    names = _names(rule)
    given = {
        name: value
        for name, value in declared.items()
        if name in names and value is not None and not isinstance(value, Mapping)
    }
    return given | {n: v for n, v in _below(rule, declared).items() if n in names and v is not None}


def _below(rule: Rule, declared: Declared) -> Mapping[str, object]:
    below = declared.get(rule.id)
    return below if isinstance(below, Mapping) else {}


def _names(rule: Rule) -> frozenset[str]:
    inputs = rule.inputs
    return frozenset((*(f.name for f in inputs.facts), *(rows.name for rows in inputs.lists)))
