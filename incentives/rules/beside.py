"""What a rule tells beside its answer: what it gives, what to bring, what is open and who says it.

The bytes of an answer are kept for ever, so that what helps people to read one stands beside it and
follows from the same rule, facts and declarations.  Numbers are exact texts, as in an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from incentives import exact
from incentives.rules import values
from incentives.rules.answer import Answer, Worked
from incentives.rules.binding import Binding
from incentives.rules.declared import Unfit
from incentives.rules.inputs import Fact, Rows
from incentives.rules.law import Dated, Parameter
from incentives.rules.lines import names_under
from incentives.rules.plain import Plain, bare
from incentives.rules.rule import Rule
from incentives.rules.sources import Operands, Sources
from incentives.rules.trace import Trace
from incentives.rules.values import Absent
from ledger.facts.periods import period_of

Defined = Mapping[str, Mapping[str, Any]]
"""Indicators of the record by name."""
BENEFITS: Mapping[str, str] = {"facility": "bank"}
"""Whose the benefit is, by kind of rule, where it is not whoever is asked about."""
STATED_BY = {"public": "fact.publish", "party": "fact.report"}
"""The statement that states a fact, by the circle of its indicator."""


def papers(rule: Rule) -> Plain:
    """The papers that the rule wants brought, each with its clause."""
    return [
        {"id": term.id, "title": {**term.title}, "clause": term.clause} for term in rule.evidence
    ]


def parameters(rule: Rule, on: date) -> Plain:
    """The figures of the rule on a day, each with its own days, source and document.

    ``value`` is null for a table, or where nobody has read the figure (``why`` says so).
    """
    return [
        _parameter(rule, parameter, dated)
        for parameter in rule.parameters.values()
        for dated in parameter.on(on)
    ]


def outcome(rule: Rule, given: Answer | None) -> dict[str, Plain]:
    """What a rule that names no sum gives: its figures, or where it has none what it found to hold.

    They ``apply`` where the answer is yes; else they are what would be given.
    """
    figures: list[Plain] = []
    holds: list[Plain] = []
    if given is not None and rule.amount is None:
        titles = {step.name: step.title for step in rule.steps}
        figures += [
            {
                "name": figure.name,
                "title": {**titles[figure.name]},
                "unit": figure.unit,
                "value": None if figure.value is None else exact.text(figure.value),
            }
            for figure in given.figures
        ]
        if not figures:
            holds += [
                {"name": c.name, "title": {**titles[c.name]}}
                for c in given.conditions
                if c.state == "yes" and c.item is None
            ]
    return {
        "sum": rule.amount is not None,
        "benefits": BENEFITS.get(rule.kind),
        "applies": given is not None and given.status == "yes",
        "figures": figures,
        "holds": holds,
    }


def steps(given: Answer | None, sources: Sources) -> Plain:
    """The way to what the rule gives, step by step, with the source of each value in it.

    Of a rule without a sum the way to its figures.  Values are after rounding.
    """
    if given is None:
        return []
    way = _way(given)
    operands = Operands(given, sources)
    return [_step(given, worked, operands) for worked in given.steps if worked.step.name in way]


def wanted(
    rule: Rule,
    given: Answer | None,
    stated: Mapping[str, object],
    on: date,
    defined: Defined,
) -> Plain:
    """The inputs that the record leaves open, each with who may state it and how.

    ``needed`` says whether the answer, or what it would give, waits for it.
    """
    if given is not None and given.eligible is None:  # law that says nothing asks for nothing
        return []
    waiting = None if given is None else _waiting(given)
    found: list[Plain] = [
        _input(fact, None, waiting, _stated_as(rule, [fact.name], on, defined))
        for fact in rule.inputs.facts
        if stated.get(fact.name) is None
    ]
    for rows in rule.inputs.lists:
        if stated.get(rows.name) is None:
            found.append(_list(rows, waiting, _stated_as(rule, [rows.name], on, defined)))
            continue
        found += [
            _input(fact, name, waiting, _stated_as(rule, [rows.name, fact.name], on, defined))
            for fact in rows.facts
            for name in sorted(waiting or ())
            if name.startswith(f"{rows.name}[") and name.endswith(f"].{fact.name}")
        ]
    return found


def misfits(rule: Rule, unfit: Sequence[Unfit]) -> Plain:
    """What was declared and cannot be taken: the input, the rule that it breaks, its bounds."""
    facts = {fact.name: fact for fact in rule.inputs.facts}
    found: list[Plain] = []
    for told in unfit:
        if told.rule != rule.id:
            continue
        fact = facts.get(told.input)
        params: dict[str, Plain] = {
            name: [*value] if isinstance(value, tuple) else value
            for name, value in told.fault.params.items()
        }
        shape = {} if fact is None else _shape(fact)
        title = dict(fact.title) if fact is not None else _title(rule, told.input)
        found.append(
            {
                "input": told.input,
                "title": {**title},
                **shape,
                "code": told.fault.code,
                "params": params,
                "left_out": told.left_out,
            }
        )
    return found


def _title(rule: Rule, name: str) -> Mapping[str, str]:
    return next((rows.title for rows in rule.inputs.lists if rows.name == name), {})


def _parameter(rule: Rule, parameter: Parameter, dated: Dated) -> dict[str, Plain]:
    value: Plain = None
    if isinstance(dated.value, frozenset):
        value = [*sorted(dated.value)]
    elif isinstance(dated.value, Fraction | date):
        value = values.text(dated.value)
    clause = rule.clauses.get(parameter.clause or "")
    span = dated.span
    return {
        "name": parameter.id,
        "kind": parameter.kind,
        "unit": parameter.unit,
        "value": value,
        "why": {**dated.why},
        "from": None if span.start is None else span.start.isoformat(),
        "before": None if span.before is None else span.before.isoformat(),
        "source": dated.source,
        "confidence": dated.confidence,
        "document": None if clause is None else clause.document,
        "article": None if clause is None else clause.article,
    }


def _way(given: Answer) -> frozenset[str]:
    """The steps that lead to the amount, or else to any figure, themselves among them."""
    steps = {worked.step.name: worked.step for worked in given.steps}
    amount = given.rule.amount
    ends = [amount] if amount is not None else [figure.name for figure in given.figures]
    return frozenset(name for name in names_under(ends, steps) if name in steps)


def _step(given: Answer, worked: Worked, operands: Operands) -> dict[str, Plain]:
    step, value = worked.step, worked.value
    return {
        "name": step.name,
        "title": {**step.title},
        "item": worked.item,
        "label": [*worked.label],
        "unit": step.unit,
        "round": step.round,
        "clause": step.clause,
        "expression": step.node.text,
        "value": None if isinstance(value, Absent) else bare(value),
        "state": value.state if isinstance(value, Absent) else None,
        "wanting": [*value.names] if isinstance(value, Absent) else [],
        "operands": [
            {**told, "value": _looked_up(worked.trace, told["name"])}
            if told["name"] in given.world.tables
            else told
            for told in operands.of(step, worked.item)
        ],
    }


def _looked_up(trace: Trace, table: Plain) -> Plain:
    """What a table of the law gave in a step; None where it was not asked."""
    if trace.text.startswith(f"lookup({table},") and not isinstance(trace.value, Absent):
        return bare(trace.value)
    found = (_looked_up(part, table) for part in trace.parts)
    return next((value for value in found if value is not None), None)


def _waiting(given: Answer) -> frozenset[str]:
    """The names for want of which any step, or the answer itself, came to nothing."""
    names = set(given.wanting)
    for worked in given.steps:
        if isinstance(worked.value, Absent):
            names.update(worked.value.names)
    for condition in given.conditions:
        names.update(condition.wanting)
    return frozenset(names)


def _input(
    fact: Fact, name: str | None, waiting: frozenset[str] | None, stated_as: Plain
) -> dict[str, Plain]:
    name = name or fact.name
    return {
        "name": name,
        "title": {**fact.title},
        **_shape(fact),
        "items": [],
        "needed": waiting is None or name in waiting,
        "stated_as": stated_as,
    }


def _list(rows: Rows, waiting: frozenset[str] | None, stated_as: Plain) -> dict[str, Plain]:
    items: list[Plain] = [{"name": f.name, "title": {**f.title}, **_shape(f)} for f in rows.facts]
    return {
        "name": rows.name,
        "title": {**rows.title},
        "kind": "list",
        "unit": "",
        "least": None,
        "most": None,
        "whole": False,
        "choices": [],
        "items": items,
        "needed": waiting is None or rows.name in waiting,
        "stated_as": stated_as,
    }


def _shape(fact: Fact) -> dict[str, Plain]:
    return {
        "kind": fact.kind,
        "unit": fact.unit,
        "least": None if fact.least is None else exact.text(fact.least),
        "most": None if fact.most is None else exact.text(fact.most),
        "whole": fact.whole,
        "choices": [*fact.choices],
    }


def _stated_as(rule: Rule, path: Sequence[str], on: date, defined: Defined) -> Plain:
    """Which indicators fill an input, over which period, by whom; None where no fact does."""
    binding = rule.facts
    named = {} if binding is None else dict(_bound(binding, path))
    if binding is None or not named:
        return None
    start, end = period_of(binding.period, on)
    indicators: list[Plain] = [
        _indicator(name, indicator, defined.get(indicator, {}), binding)
        for name, indicator in named.items()
    ]
    return {"period": binding.period, "start": start, "end": end, "indicators": indicators}


def _bound(binding: Binding, path: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The indicators that fill an input, a whole list, or one field of a list, by input."""
    if path[0] in binding.values:
        yield path[0], binding.values[path[0]]
    elif path[0] in binding.lists:
        for name, indicator in binding.lists[path[0]].values.items():
            if len(path) == 1 or name == path[1]:
                yield name, indicator


def _indicator(
    name: str, indicator: str, row: Mapping[str, Any], binding: Binding
) -> dict[str, Plain]:
    """One indicator, and the roles whose word the rule hears and that may state it."""
    heard = [role for role in binding.said_by if role in row.get("publishers", binding.said_by)]
    titles = {"zh": row.get("name"), "en": row.get("name_en")}
    return {
        "indicator": indicator,
        "input": name,
        "title": {language: words for language, words in titles.items() if words},
        "unit": row.get("unit"),
        "dimensions": [*row.get("dimensions", ())],
        "roles": [*heard],
        "type": STATED_BY.get(row.get("circle", ""), "fact.report"),
    }
