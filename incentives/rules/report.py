"""Writes an answer as a tree of texts, integers, booleans and nulls: the same bytes every time.

Numbers that need not be integers are exact texts. `value` null means that there is none; a trace
says then under `state` whether facts are missing or law is not in force, and which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from incentives import exact
from incentives.rules import values
from incentives.rules.answer import Answer, Condition, Used, Worked
from incentives.rules.flips import Changes, Flip
from incentives.rules.law import Clause
from incentives.rules.plain import Plain, bare
from incentives.rules.sources import Operands, Sources
from incentives.rules.steps import Step
from incentives.rules.trace import Distance, Trace
from incentives.rules.values import Absent, Value

NO_SOURCES = Sources()


def plain(
    answer: Answer, *, explain: bool = True, sources: Sources = NO_SOURCES
) -> dict[str, Plain]:
    """Write an answer; without `explain`, leave the steps out."""
    rule = answer.rule
    steps = {step.name: step for step in rule.steps}
    operands = Operands(answer, sources)
    written: dict[str, Plain] = {
        "rule": rule.id,
        "rule_sha256": rule.digest,
        "kind": rule.kind,
        "as_of": answer.as_of.isoformat(),
        "pre_check": answer.pre_check,
        "review": rule.review,
        "status": answer.status,
        "amount_fen": answer.amount_fen,
        "wanting": list(answer.wanting),
        "excludes": list(rule.stacking.excludes),
        "stacking_note": rule.stacking.note,
        "doubts": [_doubt(name, doubt) for name, doubt in _doubts(answer)],
        "readings": {name: dict(words) for name, words in rule.readings.items()},
        "figures": [
            {
                "name": f.name,
                "unit": f.unit,
                "value": None if f.value is None else exact.text(f.value),
            }
            for f in answer.figures
        ],
        "conditions": [
            _condition(c, steps[c.name], operands.of(steps[c.name], c.item))
            for c in answer.conditions
        ],
        "parameters": [_used(u) for u in answer.parameters],
        "clauses": [_clause(c) for c in answer.clauses],
    }
    if explain:
        written["steps"] = [_worked(w) for w in answer.steps]
        written["eligible"] = None if answer.eligible is None else _trace(answer.eligible)
    return written


def changed(found: Changes) -> Plain:
    """Write what would change an answer: each change with what the rule says then."""
    together = found.together
    return {
        "flips": [_flip(flip) for flip in found.flips],
        "together": None
        if together is None
        else {"status": together.status, "amount_fen": together.amount_fen},
        "left_out": found.left_out,
    }


def _flip(flip: Flip) -> Plain:
    return {
        "condition": flip.condition,
        "item": flip.item,
        "operand": flip.operand,
        "list": flip.rows,
        "unit": flip.unit,
        "value": bare(flip.before),
        "to": bare(flip.to),
        "bound": flip.bound,
        "change": None if flip.change is None else exact.text(flip.change),
        "status": flip.status,
        "amount_fen": flip.amount_fen,
    }


def _doubts(answer: Answer) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What is not established of the law on the day: by rule, clause or parameter, and why."""
    rule, on = answer.rule, answer.as_of
    forces = [(rule.id, rule.force), *((c.id, c.force) for c in answer.clauses)]
    for name, force in forces:
        if force.doubt is not None and force.doubt.start <= on:
            yield name, force.doubt.why
    for used in answer.parameters:
        if used.why:
            yield used.parameter.id, used.why


def _doubt(name: str, why: Mapping[str, str]) -> Plain:
    return {"of": name, "why": dict(why)}


def _condition(condition: Condition, step: Step, given: list[dict[str, Plain]]) -> Plain:
    return {
        "name": condition.name,
        "title": dict(step.title),
        "item": condition.item,
        "label": list(condition.label),
        "state": condition.state,
        "wanting": list(condition.wanting),
        "distances": [_distance(d) for d in condition.distances],
        "operands": [*given],
        "clause": condition.clause,
    }


def _distance(distance: Distance) -> Plain:
    return {
        "expression": distance.text,
        "op": distance.op,
        "value": values.text(distance.value),
        "threshold": values.text(distance.threshold),
        "difference": exact.text(distance.difference),
    }


def _used(used: Used) -> Plain:
    value: Plain = None
    if isinstance(used.value, frozenset):
        value = [*sorted(used.value)]
    elif used.value is not None:
        value = values.text(used.value)
    return {
        "name": used.parameter.id,
        "unit": used.parameter.unit,
        "value": value,
        "source": used.source,
        "confidence": used.confidence,
        "clause": used.parameter.clause,
    }


def _clause(clause: Clause) -> Plain:
    return {
        "id": clause.id,
        "document": clause.document,
        "article": clause.article,
        "text": clause.text,
        "summary": clause.summary,
        "source": clause.source,
        "confidence": clause.confidence,
    }


def _worked(worked: Worked) -> Plain:
    step = worked.step
    return {
        "name": step.name,
        "role": step.role,
        "each": step.each,
        "item": worked.item,
        "label": list(worked.label),
        "unit": step.unit,
        "round": step.round,
        "clause": step.clause,
        **_valued(worked.value),
        "trace": _trace(worked.trace),
    }


def _trace(trace: Trace) -> dict[str, Plain]:
    return {
        "expression": trace.text,
        **_valued(trace.value),
        "inputs": [{"name": name, **_valued(v)} for name, v in trace.inputs],
        "parts": [_trace(p) for p in trace.parts],
    }


def _valued(value: Value) -> dict[str, Plain]:
    if isinstance(value, Absent):
        return {"value": None, "state": value.state, "wanting": list(value.names)}
    return {"value": bare(value)}
