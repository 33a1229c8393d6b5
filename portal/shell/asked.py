"""Query parameters of questions with two times, and names that cannot be on the record."""

from __future__ import annotations

from datetime import date

from flask import request
from sqlalchemy import Connection

from ledger.parties.parameters import business_date
from ledger.statements.errors import Malformed
from ledger.statements.instants import parse_date
from ledger.writer.store import Head, read_head
from portal.shell.current import ledger
from portal.shell.problems import Problem

NAME_MAX = 120


def times_asked(connection: Connection) -> tuple[str, int]:
    """``?as_of=`` and ``?known_at=``: the day and the log size; without them those of the head.

    A page takes ``?on=`` as well, by which a question about incentives names its day.  Raises
    Problem ``parameter-invalid``.
    """
    today, size = head_times(connection)
    name = "on" if "on" in request.args and "as_of" not in request.args else "as_of"
    return day_asked(name, today), size_asked(size)


def head_times(connection: Connection) -> tuple[str, int]:
    """The day and the log size of the head."""
    head = read_head(connection, ledger().record.origin) or Head(0, "", 0, 0)
    return business_date(head.at), head.size


def day_asked(name: str, otherwise: str = "") -> str:
    """A query parameter as a day; raises Problem ``parameter-invalid``."""
    try:
        return parse_date(request.args.get(name, otherwise))
    except Malformed as error:
        raise Problem(400, "parameter-invalid", field=name, rule=error.code) from error


def span_asked(
    *, first: str | None = None, last: str | None = None
) -> tuple[date | None, date | None]:
    """``?from=`` and ``?to=``, both included; where one is not asked for, ``first`` and ``last``.

    Raises Problem ``parameter-invalid`` for what is no day, and for days in the wrong order.
    """
    since = _day("from", first or "") if first or "from" in request.args else None
    until = _day("to", last or "") if last or "to" in request.args else None
    if since and until and until < since:
        raise Problem(400, "parameter-invalid", field="to", rule="not-before-from")
    return since, until


def _day(name: str, otherwise: str = "") -> date:
    return date.fromisoformat(day_asked(name, otherwise))


def size_asked(head: int) -> int:
    """``?known_at=`` as a log size up to the head; raises Problem ``parameter-invalid``."""
    text = request.args.get("known_at", str(head))
    if text.isascii() and text.isdigit() and len(text) < 16 and int(text) <= head:
        return int(text)
    raise Problem(400, "parameter-invalid", field="known_at", rule=f"0..{head}")


def word_asked(name: str) -> str | None:
    """A query parameter that names something, or None; raises Problem ``parameter-invalid``."""
    text = request.args.get(name)
    if text is not None and not plausible(text):
        raise Problem(400, "parameter-invalid", field=name, rule="length")
    return text


def plausible(text: str) -> bool:
    """Whether a text may be asked of the database as a name."""
    return 0 < len(text) <= NAME_MAX and "\x00" not in text
