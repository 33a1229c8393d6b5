"""The dated rules of the exchange: read as stated, refused where they would not be read."""

from __future__ import annotations

import pytest
import yaml

from market import instruments
from market.rules import READERS, VENUE_READERS
from tests.factories.market import REGULATOR, TODAY, TOMORROW, Floor


def stated(code: str, value: str) -> dict[str, str]:
    return {
        "code": f"market.{code}",
        "valid_from": TODAY,
        "value": value,
        "unit": "test",
        "source": "test",
        "confidence": "low",
    }


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("zhejiang.10.tick-fen", "0"),
        ("zhejiang.10.tick-fen", "one"),
        ("zhejiang.10.lot", "1.5"),
        ("zhejiang.10.size-below", "１００"),
        ("zhejiang.10.band-percent", "101"),
        ("zhejiang.10.band-percent", "-1"),
        ("zhejiang.10.best-levels", "0"),
        ("zhejiang.10.holding-sessions", "T+1"),
        ("zhejiang.10.eligible-roles", "enterprise, bank"),
        ("zhejiang.10.fee-buyer-rate", "1.01"),
        ("FS.10.fee-seller-rate", "0.1%"),
        ("zhejiang.10.fee-minimum-fen", "1e3"),
        ("zhejiang.10.fee-rounding", "bankers"),
        ("zhejiang.10.close-rounding", "floor"),
        ("zhejiang.10.hours", "15:00-09:30"),
        ("zhejiang.methods", "10,30"),
        ("zhejiang.weekdays", "Mon-Fri"),
        ("zhejiang.closed.2026", "Jan 1"),
    ],
)
def test_a_value_that_its_rule_cannot_read_is_refused(floor: Floor, code: str, value: str) -> None:
    body = stated(code, value)
    assert floor.stage.refused("regulator", "parameter.set", body, *REGULATOR) == "rule-malformed"


@pytest.mark.parametrize(
    "code",
    [
        "zhejiang.10.tick",
        "zhejiang.30.tick-fen",
        "zhejiang.10",
        "zhejiang",
        "zhejiang.methods.10",
        "zhejiang.closed.26",
        "zhejiang.10.tick-fen.x",
    ],
)
def test_a_rule_that_nothing_reads_is_refused(floor: Floor, code: str) -> None:
    body = stated(code, "1")
    assert floor.stage.refused("regulator", "parameter.set", body, *REGULATOR) == "rule-unknown"


def test_other_parameters_are_none_of_the_exchanges(floor: Floor) -> None:
    body = {**stated("x", "anything"), "code": "marketing"}
    floor.stage.do("regulator", "parameter.set", body, *REGULATOR)


def test_a_rule_holds_from_its_day_and_an_instruments_own_before_its_venues(
    floor: Floor,
) -> None:
    floor.prepare()
    floor.rule("zhejiang.10.lot", "7", TOMORROW)
    floor.rule("FS.10.lot", "3", TOMORROW)
    floor.withdraw(floor.place(7_000, 1))
    floor.close()
    floor.next_day()
    floor.open(TOMORROW)
    order = floor.order(7_000, 7)
    assert floor.stage.refused("owner", "listing.place", order, "a") == "quantity-off-lot"
    floor.place(7_000, 3)


def test_every_rule_is_seeded_once_with_source_and_confidence() -> None:
    path = f"{instruments.__path__[0]}/data/parameters.yaml"
    with open(path, encoding="utf-8") as file:
        rows = yaml.safe_load(file)
    codes = [row["code"] for row in rows]
    wanted = {f"market.zhejiang.10.{name}" for name in (*READERS, "hours")}
    wanted |= {f"market.zhejiang.{name}" for name in VENUE_READERS if name != "closed"}
    assert set(codes) == wanted and len(codes) == len(wanted)
    assert all(row["source"] and row["confidence"] and row["unit"] for row in rows)
