"""The preview of a retirement, for the reader's own party."""

from __future__ import annotations

from flask import Blueprint, Response

from ledger.credits.preview import preview
from ledger.statements.types import Circle
from portal.proofs.previewing import Previewing, told
from portal.shell.answers import MEDIA_TYPE, json_answer
from portal.shell.bodies import body_of
from portal.shell.circles import circle
from portal.shell.current import ledger, ops
from portal.shell.operations import operation
from portal.shell.reader import need_reader
from portal.shell.spoken import spoken

DOOR = Blueprint("previews", __name__, url_prefix="/v1")


@DOOR.post("/retirements/preview")
@operation("Preview", takes=(MEDIA_TYPE, "Previewing"), problems=(413, 415))
@circle(Circle.PARTY)
def retirement() -> Response:
    """What the record would answer to a retirement, and which serials would go; nothing is written.

    What the rules would refuse is answered with 200 and says why, for the question was answered.
    """
    body, opened = body_of(Previewing), ledger()
    with opened.record.reading() as connection:
        made = preview(
            opened.engine,
            connection,
            opened.record.origin,
            need_reader().party,
            body,
            ops().now(),
        )
    return json_answer(told(made, body["quantity"], spoken()))
