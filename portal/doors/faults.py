"""What the types of problems lead to: a page that lists them all, and one for each."""

from __future__ import annotations

from flask import Blueprint, Response

from ledger.statements.types import Circle
from portal.shell.circles import circle
from portal.shell.pages import page
from portal.shell.problems import Problem
from portal.shell.spoken import spoken
from portal.shell.texts import catalogue

DOOR = Blueprint("faults", __name__, url_prefix="/problems")
PREFIX = "problem."


@DOOR.get("")
@circle(Circle.PUBLIC)
def listed() -> Response:
    """Every code with its meaning."""
    return page("problems.html", items=sorted(_meanings().items()))


@DOOR.get("/<code>")
@circle(Circle.PUBLIC)
def one(code: str) -> Response:
    """One code; raises Problem 404."""
    meaning = _meanings().get(code)
    if meaning is None:
        raise Problem(404, "not-found")
    return page("problems.html", items=[(code, meaning)])


def _meanings() -> dict[str, str]:
    words = catalogue(spoken())
    return {key[len(PREFIX) :]: text for key, text in words.items() if key.startswith(PREFIX)}
