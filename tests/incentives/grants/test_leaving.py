"""A party does not leave with a grant under way or a recovery open; its terms are on its board."""

from __future__ import annotations

from portal.desk.deadlines import board
from tests.factories import grants
from tests.factories.grants import FEN, OTHERS
from tests.factories.scene import OFFICERS, Scene

CLOSING = {"party": "owner", "document": "d"}


def due(stage: Scene, party: str) -> list[str]:
    """The kinds of what falls due for a party about grants."""
    with stage.ledger.record.reading() as connection:
        items = board(connection, party, "2026-01-01")
    return [item["kind"] for item in items if item["kind"].startswith(("grant", "recovery"))]


def test_public_money_is_settled_first(stage: Scene) -> None:
    spent = {"batch": grants.desk(stage), "quantity": 900, "purpose": "public-good"}
    stage.do("owner", "credit.retire", {**spent, "beneficiary": "公众"}, "a", "b")
    over = {"project": "P1", "document": "d"}
    stage.do("registrar", "project.deregister", over, *OFFICERS)
    grant = grants.apply(stage, grants.recorded(stage))
    assert stage.refused("registrar", "party.close", CLOSING, *OFFICERS) == "closing-grant"
    assert (due(stage, "county"), due(stage, "finance")) == (["grant-review"], [])
    grants.to_paid(stage, grant)
    assert (due(stage, "county"), due(stage, "finance")) == ([], ["grant-step"])
    stage.do("county", "grant.assess", grants.assessment(grant), "a")
    case = grants.open_case(stage, grant)
    assert stage.refused("registrar", "party.close", CLOSING, *OFFICERS) == "closing-recovery"
    assert (due(stage, "finance"), due(stage, "owner")) == (["recovery-step"], [])
    grants.to_waived(stage, case, FEN)
    stage.do("finance", "recovery.decide", grants.ruling(case, FEN), *OTHERS)
    assert (due(stage, "finance"), due(stage, "owner")) == ([], ["recovery-repayment"])
    stage.do("finance", "recovery.repay", grants.repayment(stage, case, FEN), OTHERS[0])
    stage.do("registrar", "party.close", CLOSING, *OFFICERS)
    assert due(stage, "owner") == []
