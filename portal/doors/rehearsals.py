"""Rehearsals: what the record would answer to a statement of the reader's own party, and why."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ledger.parties.queries import people_of
from ledger.statements.canonical import parse
from ledger.statements.errors import Malformed
from ledger.statements.types import Circle
from ledger.writer.rehearsal import rehearse
from portal.rehearsing import told
from portal.shell.answers import MEDIA_TYPE, json_answer
from portal.shell.circles import circle
from portal.shell.current import ledger, ops
from portal.shell.operations import operation
from portal.shell.problems import Problem
from portal.shell.reader import need_reader
from portal.signing import newest

DOOR = Blueprint("rehearsals", __name__, url_prefix="/v1")


@DOOR.post("/rehearsals/<type>")
@operation("Rehearsal", takes=(MEDIA_TYPE, "Body"), problems=(404, 413, 415))
@circle(Circle.PARTY)
def statement(type: str) -> Response:
    """Every rule that a body of this type would break, by the deciding code; nothing is written.

    The body's salt may be left out.  What would be refused is answered with 200 and says why.
    """
    reader, opened = need_reader(), ledger()
    if request.mimetype not in (MEDIA_TYPE, ""):
        raise Problem(415, "media-type", allowed=MEDIA_TYPE)
    try:
        declared = newest(opened.engine, type)
    except Malformed as error:
        raise Problem(404, error.code, key=type[:63]) from error
    body = parse(request.get_data())
    if not isinstance(body, dict):
        raise Malformed("not-an-object", "/body")
    with opened.record.reading() as connection:
        made = rehearse(
            opened.engine,
            connection,
            opened.record.origin,
            declared.name,
            reader.party,
            body,
            people_of(connection, reader.party),
            ops().now(),
            declared.version,
        )
    return json_answer(told(made))
