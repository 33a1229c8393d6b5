"""Why an answer is another one: two answers to one party, side by side, by what they rest on.

A cause is of a ``kind``: ``rule`` (in force on one side alone), ``text`` (another version),
``parameter``, ``clause``, ``fact``, ``declared`` or ``region``; ``before`` and ``after`` are what
stood on each side, null where nothing did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from incentives import exact
from incentives.rules.plain import Plain

Asked = Mapping[str, Any]
"""What `incentives.asking.ask` gives."""
NOBODY: Mapping[str, Any] = {"status": None, "amount_fen": None}


def compare(before: Asked, after: Asked) -> dict[str, Plain]:
    """By rule: status and amount on both sides, the causes, and the conditions that turned."""
    old = {answer["rule"]: answer for answer in before["answers"]}
    new = {answer["rule"]: answer for answer in after["answers"]}
    rules: list[Plain] = [
        _rule(name, old.get(name), new.get(name), before, after) for name in sorted({*old, *new})
    ]
    return {
        "party": after["party"],
        "pre_check": True,
        "before": _times(before),
        "after": _times(after),
        "rules": rules,
    }


def _times(asked: Asked) -> Plain:
    return {"on": asked["on"], "known_at": asked["known_at"]}


def _rule(
    name: str, old: Asked | None, new: Asked | None, before: Asked, after: Asked
) -> dict[str, Plain]:
    one, other = old or NOBODY, new or NOBODY
    causes: list[Plain] = [*_causes(old, new)]
    if old is not None and new is not None:
        causes += _declared(old, new, before["declared"], after["declared"])
    return {
        "rule": name,
        "before": {"status": one["status"], "amount_fen": one["amount_fen"]},
        "after": {"status": other["status"], "amount_fen": other["amount_fen"]},
        "changed": (one["status"], one["amount_fen"]) != (other["status"], other["amount_fen"]),
        "causes": causes,
        "conditions": [*_turned(one, other)],
    }


def _causes(old: Asked | None, new: Asked | None) -> Iterator[Plain]:
    if old is None or new is None:
        yield _cause("rule", "", _entry(old), _entry(new))
        return
    if old["rule_sha256"] != new["rule_sha256"]:
        yield _cause("text", "", _entry(old), _entry(new))
    yield from _differing("parameter", _parameters(old), _parameters(new))
    yield from _differing("clause", _clauses(old), _clauses(new))
    yield from _differing("fact", _facts(old), _facts(new))
    regions = [answer.get("wanting") == ["region"] for answer in (old, new)]
    if regions[0] != regions[1]:
        yield _cause("region", "", old["status"], new["status"])


def _differing(kind: str, old: Mapping[str, Plain], new: Mapping[str, Plain]) -> Iterator[Plain]:
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield _cause(kind, name, old.get(name), new.get(name))


def _cause(kind: str, name: str, before: Plain, after: Plain) -> Plain:
    return {"kind": kind, "name": name, "before": before, "after": after}


def _entry(answer: Asked | None) -> Plain:
    if answer is None:
        return None
    return {
        "entry": answer["rule_entry"],
        "valid_from": answer["rule_valid_from"],
        "sha256": answer["rule_sha256"],
    }


def _parameters(answer: Asked) -> dict[str, Plain]:
    return {
        p["name"]: {"value": p["value"], "unit": p["unit"], "clause": p["clause"]}
        for p in answer.get("parameters", ())
    }


def _clauses(answer: Asked) -> dict[str, Plain]:
    return {
        c["id"]: {name: c[name] for name in ("document", "article", "text", "summary")}
        for c in answer.get("clauses", ())
    }


def _facts(answer: Asked) -> dict[str, Plain]:
    found: dict[str, Plain] = {}
    for fact in answer["facts"]:
        label = " ".join(text for _, text in fact["dimensions"])
        found[f"{fact['indicator']} {label}".strip()] = {
            "value": exact.text(Fraction(fact["value"], 10 ** fact["scale"])),
            "unit": fact["unit"],
            "fact": fact["fact"],
            "entry": fact["entry"],
            "party": fact["party"],
        }
    return found


def _declared(old: Asked, new: Asked, before: Asked, after: Asked) -> Iterator[Plain]:
    def said(answer: Asked, declared: Asked) -> dict[str, Plain]:
        own = declared.get(answer["rule"])
        named = {**declared, **(own if isinstance(own, Mapping) else {})}
        return {name: named[name] for name in answer.get("declared", ())}

    yield from _differing("declared", said(old, before), said(new, after))


def _turned(old: Asked, new: Asked) -> Iterator[Plain]:
    """The conditions whose state is another; items are told apart by the facts that name them."""

    def states(answer: Asked) -> dict[tuple[str, ...], str]:
        return {(c["name"], *c["label"]): c["state"] for c in answer.get("conditions", ())}

    before, after = states(old), states(new)
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            yield {
                "name": key[0],
                "label": [*key[1:]],
                "before": before.get(key),
                "after": after.get(key),
            }
