"""Orders to cancel, halts of a venue, warnings."""

from __future__ import annotations

from market.stops.models import halt_table
from market.supervision.models import warning_table
from tests.factories.market import EXCHANGE, TOMORROW, VENUE, Floor
from tests.factories.oversight import WHY, refused, state

HALT = {"venue": VENUE, **WHY}


def test_a_listing_is_ended_by_order_of_exchange_or_regulator_and_its_units_return(
    floor: Floor,
) -> None:
    batch = floor.prepare()
    for author in ("exchange", "regulator"):
        listing = floor.place(7_000, 300)
        floor.take(listing, 10)
        state(floor, author, "listing.cancel-by-order", {"listing": listing, **WHY})
        assert floor.listing(listing)["state"] == "by-order"
        assert floor.take_refused(listing, 1) == "listing-closed"
    assert floor.held("owner/trading", batch) == {"available": 880}


def test_what_is_over_or_unknown_or_anothers_is_not_ended(floor: Floor) -> None:
    floor.prepare()
    listing = floor.place(7_000, 300)
    order = {"listing": listing, **WHY}
    stage = floor.stage
    for party in ("owner", "buyer"):
        code = stage.refused(party, "listing.cancel-by-order", order, "a", "b")
        assert code == "role-not-allowed"
    code = stage.refused("exchange", "listing.cancel-by-order", order, EXCHANGE[0])
    assert code == "four-eyes"
    floor.withdraw(listing)
    assert refused(floor, "exchange", "listing.cancel-by-order", order) == "listing-closed"
    unknown = {"listing": "00" * 10, **WHY}
    assert refused(floor, "regulator", "listing.cancel-by-order", unknown) == "listing-unknown"


def test_a_halted_venue_trades_nothing_keeps_its_book_and_lets_sellers_go(floor: Floor) -> None:
    floor.prepare()
    kept, gone = floor.place(7_000, 100), floor.place(7_010, 100)
    state(floor, "exchange", "venue.halt", HALT)
    order = floor.order(7_000, 1)
    assert floor.stage.refused("owner", "listing.place", order, "a") == "venue-halted"
    assert floor.take_refused(kept, 1) == "venue-halted"
    floor.withdraw(gone)
    assert refused(floor, "regulator", "venue.halt", HALT) == "venue-halted"
    state(floor, "exchange", "venue.resume", HALT)
    floor.take(kept, 1)
    assert [row["state"] for row in floor.stage.rows(halt_table)] == ["resumed"]
    assert refused(floor, "exchange", "venue.resume", HALT) == "venue-not-halted"


def test_the_regulators_halt_is_lifted_by_it_alone_and_outlasts_the_day(floor: Floor) -> None:
    floor.prepare()
    state(floor, "regulator", "venue.halt", HALT)
    assert refused(floor, "exchange", "venue.resume", HALT) == "halt-of-another"
    floor.close()
    floor.next_day()
    floor.open(TOMORROW)
    order = floor.order(7_000, 1)
    assert floor.stage.refused("owner", "listing.place", order, "a") == "venue-halted"
    state(floor, "regulator", "venue.resume", HALT)
    floor.place(7_000, 1)


def test_nobody_halts_a_venue_that_is_none(floor: Floor) -> None:
    floor.prepare()
    none = {"venue": "nowhere", **WHY}
    assert refused(floor, "regulator", "venue.halt", none) == "venue-unknown"
    assert floor.stage.refused("owner", "venue.halt", HALT, "a", "b") == "role-not-allowed"


def test_a_warning_is_kept_for_its_party(floor: Floor) -> None:
    floor.prepare()
    body = {"party": "buyer", "text": "注意集中度", "document": "监〔2026〕2"}
    state(floor, "exchange", "risk.warn", body)
    row = floor.stage.rows(warning_table)[0]
    assert (row["party"], row["author"], row["text"]) == ("buyer", "exchange", "注意集中度")
    unknown = {**body, "party": "nobody"}
    assert refused(floor, "regulator", "risk.warn", unknown) == "party-unknown"
