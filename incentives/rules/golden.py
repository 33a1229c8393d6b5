"""Golden tests of a rule: facts with the answer that somebody worked out by hand.

They lie beside the rule in a file of their own, so that adding one changes no digest.
Shape: {rule, cases: [{name, as_of, facts, expect: {status?, amount_fen?, figures?: {step: number},
states?: {condition: state or [state by item]}, wanting?: [name], refused?: code}}]}.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from incentives import exact
from incentives.fields import Fields
from incentives.rules.answer import Answer
from incentives.rules.assess import assess
from incentives.rules.errors import InputRefused, RuleFault, RuleRefused
from incentives.rules.rule import Rule
from ledger.parties import strict_yaml

_CASE = ("name", "as_of", "facts", "expect")
_EXPECT = ("status", "amount_fen", "figures", "states", "wanting", "refused")


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what is expected of its answer, each field as text."""

    name: str
    as_of: date
    facts: object
    expect: dict[str, str]


@dataclass(frozen=True, slots=True)
class Failure:
    """A field of an answer that is not what was expected; None where there is nothing.

    ``refused`` says why the facts were, and of which field.
    """

    case: str
    field: str
    expected: str
    found: str | None
    refused: str | None = None


def read(text: str, rule: Rule) -> tuple[Case, ...]:
    """Read the golden tests of a rule.

    Raises TextRefused, or RuleRefused: rule-other, cases-empty, case-without-expectation and what
    Fields refuses.
    """
    fields = Fields(strict_yaml.read(text), "", ("rule", "cases"), RuleRefused)
    if fields.text("rule") != rule.id:
        raise fields.refuse("rule-other", "rule", expected=rule.id)
    cases = tuple(_case(entry) for entry in fields.each("cases", _CASE))
    if not cases:
        raise fields.refuse("cases-empty", "cases")
    return cases


def run(rule: Rule, cases: tuple[Case, ...]) -> tuple[Failure, ...]:
    """Put every case to the rule and list what differs."""
    return tuple(failure for case in cases for failure in _failures(rule, case))


def _case(fields: Fields) -> Case:
    expect = fields.below("expect", _EXPECT)
    wanted: dict[str, str] = {}
    for name in ("status", "amount_fen", "refused"):
        if expect.has(name):
            wanted[name] = expect.text(name)
    for name in expect.below("figures").names():
        wanted[f"figures.{name}"] = exact.text(expect.below("figures").number(name))
    states = expect.below("states")
    for name in states.names():
        one = isinstance(states.raw(name), str)
        by_item = [states.text(name)] if one else [str(s) for s in states.entries(name)]
        wanted[f"states.{name}"] = " ".join(by_item)
    if expect.has("wanting"):
        wanted["wanting"] = " ".join(expect.texts("wanting"))
    if not wanted:
        raise fields.refuse("case-without-expectation", "expect")
    facts = fields.raw("facts") if fields.has("facts") else {}
    return Case(fields.text("name"), fields.day("as_of"), facts, wanted)


def _failures(rule: Rule, case: Case) -> Iterator[Failure]:
    refused = None
    try:
        found = _found(assess(rule, case.facts, case.as_of))
    except (InputRefused, RuleFault) as fault:
        found = {"refused": fault.code}
        refused = " ".join(filter(None, (fault.code, str(fault.params.get("field", "")))))
    for field, expected in case.expect.items():
        if found.get(field) != expected:
            yield Failure(case.name, field, expected, found.get(field), refused)


def _found(answer: Answer) -> dict[str, str]:
    found = {"status": str(answer.status), "wanting": " ".join(answer.wanting)}
    if answer.amount_fen is not None:
        found["amount_fen"] = str(answer.amount_fen)
    for figure in answer.figures:
        if figure.value is not None:
            found[f"figures.{figure.name}"] = exact.text(figure.value)
    for condition in answer.conditions:
        key = f"states.{condition.name}"
        found[key] = f"{found[key]} {condition.state}" if key in found else str(condition.state)
    return found
