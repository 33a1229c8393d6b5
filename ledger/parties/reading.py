"""Reading as handlers read: public rows as of an instant, in a decision that decides nothing."""

from __future__ import annotations

from sqlalchemy import Connection

from ledger.parties.authority import admission, authority
from ledger.writer.context import Context
from ledger.writer.engine import Engine
from ledger.writer.state import State
from ledger.writer.store import Rows

_NOBODY = Engine((), authority, admission)


def reading(connection: Connection, at: int, *, public: bool = True) -> Context:
    """The context of an instant in UTC milliseconds, for reads outside of any statement.

    Private rows are read only where ``public`` is False, which is for whoever holds the record.
    """
    return Context(
        _NOBODY,
        State(Rows(connection)),
        at=at,
        index=0,
        party="",
        ledger="",
        id="",
        type="",
        public=public,
        salt=None,
        signers=(),
    )
