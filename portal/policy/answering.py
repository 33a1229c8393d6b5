"""Answers about incentives as pages show them: in groups, with what may still be declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.policy import beside

Answer = Mapping[str, Any]
GROUPS = ("yes", "no", "missing", "unverified", "refused", "not-in-force")
"""Statuses in the order in which somebody wants to know them."""
READING: Mapping[str, Any] = {"beside": beside}
"""What a page needs to say what is told beside an answer."""


def grouped(answers: Sequence[Answer]) -> list[tuple[str, list[Answer]]]:
    """Answers by status; of those that say yes the largest first."""
    found = []
    for status in GROUPS:
        rows = [answer for answer in answers if answer["status"] == status]
        if rows:
            found.append((status, sorted(rows, key=lambda a: (-(a["amount_fen"] or 0), a["rule"]))))
    return found


def openings(told: Answer) -> dict[str, list[Answer]]:
    """By rule the inputs that the record leaves open and that a form can take, needed ones first.

    A list is declared in a file or stated as facts: a form of one line an input cannot hold it.
    """
    found: dict[str, list[Answer]] = {}
    for rule, side in told["beside"].items():
        fields = [i for i in side["wanted"] if i["kind"] != "list" and "[" not in i["name"]]
        if fields:
            found[rule] = sorted(fields, key=lambda item: not item["needed"])
    return found


def unfit(told: Answer) -> list[Answer]:
    """Every input for which was declared what its ``rule`` cannot take."""
    return [
        {"rule": rule, **item}
        for rule, side in told["beside"].items()
        for item in side["unfit"]
        if not item["left_out"]
    ]
