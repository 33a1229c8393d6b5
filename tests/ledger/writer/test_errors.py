"""What a refusal may say."""

from __future__ import annotations

import pytest

from ledger.writer.errors import Refusal

MOST = 2**53 - 1


@pytest.mark.parametrize("figure", [MOST, -MOST])
def test_a_figure_that_can_be_stated_is_told(figure: int) -> None:
    refusal = Refusal("balance-short", asset="CNY", need=figure)
    assert (refusal.code, refusal.params) == ("balance-short", {"asset": "CNY", "need": figure})


@pytest.mark.parametrize("figure", [MOST + 1, -MOST - 1, 2**70])
def test_a_figure_that_cannot_be_stated_is_what_is_wrong(figure: int) -> None:
    refusal = Refusal("balance-short", asset="CNY", have=5, need=figure)
    assert (refusal.code, refusal.params) == ("value-too-large", {"asset": "CNY"})
