"""Who signed a step may not judge it, and is told by which entry: that of the step."""

from __future__ import annotations

from typing import Any

from tests.factories import grants
from tests.factories.facts import FINANCE
from tests.factories.grants import OTHERS, desk, recorded
from tests.factories.scene import Scene


def refusals(stage: Scene) -> list[tuple[str, int, int, int]]:
    """Step, entry named, entry of the step and own entry, of a hearing and a decision."""
    desk(stage)
    grant = grants.apply(stage, recorded(stage))
    grants.to_paid(stage, grant)
    case = grants.open_case(stage, grant)
    stage.do("finance", "recovery.notice", grants.demand(case, 1), OTHERS[0])
    stage.do("owner", "recovery.request-hearing", {"case": case}, "a")
    held = grants.hearing(stage, case)
    hearing = [said(stage, "recovery.hear", held, officer) for officer in (FINANCE[0], OTHERS[0])]
    stage.do("finance", "recovery.hear", held, OTHERS[1])
    ruled = said(stage, "recovery.decide", grants.ruling(case), OTHERS[0], FINANCE[1])
    opened, noticed = grants.case_row(stage, case)["steps"][:2]
    granted = grants.grant_row(stage, grant)["steps"][-2]
    assert granted["step"] == "granted"
    steps = (opened["index"], noticed["index"], granted["index"])
    found = zip((*hearing, ruled), steps, strict=True)
    return [(told["step"], told["index"], step, own) for (told, own), step in found]


def said(stage: Scene, type: str, body: dict[str, Any], *signers: str) -> tuple[Any, int]:
    """What a refusal for an earlier signature names, and its own entry."""
    reply = stage.say("finance", type, body, *signers)
    assert reply.answer["code"] == "signed-before"
    assert reply.index is not None
    return reply.answer["params"], reply.index


def test_a_refusal_names_the_entry_of_the_earlier_step(stage: Scene) -> None:
    found = refusals(stage)
    assert [step for step, *_ in found] == ["opened", "noticed", "granted"]
    assert [named for _, named, _, _ in found] == [step for _, _, step, _ in found]


def test_a_ledger_that_has_not_gone_on_names_what_it_did(old_stage: Scene) -> None:
    assert [named == own for _, named, _, own in refusals(old_stage)] == [True, True, True]
