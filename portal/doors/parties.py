"""Parties for everybody: who may act, by what approval, and what has changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date
from ledger.parties.queries import dossier as dossier_of
from ledger.statements.types import Circle
from portal.shell.answers import json_resource
from portal.shell.asked import NAME_MAX, plausible, times_asked
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.pages import page
from portal.shell.paging import rows_of
from portal.shell.problems import Problem

DOOR = Blueprint("parties", __name__)


@DOOR.get("/v1/parties/<party>/dossier")
@operation("Dossier", query=("as_of",), kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def dossier(party: str) -> Response:
    """A party with agreements, approvals as they stand ``?as_of=`` a day, operators, history."""
    return json_resource(_found(party))


@DOOR.get("/parties")
@circle(Circle.PUBLIC)
def board() -> Response:
    """Every party."""
    with ledger().record.reading() as connection:
        rows, following = rows_of(connection, PARTY)
    return page("parties.html", items=rows, next=following)


@DOOR.get("/parties/<party>")
@circle(Circle.PUBLIC)
def sheet(party: str) -> Response:
    """One party: approvals, operators' duties, history."""
    return page("party.html", **_found(party), day_of=business_date)


def _found(party: str) -> dict[str, Any]:
    """A party's dossier; raises Problem 404."""
    if plausible(party):
        with ledger().record.reading() as connection:
            day, _ = times_asked(connection)
            found = dossier_of(connection, party, day)
        if found is not None:
            return {**found, "as_of": day}
    raise Problem(404, "party-unknown", key=party[:NAME_MAX])
