"""``state.commit``: every so often the scheduler states the root over all balances.

The statement is confidential, for it is decided from everybody's balances; its public outcome
is the commitment, which anybody can read and nobody can decide again without being a supervisor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema

from ledger.accounts.commitments.models import COMMITMENT, NEWEST, PAST
from ledger.accounts.commitments.rows import committed, root_of
from ledger.accounts.models import BALANCE
from ledger.log.merkle import EMPTY_ROOT
from ledger.parties.parameters import whole
from ledger.statements.types import Circle, StatementType
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.room import Due
from ledger.writer.state import State
from ledger.writer.versions import ROWS_COUNTED

EVERY_HOURS = "commit-every-hours"
HOUR_MS = 3_600_000
TYPE = "state.commit"


class Commit(Schema):
    """The salt from which the rows' salts follow; all else follows from the state."""


def begin(context: Context, params: Mapping[str, Any]) -> None:
    """With genesis begins the first period: an empty tree at index 0."""
    _state(context, 0, EMPTY_ROOT)


def commit(context: Context, body: Mapping[str, Any]) -> None:
    """Commit to the balances after all entries before this one; ``index`` is their number."""
    (key,) = context.children(COMMITMENT, "state", NEWEST)
    newest = context.need(COMMITMENT, *key)
    if context.at < newest["next_at"]:
        raise Refusal("not-due", next_at=newest["next_at"])
    balances = context.members(BALANCE, "all")
    counted = context.engine_version >= ROWS_COUNTED
    rows = committed(balances, body["salt"], counted=counted)
    context.put(COMMITMENT, {**newest, "state": PAST})
    _state(context, len(rows), root_of(rows))


def due(state: State, at: int) -> Iterator[Due]:
    """The next commitment, one period after the newest."""
    for row in state.overdue(COMMITMENT, at):
        yield Due(row["next_at"], str(row["index"]), TYPE, {})


def _state(context: Context, rows: int, root: bytes) -> None:
    period = max(1, whole(context, EVERY_HOURS)) * HOUR_MS
    context.put(
        COMMITMENT,
        {
            "index": context.index,
            "rows": rows,
            "root": root.hex(),
            "at": context.at,
            "next_at": context.at + period,
            "state": NEWEST,
        },
    )


STATEMENTS = (
    StatementType(
        TYPE,
        1,
        Circle.SUPERVISOR,
        Commit,
        commit,
        ("scheduler",),
        False,
        "permanent",
        terms=(EVERY_HOURS,),
    ),
)
