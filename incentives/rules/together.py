"""What several answers say of each other: exclusions both ways, and the best lawful combination."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from incentives.rules.combining import Offer, barred, best
from incentives.rules.plain import Plain
from ledger.statements.canonical import INTEGER_MAX

BURDENS = ("sanction", "grade")
"""Kinds that nobody takes as a benefit: they have no part in a combination."""


def combined(answers: Sequence[dict[str, Any]]) -> Plain:
    """Add to each answer how it stands to the others, and give the best lawful combination.

    Each gets ``excluded_by`` (the rules asked that bar it) and ``stacks_with`` (those that answer
    yes too and are not barred). The combination is ``rules``, their sum ``amount_fen`` (None where
    it is beyond the integers of the record), those of them ``without_amount`` or ``unverified``
    (not in force by review), and those ``left`` although they answer yes.
    """
    offers = {
        answer["rule"]: Offer(
            answer["rule"], max(answer["amount_fen"] or 0, 0), tuple(answer.get("excludes", ()))
        )
        for answer in answers
        if answer["status"] == "yes" and answer["kind"] not in BURDENS
    }
    bars = barred(offers.values())
    for answer in answers:
        name = answer["rule"]
        answer["excluded_by"] = sorted(
            other["rule"] for other in answers if name in other.get("excludes", ())
        )
        answer["stacks_with"] = sorted(set(offers) - bars[name] - {name}) if name in offers else []
    found = best(offers.values())
    unsummed = {a["rule"] for a in answers if a["amount_fen"] is None}
    return {
        "rules": [*found.rules],
        "amount_fen": found.amount_fen if found.amount_fen <= INTEGER_MAX else None,
        "without_amount": [name for name in found.rules if name in unsummed],
        "unverified": sorted(
            a["rule"] for a in answers if a["rule"] in found.rules and a["review"] != "in-force"
        ),
        "left": sorted(set(offers) - set(found.rules)),
    }
