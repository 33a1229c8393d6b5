"""Certificates of retirement: the page to print, the proof to keep, and both packed together."""

from __future__ import annotations

import io
from urllib.parse import quote

import segno
from flask import Blueprint, Response
from markupsafe import Markup

from ledger.credits.mass import mass_of
from ledger.credits.models import BATCH, BENEFICIARY, RETIREMENT
from ledger.credits.serials import format_block
from ledger.parties.models import PARTY
from ledger.projects.models import PROJECT
from ledger.statements.instants import format_instant
from ledger.statements.types import Circle
from ledger.writer.store import Rows
from portal.doors.resources import NAME_MAX, one
from portal.home.record import signers
from portal.proofs import certificates
from portal.proofs.previewing import mass_told
from portal.shell.answers import tagged
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import JSON, operation
from portal.shell.pages import page
from portal.shell.problems import Problem

DOOR = Blueprint("certificates", __name__)
ZIP = "application/zip"


@DOOR.get("/retirements/<path:name>")
@circle(Circle.PUBLIC)
def sheet(name: str) -> Response:
    """The certificate in both languages, with a code that leads back to it."""
    row = one(RETIREMENT, name)
    opened = ledger()
    record = opened.record
    with record.reading() as connection:
        rows = Rows(connection)
        source = rows.row(BATCH, (row["batch"],))
        made = rows.row(PROJECT, (source["project"],)) if source else None
        party = rows.row(PARTY, (row["party"],))
        receipt = record.receipt(connection, row["index"])
        vkey = signers(connection, record.origin)[0]
        beneficiary = rows.row(BENEFICIARY, (name,))
        mass = mass_of(connection, source) if source else None
    path = f"/retirements/{quote(name, safe='/')}"
    public = opened.settings.public_url
    address = None if public is None else f"{public}{path}"
    return page(
        "certificate.html",
        scripts=True,
        retirement=row,
        at=format_instant(row["at"]),
        batch=source,
        project=made,
        party=party,
        beneficiary=beneficiary,
        mass=mass_told(mass, row["quantity"]),
        blocks=[format_block(row["batch"], (first, last)) for first, last in row["blocks"]],
        address=address,
        code=None if address is None else _code(address),
        receipt=receipt,
        vkey=vkey,
        origin=record.origin,
        proof=f"/v1/certificates/{quote(name, safe='/')}",
    )


@DOOR.get("/v1/certificates/<path:name>")
@operation("Certificate", kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def proof(name: str) -> Response:
    """What proves a retirement offline: outcome, leaf and receipt against the newest head."""
    record = ledger().record
    with record.reading() as connection:
        made = certificates.make(record, connection, name)
    if made is None:
        raise Problem(404, "retirement-unknown", key=name[:NAME_MAX])
    return _fresh(Response(made[1], mimetype=JSON))


@DOOR.get("/v1/certificates/<path:name>.zip")
@operation("Bytes", media=ZIP, kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def archive(name: str) -> Response:
    """The same with entry, receipt, keys, and how to check them, in one archive."""
    record = ledger().record
    with record.reading() as connection:
        files = certificates.bundle(record, connection, name)
    if files is None:
        raise Problem(404, "retirement-unknown", key=name[:NAME_MAX])
    return _fresh(Response(certificates.packed(files), mimetype=ZIP))


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    return tagged(response)


def _code(text: str) -> Markup:
    out = io.BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, title=text
    )
    return Markup(out.getvalue().decode())  # segno escapes the title
