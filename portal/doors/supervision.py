"""What the regulator alone reads: everybody's accounts, transfers, listings, deals, statements."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ledger.parties.models import PARTY
from ledger.statements.types import Circle
from portal.doors.own import paged
from portal.doors.resources import one
from portal.own import NARROWED
from portal.shell.circles import circle
from portal.shell.operations import operation

DOOR = Blueprint("supervision", __name__, url_prefix="/v1/supervision")


@DOOR.get("/<any(accounts, transfers, listings, deals, consents, statements):name>")
@operation("Private", query=("party", *NARROWED))
@circle(Circle.SUPERVISOR)
def listed(name: str) -> Response:
    """A page of everybody's; ``?party=`` narrows it to one party's."""
    party = request.args.get("party")
    if party is not None:
        one(PARTY, party)
    return paged(name, of=party, viewer=None)
