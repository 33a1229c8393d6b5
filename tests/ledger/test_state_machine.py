"""Whatever parties do, in any order: the invariants of the record hold, and would be missed."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from ledger.accounts import claims, verbs
from ledger.credits import ending, handlers
from ledger.parties.models import KEY
from ledger.pledges import handlers as pledges
from ledger.projects import handlers as projects
from ledger.projects import withdrawing
from ledger.restraints import handlers as restraints
from ledger.restraints import owing
from ledger.writer import store
from portal import house
from tests.ledger.machine import Register, template

USUAL = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_the_record_holds_under_arbitrary_acts() -> None:
    run_state_machine_as_test(
        Register, settings=settings(USUAL, max_examples=6, stateful_step_count=20)
    )


@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_the_record_holds_under_very_many_acts() -> None:
    examples = min(150, 5 * int(os.environ.get("QINGZHANG_TEST_SAMPLE", "150")))
    run_state_machine_as_test(
        Register, settings=settings(USUAL, max_examples=examples, stateful_step_count=60)
    )


def serials_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "give_blocks", lambda *_: [])


def retired_serials_live_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "take_blocks", lambda *_: [])


def units_arrive_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = handlers.move

    def twice(*arguments: Any, **buckets: str) -> None:
        usual(*arguments, **buckets)
        usual(*arguments, **buckets)

    monkeypatch.setattr(handlers, "move", twice)


def a_transfer_is_answered_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "_proposed", lambda context, row: None)


def anybody_answers_a_transfer(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = handlers._open

    def for_anybody(context: Any, body: Any, side: str) -> Any:
        row = context.need(handlers.TRANSFER, body["transfer"])
        context.party, kept = row[side], context.party
        try:
            return usual(context, body, side)
        finally:
            context.party = kept

    monkeypatch.setattr(handlers, "_open", for_anybody)


def a_lapsed_proposal_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "_late", lambda row, at: False)


def a_period_is_issued_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = projects.Context.children

    def none(self: Any, kind: Any, group: str, *value: Any) -> Any:
        return [] if kind is projects.REPORT else usual(self, kind, group, *value)

    monkeypatch.setattr(projects.Context, "children", none)


def an_id_is_spent_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "known_ids", lambda connection, ids: {})


def a_foreign_key_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = house.authority

    def for_anybody(state: Any, envelope: Any, *more: Any) -> Any:
        key = state.get(KEY, envelope.payload.keys[0])
        party = key["party"] if key else envelope.payload.party
        owned = replace(envelope, payload=replace(envelope.payload, party=party))
        return usual(state, owned, *more)

    monkeypatch.setattr(house, "authority", for_anybody)


def freed_units_pass_the_queue_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "fill", lambda *_: None)
    monkeypatch.setattr(verbs, "fill", lambda *_: None)


def the_last_freeze_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = claims.standing
    monkeypatch.setattr(claims, "standing", lambda *where: usual(*where)[::-1])


def a_freeze_never_lapses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restraints, "due", lambda state, at: ())


def a_withdrawn_opinion_freezes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owing, "put_freeze", lambda *_, **__: None)


def a_part_withdrawn_is_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owing, "attested", lambda row: {})


def a_part_is_owed_again_with_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owing, "unborne", lambda context, batch, stands: batch["issued"] - stands)


def a_part_freezes_all_that_the_owner_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owing, "min", max, raising=False)


def a_withdrawn_validation_suspends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    moves = {**withdrawing.MOVES}
    monkeypatch.setattr(withdrawing, "OVER", withdrawing.OVER | set(moves))
    monkeypatch.setattr(withdrawing, "MOVES", {})


def a_withdrawn_validation_owes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = owing._open
    monkeypatch.setattr(
        owing, "_open", lambda context, name, *more: "/" in name or usual(context, name, *more)
    )


def who_verified_validates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projects, "_apart", lambda context, project: None)


def a_pledge_is_registered_and_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = claims.place

    def nothing(context: Any, *what: Any, **more: Any) -> Any:
        row = usual(context, *what, **more)
        if row["bucket"] == "pledged":
            claims.release(context, row, claims.taken(row))
        return row

    monkeypatch.setattr(claims, "place", nothing)


def a_copy_of_an_order_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restraints, "act_once", lambda *_: None)


def an_order_that_is_over_acts_on_top(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = restraints.act_once

    def lenient(context: Any, act: str, body: Any, *on: str) -> None:
        if "besides" not in body:
            usual(context, act, body, *on)

    monkeypatch.setattr(restraints, "act_once", lenient)


def any_authority_lifts_a_freeze(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restraints, "check_authority", lambda context, row, body: row)


def a_pledge_takes_any_rank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pledges, "_free_rank", lambda context, party, pledged: pledged["rank"])


MUTANTS = [
    a_copy_of_an_order_acts,
    an_order_that_is_over_acts_on_top,
    any_authority_lifts_a_freeze,
    a_pledge_takes_any_rank,
    a_part_withdrawn_is_the_whole,
    a_part_is_owed_again_with_the_next,
    a_part_freezes_all_that_the_owner_holds,
    a_withdrawn_validation_suspends_nothing,
    a_withdrawn_validation_owes_nothing,
    who_verified_validates,
    a_withdrawn_opinion_freezes_nothing,
    a_pledge_is_registered_and_holds_nothing,
    freed_units_pass_the_queue_by,
    the_last_freeze_comes_first,
    a_freeze_never_lapses,
    serials_stay,
    retired_serials_live_on,
    units_arrive_twice,
    a_transfer_is_answered_twice,
    anybody_answers_a_transfer,
    a_lapsed_proposal_is_accepted,
    a_period_is_issued_twice,
    an_id_is_spent_twice,
    a_foreign_key_speaks,
]


@pytest.mark.faults
@pytest.mark.timeout(900)
@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_machine_catches_a_planted_fault(
    mutant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    template()  # made by the sound program
    mutant(monkeypatch)
    hunt = settings(
        USUAL,
        max_examples=100,
        stateful_step_count=40,
        phases=[Phase.generate],
        database=None,
        report_multiple_bugs=False,
    )
    with pytest.raises((AssertionError, KeyError)):
        run_state_machine_as_test(Register, settings=hunt)
