"""Pages of questions in bulk: a list is uploaded, answered part by part, and taken away as a file.

A running server goes on with every list by itself (`go_on`), in the name of whoever uploaded it and
by what that key may ask at that moment; a page that is not done asks for itself again and answers
the next part too. A bank needs the consent of each enterprise in it.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection

from incentives.queries import versions
from ledger.parties.parameters import business_date
from ledger.statements.types import Circle
from ledger.writer.errors import Refusal
from portal.doors.answers import head_of, let_ask, still_asks
from portal.inquiries.answering import answer_row
from portal.inquiries.lists import ROWS_MAX, Asked, Listed, once, read_list
from portal.inquiries.results import FAILED, beside_of, carried_in, counts, in_words, table_of
from portal.ops.inquiries import WAITING_MAX, Inquiry
from portal.policy.answers import gap
from portal.policy.questions import Asking
from portal.sheets import SheetFault, pack_tables
from portal.shell.asked import day_asked, plausible
from portal.shell.circles import circle
from portal.shell.current import ledger, ops
from portal.shell.operations import CSV, XLSX, operation
from portal.shell.pages import page
from portal.shell.problems import Problem
from portal.shell.reader import Person, need_reader, person_of
from portal.shell.spoken import spoken

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
    if not file:
        return _form(Problem(400, "rows-missing"))
    try:
        rows, encoding = _rows(file.filename or "", file.read())
    except SheetFault as fault:
        return _form(Problem(400, fault.code, **fault.params))
    rule = request.form.get("rule", "").strip()[:63] or None
    with ledger().record.reading() as connection:
        head = head_of(connection)
        if rule is not None and not (plausible(rule) and versions(connection, rule)):
            return _form(Problem(400, "incentive-rule-unknown", rule=rule))
        day = _day(business_date(head.at))
        rows = once(connection, rows, date.fromisoformat(day))
    made = Inquiry(
        os.urandom(16).hex(),
        who.party,
        who.key,
        _named(file.filename or ""),
        encoding,
        day,
        head.size,
        rule,
        len(rows),
        0,
        now,
    )
    if not ops().inquiries.put(made, [row.plain() for row in rows], now):
        return _form(Problem(409, "lists-waiting", limit=WAITING_MAX))
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
        _work(made, need_reader())
        made = _one(id)
    results = ops().inquiries.results(id)
    # While it is worked on the page asks again each second: its reads are those of the answers.
    shown = _allowed(results[:SHOWN], made if made.done == made.total else None)
    return page(
        "asking_list.html",
        made=made,
        results=shown,
        more=max(0, len(results) - SHOWN),
        counts=counts(results),
        carried=carried_in(results),
        failed=FAILED,
        in_words=in_words,
        gap=gap,
        beside_of=beside_of,
    )


@DOOR.get("/<id>/answers<any('.csv', '.xlsx'):suffix>")
@operation("Bytes", media=CSV, query=("partial",))
@circle(Circle.PARTY)
def results(id: str, suffix: str) -> Response:
    """The answers as a file, with reasons in the language of the page.

    Of a list that is not finished it is refused; with ``?partial=yes`` the answers so far are
    given, and both the file's name and its first row say so.
    """
    made = _one(id)
    unfinished = made.done < made.total
    if unfinished and request.args.get("partial") != "yes":
        raise Problem(409, "list-unfinished", done=made.done, total=made.total)
    found = _allowed(ops().inquiries.results(made.id), made)
    table = table_of(found, spoken(), (made.done, made.total) if unfinished else None)
    name = f"answers-partial-{made.done}-of-{made.total}" if unfinished else "answers"
    response = Response(pack_tables(suffix, [table]), content_type=SUFFIXES[suffix])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}{suffix}"'
    return response


def go_on() -> bool:
    """Answer the next part of a list that nobody works on; False where there is none.

    It is answered for the key that uploaded it, as far as that may ask now; where it no longer
    holds, the list waits for somebody else of its party to look at it.
    """
    made = ops().inquiries.waiting(ops().now())
    if made is None:
        return False
    who = person_of(made.party, made.key)
    if who is None:
        ops().inquiries.hold(made, ops().now())  # so that the others have their turn
        return True
    _work(made, who)
    return True


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


def _rows(name: str, content: bytes) -> Listed:
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


def _work(made: Inquiry, who: Person) -> None:
    """Answer rows for a while and keep them, unless somebody else is at it."""
    if not ops().inquiries.hold(made, ops().now()):
        return
    asking = Asking(date.fromisoformat(made.on), made.known_at, made.rule)
    until, found, count = time.monotonic() + SECONDS, list[dict[str, Any]](), 0
    with ledger().record.reading() as connection:
        for row in ops().inquiries.rows(made.id)[made.done :]:
            found += answer_row(connection, Asked(**row), asking, partial(_asked, who))
            count += 1
            if time.monotonic() >= until:
                break
    ops().inquiries.advance(made, count, found, ops().now())


def _asked(who: Person, connection: Connection, party: str, asking: Asking) -> dict[str, Any]:
    """The answer where they may ask; whoever may not learns what nobody there would.

    Raises Refusal and PolicyError.
    """
    try:
        party = let_ask(connection, who, party, asking.told())
    except Problem as problem:
        raise Refusal(problem.code, key=party) from problem
    return asking.of(connection, party)
