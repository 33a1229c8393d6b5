"""Rehearsals: what the record would answer to a statement of the reader's own party, and why."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ledger.statements.errors import Malformed
from ledger.statements.types import Circle
from portal.shell.answers import MEDIA_TYPE, json_answer
from portal.shell.circles import circle
from portal.shell.current import ledger, ops
from portal.shell.operations import operation
from portal.shell.problems import Problem
from portal.shell.reader import need_reader
from portal.statements.rehearsing import read_rehearsal, rehearsed, told
from portal.statements.signing import newest

DOOR = Blueprint("rehearsals", __name__, url_prefix="/v1")


@DOOR.post("/rehearsals/<type>")
@operation("Rehearsal", takes=(MEDIA_TYPE, "Rehearsing"), problems=(404, 413, 415))
@circle(Circle.PARTY)
def statement(type: str) -> Response:
    """Every rule that a body of this type would break, by the deciding code; nothing is written.

    What it needs as evidence goes along as in a submission, without the envelope, or by digest in
    the body alone; it is not kept.  The body's salt may be left out.  What would be refused is
    answered with 200 and says why.
    """
    party, opened = need_reader().party, ledger()
    if request.mimetype not in (MEDIA_TYPE, ""):
        raise Problem(415, "media-type", allowed=MEDIA_TYPE)
    try:
        declared = newest(opened.engine, type)
    except Malformed as error:
        raise Problem(404, error.code, key=type[:63]) from error
    body, attached = read_rehearsal(request.get_data())
    made = rehearsed(opened.engine, opened.record, declared, party, body, ops().now(), attached)
    return json_answer(told(made))
