"""What the exchange shows, on the database under test."""

from __future__ import annotations

from market import queries
from tests.factories.market import EXCHANGE, VENUE, Floor


def test_depth_is_the_best_prices_with_the_earliest_listings_first(floor: Floor) -> None:
    floor.prepare()
    names = [floor.place(price, 10) for price in (7_006, *range(7_000, 7_006), 7_000)]
    with floor.stage.ledger.record.reading() as connection:
        book = queries.depth(connection, "FS", floor.stage.clock.time)
        assert queries.depth(connection, "NONE", floor.stage.clock.time) is None
    assert book is not None
    assert [level["price_fen"] for level in book["levels"]] == list(range(7_000, 7_005))
    best = book["levels"][0]
    assert (best["quantity"], best["count"]) == (20, 2)
    assert [item["listing"] for item in best["listings"]] == [names[1], names[-1]]


def test_every_change_of_a_book_moves_its_sequence(floor: Floor) -> None:
    floor.prepare()

    def sequence() -> int:
        with floor.stage.ledger.record.reading() as connection:
            book = queries.depth(connection, "FS", floor.stage.clock.time)
        assert book is not None
        return int(book["sequence"])

    assert sequence() == 0
    listing = floor.place(7_000, 10)
    floor.take(listing, 4)
    assert sequence() == 2
    floor.withdraw(listing)
    assert sequence() == 3


def test_a_closed_exchange_offers_nothing(floor: Floor) -> None:
    floor.prepare()
    floor.place(7_000, 10)
    floor.close()
    with floor.stage.ledger.record.reading() as connection:
        book = queries.depth(connection, "FS", floor.stage.clock.time)
    assert book is not None
    assert (book["open"], book["levels"]) == (False, [])


def test_trades_go_on_after_a_sequence(floor: Floor) -> None:
    floor.prepare()
    listing = floor.place(7_000, 10)
    for _ in range(3):
        floor.take(listing, 1)
    with floor.stage.ledger.record.reading() as connection:
        found = queries.trades(connection, "FS", 1, 1)
        assert queries.trades(connection, "NONE", 0, 9) == []
    assert [row["sequence"] for row in found] == [2]


def test_rules_in_force_are_the_newest_of_their_day_and_say_whether_verified(
    floor: Floor,
) -> None:
    floor.rule("zhejiang.10.lot", "5")
    floor.rule("zhejiang.10.lot", "9", "2027-01-01")
    with floor.stage.ledger.record.reading() as connection:
        rows = queries.rules_in_force(connection, floor.stage.clock.time)
    found = {row["code"]: row for row in rows}
    assert found["market.zhejiang.10.lot"]["value"] == "5"
    assert not found["market.zhejiang.10.lot"]["verified"]
    assert found["market.zhejiang.methods"]["verified"]


def test_a_suspended_instrument_still_shows_what_it_was(floor: Floor) -> None:
    floor.prepare()
    body = {"instrument": "FS", "document": "d"}
    floor.stage.do("exchange", "instrument.suspend", body, *EXCHANGE)
    with floor.stage.ledger.record.reading() as connection:
        (row,) = queries.instruments(connection, floor.stage.clock.time)
    assert (row["state"], row["day"], row["venue"]) == ("suspended", None, VENUE)
    assert row["limits"] == {"low_fen": 6_368, "high_fen": 7_782}
