"""Folds of items: exact, and over the denominators of the enterprise's own items alone."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from incentives.population.arithmetic import over
from incentives.population.columns import KNOWN, Flags, Numbers
from incentives.population.facts import numbers
from incentives.population.ragged import Ragged, fold, position

COUNT = 600
FEW_ITEMS = 4


def quotients(most: int) -> tuple[Ragged, Numbers, list[list[Fraction]]]:
    """Random a / b of up to four items each, as columns and as the fractions themselves."""
    chance = random.Random(most)
    held = [
        [(chance.randrange(-most, most), chance.randrange(1, most)) for _ in range(count)]
        for count in (chance.randrange(FEW_ITEMS + 1) for _ in range(COUNT))
    ]
    starts = np.cumsum([0, *map(len, held)])
    tops, bottoms = zip(*[pair for items in held for pair in items], strict=True)
    column = over(numbers([*tops], 1), numbers([*bottoms], 1))
    return Ragged(starts), column, [[Fraction(a, b) for a, b in items] for items in held]


def fractions(column: Numbers) -> list[Fraction]:
    unders = np.broadcast_to(np.asarray(1 if column.under is None else column.under), COUNT)
    tops = np.asarray(column.top).tolist()
    return [
        Fraction(int(t), column.bottom * int(u)) for t, u in zip(tops, unders.tolist(), strict=True)
    ]


@pytest.mark.parametrize("most", [50, 10**4, 10**9, 10**17])
def test_a_fold_of_a_quotient_is_exact_and_its_denominators_stay_the_enterprises_own(
    most: int,
) -> None:
    rows, column, held = quotients(most)
    for function, join in (("sum", sum), ("min", min), ("max", max)):
        found = fold(rows, function, column, None)
        assert isinstance(found, Numbers)
        told = fractions(found)
        for mine, one in zip(held, told, strict=True):
            if mine:
                assert one == join(mine)  # type: ignore[operator]  # one of three
        of_all = found.bottom.bit_length()
        own = 0 if found.under is None else max(int(u).bit_length() for u in found.under)
        assert of_all + own <= max(FEW_ITEMS * most.bit_length(), 80)
        assert found.low <= min(found.top)
        assert max(found.top) <= found.high


def test_items_that_do_not_count_add_nothing_to_the_denominator() -> None:
    rows = Ragged(np.array([0, 2, 3]))
    column = over(numbers([1, 1, 1], 1), numbers([10**17 + 3, 10**17 + 13, 7], 1))
    found = fold(rows, "sum", column, Flags(np.array([False, True, True])))
    assert isinstance(found, Numbers)
    assert found.under is not None
    assert found.under.tolist() == [10**17 + 13, 7]
    assert found.top.tolist() == [1, 1]  # type: ignore[union-attr]  # by enterprise
    assert found.top.dtype == np.int64  # type: ignore[union-attr]  # by enterprise


@pytest.mark.parametrize("most", [50, 10**17])
def test_places_by_a_quotient_are_those_of_the_fractions(most: int) -> None:
    rows, column, held = quotients(most)
    found = position(rows, column, ())
    wanted = [
        1 + sum(other > one or (other == one and n < place) for n, other in enumerate(mine))
        for mine in held
        for place, one in enumerate(mine)
    ]
    assert np.asarray(found.top).tolist() == wanted
    assert isinstance(found.state, int)
    assert found.state == KNOWN
