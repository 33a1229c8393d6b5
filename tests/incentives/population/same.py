"""Puts facts to a rule twice: one enterprise after the other, and all at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from incentives.population.facts import facts
from incentives.population.people import people
from incentives.population.work import STATUSES, put
from incentives.rules.assess import assess
from incentives.rules.errors import InputRefused, RuleFault
from incentives.rules.rule import Rule

Told = tuple[str, int]


def both(rule: Rule, given: Sequence[object], on: date) -> tuple[list[Told], list[Told]]:
    """Status and amount (0 where there is none) of each, by the scalar path and by columns."""
    return [one(rule, facts_, on) for facts_ in given], at_once(rule, given, on)


def differing(rule: Rule, given: Sequence[object], on: date) -> list[tuple[object, Told, Told]]:
    """Those who are answered otherwise, with both answers."""
    pairs = zip(given, *both(rule, given, on), strict=True)
    return [(facts_, one_, other) for facts_, one_, other in pairs if one_ != other]


def one(rule: Rule, given: object, on: date) -> Told:
    """The scalar answer."""
    try:
        answer = assess(rule, given, on)
    except (InputRefused, RuleFault):
        return "refused", 0
    return str(answer.status), answer.amount_fen or 0


def at_once(rule: Rule, given: Sequence[object], on: date) -> list[Told]:
    """The answers by columns."""
    count = len(given)
    who = people([str(n) for n in range(count)], ["330100"] * count, [None] * count, [None] * count)
    result = put(rule, who, facts(rule.inputs, given), on)
    return [
        (STATUSES[int(status)], int(amount))
        for status, amount in zip(result.status, result.amount_fen, strict=True)
    ]
