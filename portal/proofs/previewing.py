"""A retirement shown before it is made: what would go, and that it cannot be undone."""

from __future__ import annotations

from typing import Any

from ledger.credits.mass import Mass, tonnes
from ledger.credits.preview import Preview
from ledger.credits.schemas import Retirement
from ledger.statements import fields
from ledger.statements.instants import format_instant
from portal.shell.texts import say

NOTICE = "preview.irrevocable"


class Previewing(Retirement):
    """A retirement as it would be stated: the body of ``credit.retire`` without its salt."""

    attachments = fields.Attachments()


def told(made: Preview, quantity: int, language: str) -> dict[str, Any]:
    """The preview as JSON, with the warning in a language."""
    batch, project = made.batch or {}, made.project or {}
    return {
        "preview": True,
        "irrevocable": True,
        "notice": say(NOTICE, language),
        "outcome": dict(made.answer),
        "people": made.people,
        "quantity": quantity,
        "serials": list(made.serials),
        "available": made.available,
        "left": made.left,
        "class": batch.get("class"),
        "vintage": batch.get("vintage"),
        "project": project.get("project"),
        "mass": mass_told(made.mass, quantity),
        "size": made.size,
        "at": format_instant(made.at),
    }


def mass_told(mass: Mass | None, quantity: int) -> dict[str, Any] | None:
    """What a number of credits stands for, with the parameter that says so."""
    if mass is None:
        return None
    row = mass.parameter
    stated = {
        name: row[name] for name in ("code", "valid_from", "source", "confidence", "verified")
    }
    kg = mass.kg(quantity)
    return {"mass_kg": kg, "tonnes": tonnes(kg), "kg_per_credit": mass.kg_per_credit, **stated}
