"""What the supervisor asks the detectors: which days, and as of which size of the log."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import Connection

from ledger.parties.parameters import business_date, midnight
from ledger.writer.store import Head, read_head
from market.supervision.watch import found_between
from portal.shell.asked import size_asked, span_asked
from portal.shell.current import ledger

DAYS = 31
"""How many days are watched where none are asked for: they end with the log's own."""
ASKED = ("from", "to", "known_at")


def findings_asked(connection: Connection) -> dict[str, Any]:
    """The findings of ``?from=`` and ``?to=`` as of ``?known_at=``.

    Raises Problem ``parameter-invalid`` for days or a size that are none, or in the wrong order.
    """
    head = read_head(connection, ledger().record.origin) or Head(0, "", 0, 0)
    newest = business_date(head.at)
    asked, until = span_asked(last=newest)
    last = str(until or newest)
    first = str(asked or business_date(midnight(last, 1 - DAYS)))
    stop = size_asked(head.size) if "known_at" in request.args else head.size
    return found_between(connection, (first, last), stop, head)
