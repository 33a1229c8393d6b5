"""The dated rules of the exchange: read as stated, refused where they would not be read."""

from __future__ import annotations

import pytest
import yaml

from ledger.parties.reading import reading
from ledger.writer.errors import Refusal
from market import instruments
from market.readers import OF_VENUE, RULES
from market.rules import check_method
from tests.factories.market import EXCHANGE, REGULATOR, TODAY, TOMORROW, Floor


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
        ("zhejiang.methods", "10,10"),
        ("zhejiang.price-methods", "10;20"),
        ("zhejiang.continuous.order-kinds", "iceberg"),
        ("zhejiang.continuous.self-trade", "none"),
        ("zhejiang.call.candidates", "all"),
        ("zhejiang.20.size-from", "0"),
        ("zhejiang.10.proceeds-sessions", "T+0"),
        ("zhejiang.10.position-limit", "0"),
        ("gated-methods", "auction"),
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
        "FS.legal-basis",
        "gated-methods.zhejiang",
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
    stated = [name for name, rule in RULES.items() if rule.must_be_stated]
    wanted = {f"market.zhejiang.{m}.{name}" for m in (10, 20, 21) for name in (*stated, "hours")}
    wanted |= {f"market.zhejiang.{name}" for name in OF_VENUE if name != "closed"}
    assert wanted <= set(codes) and len(set(codes)) == len(codes)
    assert all(row["source"] and row["confidence"] and row["unit"] for row in rows)


def test_automatic_matching_needs_a_stated_legal_basis(floor: Floor) -> None:
    stage = floor.stage
    floor.prepare()
    with stage.ledger.record.reading() as connection:
        context = reading(connection, stage.clock.time)
        check_method(context, "zhejiang", "10")
        with pytest.raises(Refusal, match="method-not-open"):
            check_method(context, "zhejiang", "continuous")
    floor.rule("zhejiang.methods", "10,continuous")
    with stage.ledger.record.reading() as connection:
        context = reading(connection, stage.clock.time)
        with pytest.raises(Refusal, match="legal-basis-missing"):
            check_method(context, "zhejiang", "continuous")
    floor.rule("zhejiang.continuous.legal-basis", "示范批准文件")
    with stage.ledger.record.reading() as connection:
        check_method(reading(connection, stage.clock.time), "zhejiang", "continuous")


def test_terms_follow_a_parameter_as_soon_as_it_is_stated(floor: Floor) -> None:
    floor.prepare()
    floor.withdraw(floor.place(7_000, 1))
    floor.rule("zhejiang.10.lot", "7")
    assert floor.stage.refused("owner", "listing.place", floor.order(7_000, 1), "a") == (
        "quantity-off-lot"
    )


def test_a_venue_is_known_by_its_stated_rules_and_belongs_to_its_first_operator(
    floor: Floor,
) -> None:
    body = floor.instrument(venue="nowhere")
    refused = floor.stage.refused("exchange", "instrument.list", body, *EXCHANGE)
    assert refused == "parameter-not-in-force"
    session = {"venue": "nowhere", "date": TODAY}
    assert floor.stage.refused("exchange", "session.open", session, *EXCHANGE) == "venue-unknown"


def test_a_position_over_the_limit_is_refused_to_the_unit(floor: Floor) -> None:
    floor.prepare()
    floor.rule("zhejiang.10.position-limit", "100")
    listing = floor.place(7_000, 300)
    assert floor.take_refused(listing, 101) == "position-over-limit"
    floor.take(listing, 60)
    assert floor.take_refused(listing, 41) == "position-over-limit"
    floor.take(listing, 40)


def test_proceeds_wait_for_the_close_where_the_rule_says_so(floor: Floor) -> None:
    floor.prepare()
    floor.rule("zhejiang.10.proceeds-sessions", "1")
    floor.take(floor.place(7_000, 300), 100)
    assert floor.held("owner/trading", "CNY") == {"bought": 700_000}
    floor.close()
    assert floor.held("owner/trading", "CNY") == {"available": 700_000}


def test_zhejiang_asks_five_sessions_between_buying_and_selling() -> None:
    path = f"{instruments.__path__[0]}/data/parameters.yaml"
    with open(path, encoding="utf-8") as file:
        rows = {row["code"]: row for row in yaml.safe_load(file)}
    row = rows["market.zhejiang.10.holding-sessions"]
    assert (row["value"], row["confidence"]) == ("5", "low")
    assert "38号" in row["source"]
