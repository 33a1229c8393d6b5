"""Ten awards, three ways: by rule files, by hand and by zen-engine agree to the fen."""

from __future__ import annotations

from datetime import date

import pytest

from incentives.population.work import YES, put
from incentives.rules.assess import assess
from portal.bench.awards import AWARDS, batch_of_zen, columns, of_zen, one, population

ON = date(2026, 3, 31)
COUNT = 400
COLUMNS = columns(COUNT, 11)


@pytest.mark.parametrize("award", AWARDS, ids=lambda award: str(award.place))
def test_everybody_is_answered_as_by_hand_and_as_one_by_one(award: object) -> None:
    assert isinstance(award, type(AWARDS[0]))
    rule = award.rule
    result = put(rule, *population(COLUMNS), ON)
    yes, amount = award.by_hand(COLUMNS)
    assert (result.status == YES).tolist() == yes.tolist()
    assert result.amount_fen.tolist() == amount.tolist()
    singly = [assess(rule, one(COLUMNS, place), ON) for place in range(100)]
    assert [answer.amount_fen for answer in singly] == amount[:100].tolist()
    assert 0 < int(yes.sum()) < COUNT


def test_an_engine_that_we_did_not_write_says_the_same() -> None:
    pytest.importorskip("zen", reason="zen-engine is a peer of measurements: make setup-bench")
    told = batch_of_zen()([of_zen(COLUMNS, place) for place in range(COUNT)])
    for award, answers in zip(AWARDS, told, strict=True):
        yes, amount = award.by_hand(COLUMNS)
        assert answers == list(zip(yes.tolist(), amount.tolist(), strict=True))
