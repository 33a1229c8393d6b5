"""Pages of questions in bulk: a list is uploaded, answered part by part, and taken away as a file.

A page that is not done asks for itself again, and each time answers the next part: a list goes on
only while somebody who may ask is looking. A bank needs the consent of each enterprise in it.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection

from ledger.parties.parameters import business_date
from ledger.statements.types import Circle
from ledger.writer.errors import Refusal
from portal.answers import gap
from portal.doors.answers import head_of, let_ask, still_asks
from portal.inquiries.answering import answer_row
from portal.inquiries.lists import ROWS_MAX, Asked, read_list
from portal.inquiries.results import FAILED, beside_of, counts, in_words, table_of
from portal.ops.inquiries import Inquiry
from portal.questions import Asking
from portal.sheets import SheetFault, pack_tables
from portal.shell.asked import day_asked
from portal.shell.circles import circle
from portal.shell.current import ledger, ops
from portal.shell.operations import CSV, XLSX, operation
from portal.shell.pages import page
from portal.shell.problems import Problem
from portal.shell.reader import need_reader
from portal.shell.texts import spoken

DOOR = Blueprint("inquiries", __name__, url_prefix="/desk/incentives/bulk")
HTML = "text/html"
SECONDS = 1.0
"""How long one look works on a list."""
SHOWN = 200
SUFFIXES = {".csv": CSV, ".xlsx": XLSX}
NAME_MAX = 120


@DOOR.get("")
@operation(media=HTML)
@circle(Circle.PARTY)
def form() -> Response:
    """The form of an upload, and the lists of the reader's party that are kept."""
    return _form(None)


@DOOR.post("")
@operation(media=HTML)
@circle(Circle.PARTY)
def upload() -> Response:
    """Take a list; the answer leads to the page where it is answered."""
    file = request.files.get("list")
    who, now = need_reader(), ops().now()
    try:
        rows = _rows(file.filename or "", file.read()) if file else []
    except SheetFault as fault:
        return _form(Problem(400, fault.code, **fault.params))
    if not rows:
        return _form(Problem(400, "rows-missing"))
    with ledger().record.reading() as connection:
        head = head_of(connection)
    made = Inquiry(
        os.urandom(16).hex(),
        who.party,
        _named(file.filename or "") if file else "",
        _day(business_date(head.at)),
        head.size,
        request.form.get("rule", "").strip()[:63] or None,
        len(rows),
        0,
        now,
    )
    ops().inquiries.put(made, [row.plain() for row in rows], now)
    response = redirect(f"/desk/incentives/bulk/{made.id}?lang={spoken()}", 303)
    assert isinstance(response, Response)
    return response


@DOOR.get("/<id>")
@operation(media=HTML)
@circle(Circle.PARTY)
def progress(id: str) -> Response:
    """How far a list is; looking at it answers its next part."""
    made = _one(id)
    if made.done < made.total:
        made = _worked(made)
    results = ops().inquiries.results(id)
    # While it is worked on the page asks again each second: its reads are those of the answers.
    shown = _allowed(results[:SHOWN], made if made.done == made.total else None)
    return page(
        "asking_list.html",
        made=made,
        results=shown,
        more=max(0, len(results) - SHOWN),
        counts=counts(results),
        failed=FAILED,
        in_words=in_words,
        gap=gap,
        beside_of=beside_of,
    )


@DOOR.get("/<id>/answers<any('.csv', '.xlsx'):suffix>")
@operation("Bytes", media=CSV)
@circle(Circle.PARTY)
def results(id: str, suffix: str) -> Response:
    """The answers so far as a file, with reasons in the language of the page."""
    made = _one(id)
    table = table_of(_allowed(ops().inquiries.results(made.id), made), spoken())
    response = Response(pack_tables(suffix, [table]), content_type=SUFFIXES[suffix])
    response.headers["Content-Disposition"] = f'attachment; filename="answers{suffix}"'
    return response


def _allowed(results: list[dict[str, Any]], made: Inquiry | None) -> list[dict[str, Any]]:
    """Kept results about those of whom the reader may still ask; others are told as not there.

    Each look at a list that is ``made`` is noted to who consented to it.
    """
    who = need_reader()
    open_to: dict[str, bool] = {}
    with ledger().record.reading() as connection:
        for party in {row["party"] for row in results if "status" in row}:
            told = None if made is None else f"list {made.id} of {made.on}"
            open_to[party] = still_asks(connection, who, party, told)
    return [
        row
        if open_to.get(row["party"], True)
        else {**{n: row[n] for n in ("line", "party")}, "code": "party-unknown", "column": ""}
        for row in results
    ]


def _form(problem: Problem | None) -> Response:
    who, now = need_reader(), ops().now()
    with ledger().record.reading() as connection:
        today = business_date(head_of(connection).at)
    response = page(
        "asking_bulk.html",
        status=problem.status if problem else 200,
        problem=problem,
        kept=ops().inquiries.of(who.party, now),
        today=today,
        rows_max=ROWS_MAX,
    )
    # A form is sent with its origin only where the page may say where it was.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _rows(name: str, content: bytes) -> list[Asked]:
    """The rows of an uploaded file; raises SheetFault."""
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:  # before anything of the name reaches the disk
        raise SheetFault("sheet-suffix", suffix=suffix[:NAME_MAX], allowed=" ".join(SUFFIXES))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list{suffix}"
        path.write_bytes(content)
        return read_list(path)


def _named(name: str) -> str:
    """What a list is called: the client's name for its file, without what nobody could read."""
    return "".join(filter(str.isprintable, Path(name).name))[:NAME_MAX] or "list"


def _day(otherwise: str) -> str:
    """The day of the form; raises Problem 400."""
    text = request.form.get("on") or otherwise
    return day_asked("on", text)


def _one(id: str) -> Inquiry:
    found = ops().inquiries.one(id[:32], need_reader().party, ops().now())
    if found is None or "\x00" in id:
        raise Problem(404, "inquiry-unknown", key=id[:32])
    return found


def _worked(made: Inquiry) -> Inquiry:
    """Answer rows for a while and keep them; where another look was first, its part counts."""
    asking = Asking(date.fromisoformat(made.on), made.known_at, made.rule)
    until, found, count = time.monotonic() + SECONDS, list[dict[str, Any]](), 0
    with ledger().record.reading() as connection:
        for row in ops().inquiries.rows(made.id)[made.done :]:
            found += answer_row(connection, Asked(**row), asking, _asked)
            count += 1
            if time.monotonic() >= until:
                break
    ops().inquiries.advance(made, count, found)
    return _one(made.id)


def _asked(connection: Connection, party: str, asking: Asking) -> dict[str, Any]:
    """The answer where the reader may ask; whoever may not learns what nobody there would.

    Raises Refusal and PolicyError.
    """
    try:
        let_ask(connection, need_reader(), party, asking.told())
    except Problem as problem:
        raise Refusal(problem.code, key=party) from problem
    return asking.of(connection, party)
