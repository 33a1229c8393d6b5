"""Refused moves: they name the states in which the move is made, never the one there is already."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from incentives.grants.models import GRANT_MOVES
from incentives.grants.recovery_models import CASE_MOVES
from ledger.pledges.models import PLEDGE_MOVES
from ledger.projects.models import PROJECT_MOVES, REPORT_MOVES
from ledger.projects.steps_models import APPLICATION_MOVES
from ledger.writer.errors import Refusal
from ledger.writer.moves import check_move
from ledger.writer.versions import STATES_NEEDED

TABLES: dict[str, Any] = {
    "application": APPLICATION_MOVES,
    "case": CASE_MOVES,
    "grant": GRANT_MOVES,
    "pledge": PLEDGE_MOVES,
    "project": PROJECT_MOVES,
    "report": REPORT_MOVES,
}
PAIRS = [
    pytest.param(moves, before, after, id=f"{name}-{before}-{after}")
    for name, moves in TABLES.items()
    for before in moves
    for after in moves
]


def told(moves: Any, before: Any, after: Any, version: int = STATES_NEEDED) -> Any:
    """What a refusal tells, or None where the move is made."""
    context: Any = SimpleNamespace(engine_version=version)
    try:
        check_move(context, "some-state", moves, before, after, name="n")
    except Refusal as refusal:
        return refusal.params
    return None


@pytest.mark.parametrize(("moves", "before", "after"), PAIRS)
def test_every_pair_is_made_or_refused_with_the_states_that_lead_there(
    moves: Any, before: Any, after: Any
) -> None:
    params = told(moves, before, after)
    if after in moves[before]:
        assert params is None
        return
    assert (params["name"], params["state"]) == ("n", before)
    assert "wanted" not in params and before not in params["needs"]
    assert all(told(moves, needed, after) is None for needed in params["needs"])


def test_a_ledger_that_has_not_gone_on_tells_where_the_move_leads() -> None:
    before, after = list(PLEDGE_MOVES)[:2]
    assert told(PLEDGE_MOVES, after, before, 1) == {"name": "n", "state": after, "wanted": before}
