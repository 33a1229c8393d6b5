"""Answers about incentives as pages show them: in groups, with what may still be declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from incentives.queries import laws_at
from incentives.rules.inputs import Fact

Answer = Mapping[str, Any]
GROUPS = ("yes", "no", "missing", "unverified", "refused", "not-in-force")
"""Statuses in the order in which somebody wants to know them."""


def grouped(answers: Sequence[Answer]) -> list[tuple[str, list[Answer]]]:
    """Answers by status; of those that say yes the largest first."""
    found = []
    for status in GROUPS:
        rows = [answer for answer in answers if answer["status"] == status]
        if rows:
            found.append((status, sorted(rows, key=lambda a: (-(a["amount_fen"] or 0), a["rule"]))))
    return found


def openings(connection: Connection, asked: Answer) -> dict[str, list[Fact]]:
    """By rule the inputs that are wanting, or were declared, and that a person can fill in."""
    on = date.fromisoformat(asked["on"]).isoformat()
    laws = {law.id: law for _, law in laws_at(connection, on, asked["known_at"])}
    found: dict[str, list[Fact]] = {}
    for answer in asked["answers"]:
        wanting = set(answer.get("wanting", ())) | set(answer.get("declared", ()))
        for condition in answer.get("conditions", ()):
            wanting |= set(condition["wanting"])
        facts = [fact for fact in laws[answer["rule"]].inputs.facts if fact.name in wanting]
        if facts:
            found[answer["rule"]] = facts
    return found


def wanted(answer: Answer) -> list[tuple[str, Mapping[str, str]]]:
    """What an answer is wanting, each with its words by language where it is an input.

    A rule that is in doubt itself wants nothing that somebody could bring.
    """
    titles = {
        operand["name"]: operand["title"]
        for condition in answer.get("conditions", ())
        for operand in condition["operands"]
    }
    names = (name for name in answer.get("wanting", ()) if name != answer["rule"])
    return [(name, titles.get(name, {})) for name in names]
