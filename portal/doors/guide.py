"""The guide: for each type of statement a page that says how to make it, in both languages."""

from __future__ import annotations

from flask import Blueprint, Response

from ledger.parties.parameters import business_date
from ledger.statements.types import Circle
from ledger.writer.store import Head, read_head
from portal.api.guidance import guide, newest
from portal.doors.resources import NAME_MAX
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.pages import page
from portal.shell.problems import Problem
from portal.shell.terms import glossary

DOOR = Blueprint("guide", __name__, url_prefix="/guide")


@DOOR.get("")
@circle(Circle.PUBLIC)
def listed() -> Response:
    """Every type, by the first word of its name, and the terms that the pages use."""
    families: dict[str, list[object]] = {}
    for name, declared in newest(ledger().engine).items():
        families.setdefault(name.partition(".")[0], []).append(declared)
    return page("guides.html", families=families, terms=glossary())


@DOOR.get("/<type_name>")
@circle(Circle.PUBLIC)
def one(type_name: str) -> Response:
    """How to make one statement, as the parameters of the record's own day have it."""
    declared = newest(ledger().engine).get(type_name)
    if declared is None:
        raise Problem(404, "type-unknown", type=type_name[:NAME_MAX])
    record = ledger().record
    with record.reading() as connection:
        head = read_head(connection, record.origin) or Head(0, "", 0, 0)
        made = guide(connection, declared, business_date(head.at))
    return page("guide.html", guide=made, declared=declared)
