"""What the regulator alone reads: everybody's accounts and what is done, and what looks odd."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ledger.parties.models import PARTY
from ledger.statements.types import Circle
from portal.desk.own import NAMES, NARROWED_BY_PARTY
from portal.doors.own import paged
from portal.doors.resources import one
from portal.exchange.watching import ASKED, findings_asked
from portal.shell.answers import json_resource
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation

DOOR = Blueprint("supervision", __name__, url_prefix="/v1/supervision")


@DOOR.get(f"/{NAMES}")
@operation("Private", query=NARROWED_BY_PARTY)
@circle(Circle.SUPERVISOR)
def listed(name: str) -> Response:
    """A page of everybody's; ``?party=`` narrows it to one party's."""
    party = request.args.get("party")
    if party is not None:
        one(PARTY, party)
    return paged(name, of=party, viewer=None)


@DOOR.get("/findings")
@operation("Findings", query=ASKED)
@circle(Circle.SUPERVISOR)
def findings() -> Response:
    """What the detectors find in the entries of ``?from=`` a day ``?to=`` a day.

    Without days, the newest 31. ``?known_at=`` is the log size up to which entries are read, so
    that the same question has the same findings; their state on the record is that of now.
    """
    with ledger().record.reading() as connection:
        return json_resource(findings_asked(connection))
