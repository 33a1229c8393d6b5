"""What a listener is told: every trade once, the rest as it stands, and never who."""

from __future__ import annotations

import json

import pytest

from ledger.parties.models import key_table, party_table
from market.quotes import feed as feeds
from market.quotes.feed import CHANNELS, Event, Feed
from tests.factories.market import EXCHANGE, VENUE, Floor


def listener(position: int = 0, channels: tuple[str, ...] = CHANNELS) -> Feed:
    return Feed("FS", VENUE, channels, position)


def heard(floor: Floor, feed: Feed) -> list[Event]:
    with floor.stage.ledger.record.reading() as connection:
        return feed.news(connection, floor.stage.clock.time)


def names(events: list[Event]) -> list[str]:
    return [event.name for event in events]


def test_a_listener_first_hears_how_things_stand(floor: Floor) -> None:
    floor.prepare()
    floor.place(7_000, 30)
    feed = listener()
    first = heard(floor, feed)
    assert names(first) == ["depth", "ticker", "status"]
    assert {event.position for event in first} == {0}
    assert first[0].data["asks"] == [{"price_fen": 7_000, "quantity": 30, "count": 1}]
    assert first[0].data["bids"] == []
    assert heard(floor, feed) == []


def test_a_trade_is_told_with_what_it_changed(floor: Floor) -> None:
    floor.prepare()
    listing = floor.place(7_000, 30)
    feed = listener()
    heard(floor, feed)
    floor.take(listing, 10)
    told = heard(floor, feed)
    assert names(told) == ["trade", "depth", "ticker"]
    assert (told[0].data["price_fen"], told[0].data["quantity"]) == (7_000, 10)
    assert told[1].data["asks"][0]["quantity"] == 20
    assert (told[2].data["last_fen"], told[2].data["change_fen"]) == (7_000, -75)
    assert {event.position for event in told} == {1}


def test_whoever_comes_back_is_told_each_trade_since_and_no_other(floor: Floor) -> None:
    floor.prepare()
    listing = floor.place(7_000, 30)
    for _ in range(3):
        floor.take(listing, 1)
    again = heard(floor, listener(position=1, channels=("trades",)))
    assert [event.position for event in again] == [2, 3]


def test_many_trades_are_told_in_pieces_before_anything_else(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "PIECE", 2)
    floor.prepare()
    listing = floor.place(7_000, 30)
    for _ in range(3):
        floor.take(listing, 1)
    feed = listener()
    first = heard(floor, feed)
    assert (names(first), feed.behind, feed.position) == (["trade", "trade"], True, 2)
    rest = heard(floor, feed)
    assert (names(rest), feed.behind) == (["trade", "depth", "ticker", "status"], False)
    assert feed.position == 3


def test_only_the_channels_that_were_asked_for_are_told(floor: Floor) -> None:
    floor.prepare()
    floor.take(floor.place(7_000, 30), 10)
    feed = listener(channels=("status",))
    assert names(heard(floor, feed)) == ["status"]
    assert feed.position == 1  # so that coming back for trades would not repeat this one


def test_trades_of_other_instruments_move_the_place_and_are_not_told(floor: Floor) -> None:
    batch = floor.prepare()
    floor.list("FSB", batch=batch)
    feed = listener()
    heard(floor, feed)
    floor.take(floor.place(7_000, 5, code="FSB"), 5)
    assert [e.position for e in heard(floor, feed) if e.name == "trade"] == []
    assert feed.position == 1


def test_the_opening_publishes_the_limits_of_the_day(floor: Floor) -> None:
    floor.prepare()
    floor.close()
    feed = listener(channels=("status",))
    (closed,) = heard(floor, feed)
    assert (closed.data["open"], closed.data["session"]["state"]) == (False, "closed")
    floor.next_day()
    floor.open("2026-01-02")
    (opened,) = heard(floor, feed)
    assert (opened.data["open"], opened.data["session"]["date"]) == (True, "2026-01-02")
    assert opened.data["limits"] == {"low_fen": 6_368, "high_fen": 7_782}
    assert opened.data["hours"] == "09:30-11:30,13:00-15:00"


def test_a_halt_is_told(floor: Floor) -> None:
    floor.prepare()
    feed = listener(channels=("status",))
    heard(floor, feed)
    body = {"instrument": "FS", "document": "d"}
    floor.stage.do("exchange", "instrument.suspend", body, *EXCHANGE)
    assert [event.data["state"] for event in heard(floor, feed)] == ["suspended"]


def test_no_event_says_who_or_where_in_the_log(floor: Floor) -> None:
    floor.prepare()
    floor.take(floor.place(7_000, 30), 10)
    text = json.dumps([event.data for event in heard(floor, listener())])
    parties = {row["party"] for row in floor.stage.rows(party_table)}
    keys = {row["key"] for row in floor.stage.rows(key_table)}
    assert [name for name in parties | keys if f'"{name}"' in text] == []
    assert '"index"' not in text and '"operator"' not in text
