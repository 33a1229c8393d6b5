"""What whoever asks declares: inputs that no fact holds, such as the day of a loan.

A declaration fills an input that the record leaves open and nothing else: what the record says
counts before it. An answer marks each operand that was declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from incentives.errors import DeclarationRefused
from incentives.rules.errors import InputRefused
from incentives.rules.inputs import take
from incentives.rules.rule import Rule

Declared = Mapping[str, object]
"""By input for every rule that has it, or by rule a mapping by input, which counts before."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Inputs with the declared ones among them, the names of these, and those not needed."""

    inputs: dict[str, object]
    used: frozenset[str]
    unused: tuple[str, ...]


def fill(rule: Rule, inputs: Mapping[str, object], declared: Declared) -> Filled:
    """Fill the inputs of a rule that are open with what was declared for it."""
    given = _of(rule, declared)
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
        take(rule.inputs, _of(rule, declared))
    except InputRefused as fault:
        field = _path(rule, declared, str(fault.params["field"]))
        raise DeclarationRefused(fault.code, **{**fault.params, "field": field}) from fault


def _path(rule: Rule, declared: Declared, field: str) -> str:
    """Where in a declaration a rule's input stands."""
    own, name = declared.get(rule.id), field.partition(".")[0].partition("[")[0]
    below = isinstance(own, Mapping) and own.get(name) is not None
    return f"declared.{rule.id}.{field}" if below else f"declared.{field}"


def _of(rule: Rule, declared: Declared) -> dict[str, object]:
    names = _names(rule)
    given = {
        name: value
        for name, value in declared.items()
        if name in names and value is not None and not isinstance(value, Mapping)
    }
    own = declared.get(rule.id)
    if isinstance(own, Mapping):
        given |= {n: v for n, v in own.items() if n in names and v is not None}
    return given


def _names(rule: Rule) -> frozenset[str]:
    inputs = rule.inputs
    return frozenset((*(f.name for f in inputs.facts), *(rows.name for rows in inputs.lists)))
