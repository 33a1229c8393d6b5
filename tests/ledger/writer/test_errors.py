"""Refusals say what would not be refused."""

from __future__ import annotations

from ledger.pledges.models import PLEDGE_MOVES, PledgeState
from ledger.writer.errors import wrong_state


def test_a_refused_move_names_the_states_in_which_it_may_be_made() -> None:
    """Never the state in which the thing already is: that would contradict itself."""
    before, after = PledgeState.REGISTERED, PledgeState.REGISTERED
    refusal = wrong_state("pledge-state", before, PLEDGE_MOVES, after, pledge="p")
    assert refusal.params == {"pledge": "p", "state": "registered", "needs": ["agreed"]}
