"""What the exchange's doors share: an instrument by its code, the head's instant, an interval."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from sqlalchemy import Connection

from ledger.writer.kinds import Row
from ledger.writer.store import read_head
from market.quotes.candles import INTERVALS
from portal.shell.current import ledger
from portal.shell.problems import Problem

CODE_MAX = 12
FIRST_DAY = "1970-01-01"
"""Where a period begins that nobody began: nothing was traded before."""
Find = Callable[[Connection, str, int], Row | None]


def at_head(connection: Connection) -> int:
    """The time of the log's head: the exchange's answers say what was so then."""
    head = read_head(connection, ledger().record.origin)
    return head.at if head else 0


def found(find: Find, code: str) -> Row:
    """What a query finds for an instrument; raises Problem 404."""
    row = None
    if len(code) <= CODE_MAX and "\x00" not in code:
        with ledger().record.reading() as connection:
            row = find(connection, code, at_head(connection))
    if row is None:
        raise Problem(404, "instrument-unknown", key=code[:CODE_MAX])
    return row


def interval_asked() -> str:
    """``?interval=``, a day unless told; raises Problem ``parameter-invalid``."""
    interval = request.args.get("interval", "1d")
    if interval not in INTERVALS:
        raise Problem(400, "parameter-invalid", field="interval", rule="|".join(INTERVALS))
    return interval
