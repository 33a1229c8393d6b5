"""What units given as security are worth by trades, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select

from market.readers import BLOCK
from market.sessions.models import day_table
from market.valuation import Valuer
from tests.factories.market import REGULATOR, TODAY, TOMORROW, Floor


@pytest.fixture
def batch(floor: Floor) -> str:
    """Traded today: 100 at 70.00 and 50 at 71.50."""
    batch = floor.prepare()
    for price, quantity in ((7_000, 100), (7_150, 50)):
        floor.take(floor.place(price, quantity), quantity)
    return batch


def state(floor: Floor, name: str, value: str, valid_from: str = TODAY) -> None:
    body = {
        "code": f"valuation.ZJ_FS.{name}",
        "valid_from": valid_from,
        "value": value,
        "unit": "test",
        "source": "test",
        "confidence": "low",
    }
    floor.stage.do("regulator", "parameter.set", body, *REGULATOR)


def value(floor: Floor, batch: str, quantity: int = 40) -> dict[str, Any]:
    with floor.stage.ledger.record.reading() as connection:
        return Valuer(connection, floor.stage.clock.time).value(batch, quantity)


def test_a_value_is_the_average_paid_less_the_haircut(floor: Floor, batch: str) -> None:
    """100 x 70.00 + 50 x 71.50 = 10,575.00 over 150 is 70.50; 40 of them less 30 % are 1,974.00."""
    state(floor, "days", "30")
    state(floor, "haircut-percent", "30")
    told = value(floor, batch)
    assert (told["trades"], told["volume"], told["turnover_fen"]) == (2, 150, 1_057_500)
    assert (told["average_fen"], told["value_fen"], told["why"]) == (7_050, 197_400, None)
    assert (told["from"], told["on"]) == ("2025-12-03", TODAY)  # thirty days, both counted
    (of_one,) = told["instruments"]
    assert (of_one["instrument"], of_one["first"], of_one["last"]) == ("FS", TODAY, TODAY)


def test_fractions_of_a_fen_are_nobodys(floor: Floor, batch: str) -> None:
    """7 units more at 71.01: 1,107,207 fen over 157 are 7,052.27; of 3 the half is 10,578.4."""
    floor.take(floor.place(7_101, 7), 7)
    state(floor, "days", "1")
    state(floor, "haircut-percent", "50")
    told = value(floor, batch, 3)
    assert (told["average_fen"], told["value_fen"]) == (7_052, 10_578)


def test_the_window_ends_with_the_day_and_forgets_what_lies_before(
    floor: Floor, batch: str
) -> None:
    state(floor, "days", "1")
    state(floor, "haircut-percent", "0")
    floor.next_day()
    told = value(floor, batch)
    assert (told["on"], told["from"], told["why"]) == (TOMORROW, TOMORROW, "no-trades")
    assert (told["average_fen"], told["value_fen"], told["volume"]) == (None, None, 0)
    state(floor, "days", "2", TOMORROW)
    assert value(floor, batch)["value_fen"] == 40 * 7_050


@pytest.mark.parametrize("given", [{}, {"days": "30"}, {"haircut-percent": "30"}])
def test_without_both_rules_there_is_no_value(
    floor: Floor, batch: str, given: dict[str, str]
) -> None:
    for name, figure in given.items():
        state(floor, name, figure)
    told = value(floor, batch)
    assert (told["why"], told["value_fen"]) == ("valuation-not-stated", None)
    stated = {name: rule["value"] for name, rule in told["rules"].items() if rule}
    assert stated == given


@pytest.mark.parametrize(("name", "figure"), [("days", "0"), ("haircut-percent", "100.5")])
def test_a_rule_that_cannot_be_read_is_none(
    floor: Floor, batch: str, name: str, figure: str
) -> None:
    state(floor, "days", "30")
    state(floor, "haircut-percent", "30")
    state(floor, name, figure, TOMORROW)
    assert value(floor, batch)["value_fen"] == 197_400  # it is not in force yet
    floor.next_day()
    told = value(floor, batch)
    assert (told["why"], told["rules"][name]["value"]) == ("valuation-not-stated", figure)


def test_who_says_a_rule_is_told_with_it(floor: Floor, batch: str) -> None:
    state(floor, "haircut-percent", "30")
    rule = value(floor, batch)["rules"]["haircut-percent"]
    assert (rule["source"], rule["verified"], rule["valid_from"]) == ("test", False, TODAY)


def test_all_instruments_that_a_batch_fits_make_its_price_and_no_others(
    floor: Floor, batch: str
) -> None:
    """50 more at 73.50 for the vintage: 14,250.00 over 200 is 71.25."""
    state(floor, "days", "30")
    state(floor, "haircut-percent", "0")
    floor.list("FS24", vintage=2024)
    floor.list("FS23", vintage=2023)
    floor.take(floor.place(7_350, 50, code="FS24"), 50)
    told = value(floor, batch)
    assert [one["instrument"] for one in told["instruments"]] == ["FS", "FS24"]
    assert (told["average_fen"], told["value_fen"]) == (7_125, 285_000)


def test_blocks_make_no_price(floor: Floor, batch: str) -> None:
    state(floor, "days", "30")
    state(floor, "haircut-percent", "0")
    with floor.stage.ledger.record.reading() as connection:
        day = dict(connection.execute(select(day_table)).mappings().one())
    with floor.stage.ledger.record.database.begin() as connection:
        connection.execute(insert(day_table), [{**day, "method": BLOCK, "turnover_fen": 1}])
    assert value(floor, batch)["average_fen"] == 7_050


def test_a_haircut_of_everything_leaves_nothing_which_is_a_value(floor: Floor, batch: str) -> None:
    state(floor, "days", "30")
    state(floor, "haircut-percent", "100")
    told = value(floor, batch)
    assert (told["value_fen"], told["why"]) == (0, None)
