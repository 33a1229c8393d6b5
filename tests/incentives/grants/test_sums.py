"""What is asked back, what has come back and what is owed are told apart at every step."""

from __future__ import annotations

import pytest

from incentives.grants import queries
from tests.factories import grants
from tests.factories.facts import FINANCE
from tests.factories.grants import FEN, OTHERS, desk, recorded
from tests.factories.scene import Scene

HALF = FEN // 2  # 846,300
FINE = 200_000  # between 20 % and 50 % of 846,300: 169,260 and 423,150


@pytest.fixture
def case(stage: Scene) -> str:
    """A case for fraud about a grant that was paid."""
    desk(stage)
    grant = grants.apply(stage, recorded(stage))
    grants.to_paid(stage, grant)
    return grants.open_case(stage, grant, "fraud")


def sums(stage: Scene) -> tuple[int | None, ...]:
    """Asked back, come back, owed, and owed of the fine, as the applicant reads them."""
    with stage.ledger.record.reading() as connection:
        (row,) = queries.newest(connection, queries.cases_of("owner"))
    names = ("asked_back_fen", "come_back_fen", "owed_fen", "fine_owed_fen")
    return tuple(row[name] for name in names)


def test_a_demand_is_asked_back_and_owed_only_as_decided(stage: Scene, case: str) -> None:
    assert sums(stage) == (0, 0, None, None)
    grants.to_waived(stage, case, FEN)
    assert sums(stage) == (FEN, 0, None, None)
    body = grants.ruling(case, HALF, term="fraud", fine_fen=FINE)
    stage.do("finance", "recovery.decide", body, *OTHERS)
    assert sums(stage) == (HALF, 0, HALF, FINE)
    part = grants.repayment(stage, case, HALF - 1)
    stage.do("finance", "recovery.repay", part, FINANCE[0])
    assert sums(stage) == (HALF, HALF - 1, 1, FINE)
    stage.do("finance", "recovery.repay", grants.repayment(stage, case, 1), FINANCE[0])
    assert sums(stage) == (HALF, HALF, 0, FINE)
    stage.do("finance", "recovery.repay", grants.repayment(stage, case, FINE, "fine"), FINANCE[0])
    assert sums(stage) == (HALF, HALF, 0, 0)
    assert grants.case_row(stage, case)["state"] == "settled"


def test_of_a_case_that_was_dropped_nothing_is_asked_back(stage: Scene, case: str) -> None:
    grants.to_waived(stage, case, FEN)
    stage.do("finance", "recovery.decide", grants.ruling(case, outcome="dropped"), *OTHERS)
    assert sums(stage) == (0, 0, None, None)
