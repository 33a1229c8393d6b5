"""An answer of the policy in lines for people; the words of what it is stand in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from incentives import exact
from portal.shell.texts import LANGUAGES, say

Answer = Mapping[str, Any]
BARE = "1"
"""The unit of what has none, such as a ratio; it is not written."""


def yuan(fen: int | None) -> str:
    """An amount in yuan with its sign, or a dash where there is none."""
    if fen is None:
        return "-"
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d} CNY"


def notice() -> str:
    """That an answer is a pre-check and decides nothing, in both languages."""
    return in_both("policy.pre_check")


def in_both(key: str) -> str:
    """A text of the catalogue in both languages."""
    return " / ".join(say(key, language) for language in LANGUAGES)


def told(asked: Answer) -> Iterator[str]:
    """Every answer to one party, with what it rests on, then what it is worth."""
    for answer in asked["answers"]:
        yield head_line(answer, asked["known_at"])
        yield from _body(answer)
    yield notice()


def head_line(answer: Answer, known_at: int) -> str:
    """Rule, status, amount and both times on one line."""
    period = "" if not answer["period"] else f", facts of {'..'.join(answer['period'])}"
    return (
        f"{answer['rule']}  {answer['status']}  {yuan(answer['amount_fen'])}"
        f"  (law of {answer['as_of']}{period}, known at {known_at}, rule at {answer['rule_entry']})"
    )


def trace_line(answer: Answer) -> str:
    """The last step that an amount comes from: its expression with what stood in it."""
    steps = [step for step in answer.get("steps", ()) if step["unit"] == "fen"]
    return _step(steps[-1]) if steps else ""


def fact_line(fact: Answer) -> str:
    """A fact that was used: its name, what it says, who says it."""
    value = exact.text(Fraction(fact["value"], 10 ** fact["scale"]))
    named = " ".join(f"{name}={text}" for name, text in fact["dimensions"])
    unit = "" if fact["unit"] == BARE else f" {fact['unit']}"
    return (
        f"fact {fact['fact']}: {fact['indicator']} {named} = {value}{unit}"
        f"  ({fact['party']} as {fact['role']}, {fact['confidence']})"
    )


def _body(answer: Answer) -> Iterator[str]:
    if answer.get("reason"):
        yield f"  reason: {answer['reason']}"
    if answer.get("wanting"):
        yield f"  wanting: {', '.join(answer['wanting'])}"
    if answer.get("review") == "unverified":
        yield "  review: unverified"
    for condition in answer.get("conditions", ()):
        label = " ".join(condition["label"])
        yield f"  {condition['name']} {label}: {condition['state']}{_distances(condition)}"
    for clause in answer.get("clauses", ()):
        yield f"  {clause['document']} {clause['article']} ({clause['confidence']})"
    for fact in answer["facts"]:
        yield f"  {fact_line(fact)}"
    for step in answer.get("steps", ()):
        yield f"  {_step(step)}"


def _distances(condition: Answer) -> str:
    return "".join(
        f"; {d['expression']}: {d['value']} against {d['threshold']} ({d['difference']})"
        for d in condition["distances"]
    )


def _step(step: Answer) -> str:
    """A step with its value, its expression and the values of the names in it."""
    label = f"[{' '.join(step['label'])}]" if step["label"] else ""
    value = step["value"] if step["value"] is not None else step["state"]
    inputs = {name: value for name, value in _inputs(step["trace"])}
    named = ", ".join(f"{name}={value}" for name, value in inputs.items())
    clause = f"  {step['clause']}" if step["clause"] else ""
    unit = f" {step['unit']}" if step["unit"] else ""
    way = f"{step['trace']['expression']}  ({named})"
    return f"{step['name']}{label} = {value}{unit}  <- {way}{clause}"


def _inputs(trace: Answer) -> Iterator[tuple[str, Any]]:
    for item in trace["inputs"]:
        yield item["name"], item["value"]
    for part in trace["parts"]:
        yield from _inputs(part)
