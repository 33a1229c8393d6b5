"""Trading days: opening, closing prices, cancellation at the close, holding after a purchase."""

from __future__ import annotations

import pytest

from ledger.facts.models import fact_table
from market.instruments.models import instrument_table
from market.listings.models import listing_table
from market.sessions.models import day_table, session_table
from market.settlement.models import lot_table
from tests.factories.market import EXCHANGE, HOUR_MS, TODAY, TOMORROW, VENUE, Floor


def act(date: str) -> dict[str, str]:
    return {"venue": VENUE, "date": date}


def test_the_close_is_the_vwap_and_the_next_days_reference(floor: Floor) -> None:
    floor.prepare()
    floor.take(floor.place(7_000, 100), 100)
    floor.take(floor.place(7_100, 300), 300)
    floor.close()
    day = floor.stage.rows(day_table)[0]
    names = ("open_fen", "high_fen", "low_fen", "last_fen", "close_fen", "volume", "trades")
    assert [day[name] for name in names] == [7_000, 7_100, 7_000, 7_100, 7_075, 400, 2]
    assert floor.stage.rows(instrument_table)[0]["reference_fen"] == 7_075


def test_a_day_without_trades_closes_where_the_last_one_did(floor: Floor) -> None:
    floor.prepare()
    floor.close()
    day = floor.stage.rows(day_table)[0]
    assert (day["open_fen"], day["close_fen"], day["volume"]) == (7_075, 7_075, 0)


def test_the_close_cancels_what_nobody_took(floor: Floor) -> None:
    batch = floor.prepare()
    listing = floor.place(7_000, 300)
    floor.take(listing, 100)
    floor.close()
    assert floor.listing(listing)["state"] == "expired"
    assert floor.held("owner/trading", batch) == {"available": 800}
    assert all(row["state"] != "open" for row in floor.stage.rows(listing_table))


def test_what_was_bought_today_cannot_be_sold_or_moved_before_the_close(floor: Floor) -> None:
    batch = floor.prepare()
    floor.take(floor.place(7_000, 100), 100)
    stage = floor.stage
    code = stage.refused("buyer", "listing.place", floor.order(7_000, 1), "a")
    assert code == "balance-short"
    out = {"batch": batch, "quantity": 1, "to": "registry"}
    assert stage.refused("buyer", "credit.move", out, "a") == "balance-short"
    floor.close()
    assert floor.held("buyer/trading", batch) == {"available": 100}
    assert stage.rows(lot_table) == []
    stage.do("buyer", "credit.move", out, "a")


def test_a_longer_holding_is_counted_in_sessions(floor: Floor) -> None:
    batch = floor.prepare()
    floor.rule("zhejiang.10.holding-sessions", "2")
    floor.take(floor.place(7_000, 100), 100)
    floor.close()
    assert floor.held("buyer/trading", batch) == {"bought": 100}
    floor.next_day()
    floor.open(TOMORROW)
    floor.close(TOMORROW)
    assert floor.held("buyer/trading", batch) == {"available": 100}


def test_without_a_holding_rule_units_can_be_sold_again_at_once(floor: Floor) -> None:
    batch = floor.prepare()
    floor.rule("zhejiang.10.holding-sessions", "0")
    floor.take(floor.place(7_000, 100), 100)
    assert floor.held("buyer/trading", batch) == {"available": 100}
    floor.take(floor.place(7_100, 50, "buyer"), 50, "third")


def test_sales_proceeds_can_be_used_the_same_day(floor: Floor) -> None:
    floor.prepare()
    floor.take(floor.place(7_000, 100), 100)
    floor.rule("zhejiang.10.holding-sessions", "0")
    floor.take(floor.place(7_000, 10), 10, "third")
    floor.take(floor.place(7_000, 5, "third"), 5, "owner")


def test_a_session_opens_today_once_and_only_on_a_trading_day(floor: Floor) -> None:
    floor.list()
    stage = floor.stage

    def refused(kind: str, date: str) -> str:
        return stage.refused("exchange", f"session.{kind}", act(date), *EXCHANGE)

    assert refused("close", TODAY) == "session-not-open"
    assert refused("open", TOMORROW) == "session-not-today"
    floor.open()
    assert refused("open", TODAY) == "session-open"
    assert refused("close", TOMORROW) == "session-not-open"
    floor.close()
    assert refused("open", TODAY) == "session-over"
    floor.next_day()
    floor.next_day()
    assert refused("open", "2026-01-03") == "not-a-trading-day"
    assert [row["number"] for row in stage.rows(session_table)] == [1]


def test_the_day_turns_at_midnight_in_shanghai(floor: Floor) -> None:
    floor.list()
    floor.stage.clock.time += 14 * HOUR_MS  # 2026-01-01T16:00Z is the next day there
    code = floor.stage.refused("exchange", "session.open", act(TODAY), *EXCHANGE)
    assert code == "session-not-today"
    floor.open(TOMORROW)


def test_orders_are_taken_in_trading_hours_alone(floor: Floor) -> None:
    floor.prepare()
    listing = floor.place(7_000, 10)
    order = floor.order(7_000, 1)
    floor.stage.clock.time += HOUR_MS + HOUR_MS // 2  # 11:30, the midday break
    assert floor.stage.refused("owner", "listing.place", order, "a") == "outside-hours"
    assert floor.take_refused(listing, 1) == "outside-hours"
    floor.stage.clock.time += HOUR_MS + HOUR_MS // 2  # 13:00
    floor.take(listing, 1)


def test_a_session_that_nobody_closed_ends_by_the_clock_before_anything_else(
    floor: Floor,
) -> None:
    batch = floor.prepare()
    listing = floor.place(7_000, 100)
    floor.take(listing, 40)
    floor.stage.clock.time += 5 * HOUR_MS  # 15:00
    assert floor.take_refused(listing, 1) == "listing-closed"
    session = floor.stage.rows(session_table)[0]
    assert (session["state"], session["closed_at"]) == ("closed", session["ends_at"])
    assert floor.listing(listing)["state"] == "expired"
    assert floor.held("owner/trading", batch) == {"available": 860}
    assert floor.held("buyer/trading", batch) == {"available": 40}
    assert floor.stage.rows(day_table)[0]["close_fen"] == 7_000


def test_only_the_scheduler_ends_a_session_and_none_opens_after_hours(floor: Floor) -> None:
    floor.list()
    floor.open()
    stage = floor.stage
    assert stage.refused("exchange", "session.end", act(TODAY), *EXCHANGE) == "role-not-allowed"
    floor.close()
    floor.next_day()
    stage.clock.time += 5 * HOUR_MS
    code = stage.refused("exchange", "session.open", act(TOMORROW), *EXCHANGE)
    assert code == "session-over"


def test_a_stated_closure_is_no_trading_day(floor: Floor) -> None:
    floor.list()
    floor.rule("zhejiang.closed.2026", "0101-0103,1001")
    code = floor.stage.refused("exchange", "session.open", act(TODAY), *EXCHANGE)
    assert code == "not-a-trading-day"


@pytest.mark.parametrize("kind", ["open", "close"])
def test_a_session_is_the_exchanges_under_four_eyes(floor: Floor, kind: str) -> None:
    stage = floor.stage
    body = act(TODAY)
    assert stage.refused("exchange", f"session.{kind}", body, "exchange-1") == "four-eyes"
    officers = ("registrar-1", "registrar-2")
    assert stage.refused("registrar", f"session.{kind}", body, *officers) == "role-not-allowed"


def test_weekdays_are_a_dated_rule(floor: Floor) -> None:
    floor.list()
    floor.rule("zhejiang.weekdays", "67")
    code = floor.stage.refused("exchange", "session.open", act(TODAY), *EXCHANGE)
    assert code == "not-a-trading-day"


def test_a_close_is_stated_as_facts_of_price_and_volume(floor: Floor) -> None:
    floor.prepare()
    floor.list("QUIET", reference_fen=6_000)
    floor.take(floor.place(7_000, 100), 100)
    floor.take(floor.place(7_100, 300), 300)
    floor.close()
    stated = [
        (row["subject"], row["indicator"], row["value"], row["unit"], row["source"])
        for row in floor.stage.rows(fact_table)
    ]
    assert sorted(stated) == [
        ("FS", "market.close", 7_075, "fen", "market.vwap"),
        ("FS", "market.volume", 400, "credit", "market.vwap"),
        ("QUIET", "market.close", 6_000, "fen", "market.previous-close"),
        ("QUIET", "market.volume", 0, "credit", "market.previous-close"),
    ]
    row = floor.stage.rows(fact_table)[0]
    assert (row["party"], row["role"], row["start"], row["end"]) == (
        "exchange",
        "exchange",
        TODAY,
        TODAY,
    )
    floor.next_day()
    floor.open(TOMORROW)
    floor.close(TOMORROW)
    assert len(floor.stage.rows(fact_table)) == 8
