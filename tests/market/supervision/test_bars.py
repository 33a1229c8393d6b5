"""The kill switch: what ends, what is refused, what stays possible, and the bar's own days."""

from __future__ import annotations

import pytest

from ledger.accounts.claims import claim_table
from ledger.restraints.models import freeze_table
from market.stops.models import BAR_MOVES, BarState, bar_table
from tests.factories.claims import freeze
from tests.factories.market import REGULATOR, TOMORROW, Floor
from tests.factories.oversight import WHY, bar, bars, refused, state


@pytest.mark.parametrize("author", ["regulator", "exchange"])
def test_a_barred_partys_listings_end_and_it_may_not_trade(floor: Floor, author: str) -> None:
    batch = floor.prepare()
    first, other = floor.place(7_000, 100), floor.place(7_010, 50)
    floor.take(first, 10)
    bar(floor, "owner", author)
    assert {floor.listing(name)["state"] for name in (first, other)} == {"barred"}
    assert floor.held("owner/trading", batch) == {"available": 890}
    order = floor.order(7_000, 1)
    assert floor.stage.refused("owner", "listing.place", order, "a") == "party-barred"
    assert floor.take_refused(first, 1) == "listing-closed"


def test_a_barred_buyer_takes_nothing_and_nobody_else_is_touched(floor: Floor) -> None:
    floor.prepare()
    listing = floor.place(7_000, 100)
    bar(floor, "buyer")
    assert floor.take_refused(listing, 1) == "party-barred"
    floor.take(listing, 1, "third")
    assert floor.listing(listing)["state"] == "open"


def test_a_barred_party_may_still_move_out_and_retire(floor: Floor) -> None:
    batch = floor.prepare()
    bar(floor, "owner")
    moved = {"batch": batch, "quantity": 100, "to": "registry"}
    floor.stage.do("owner", "credit.move", moved, "a")
    retired = {"batch": batch, "quantity": 5, "purpose": "public-good", "beneficiary": "甲"}
    floor.stage.do("owner", "credit.retire", retired, "a", "b")


def test_who_stated_a_bar_or_the_regulator_lifts_it(floor: Floor) -> None:
    floor.prepare()
    by_regulator, by_exchange = bar(floor, "owner"), bar(floor, "buyer", "exchange")
    lift = {"bar": by_regulator, **WHY}
    assert refused(floor, "exchange", "trading.unbar", lift) == "trading-bar-unknown"
    state(floor, "regulator", "trading.unbar", lift)
    state(floor, "regulator", "trading.unbar", {"bar": by_exchange, **WHY})
    floor.take(floor.place(7_000, 10), 1)
    assert refused(floor, "regulator", "trading.unbar", lift) == "bar-over"
    unknown = {"bar": "none", **WHY}
    assert refused(floor, "regulator", "trading.unbar", unknown) == "trading-bar-unknown"


def test_two_bars_are_two(floor: Floor) -> None:
    floor.prepare()
    first, _ = bar(floor, "owner"), bar(floor, "owner", "exchange")
    state(floor, "regulator", "trading.unbar", {"bar": first, **WHY})
    order = floor.order(7_000, 1)
    assert floor.stage.refused("owner", "listing.place", order, "a") == "party-barred"


def test_a_bar_that_begins_tomorrow_ends_what_stands_then(floor: Floor) -> None:
    floor.prepare()
    bar(floor, "buyer", since=TOMORROW, until=TOMORROW)
    floor.take(floor.place(7_000, 100), 1)
    assert bars(floor) == ["waiting"]
    floor.close()
    floor.next_day()
    floor.open(TOMORROW)
    listing = floor.place(7_000, 100)
    assert bars(floor) == ["standing"]
    assert floor.take_refused(listing, 1) == "party-barred"
    floor.next_day()
    floor.stage.ledger.writer.tick().result(30)
    assert bars(floor) == ["lapsed"]
    assert [row["turns_at"] for row in floor.stage.rows(bar_table)] == [None]


def test_a_bar_that_waits_can_be_lifted_before_its_day(floor: Floor) -> None:
    floor.prepare()
    name = bar(floor, "buyer", since=TOMORROW)
    state(floor, "regulator", "trading.unbar", {"bar": name, **WHY})
    floor.next_day()
    floor.stage.ledger.writer.tick().result(30)
    assert bars(floor) == ["lifted"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"party": "nobody"}, "party-unknown"),
        ({"party": "vvb1"}, "bar-no-trader"),
        ({"party": "exchange"}, "bar-no-trader"),
        ({"party": "owner", "since": "2025-12-31"}, "bar-period"),
        ({"party": "owner", "until": "2025-12-31"}, "bar-period"),
        ({"party": "owner", "since": "2026-01-03", "until": "2026-01-02"}, "bar-period"),
    ],
)
def test_a_bar_needs_a_trader_and_days_in_order(
    floor: Floor, body: dict[str, str], code: str
) -> None:
    floor.prepare()
    assert refused(floor, "regulator", "trading.bar", {**body, **WHY}) == code


def test_others_and_one_person_alone_bar_nobody(floor: Floor) -> None:
    floor.prepare()
    body = {"party": "owner", **WHY}
    stage = floor.stage
    assert stage.refused("buyer", "trading.bar", body, "a", "b") == "role-not-allowed"
    registrar = ("registrar-1", "registrar-2")
    assert stage.refused("registrar", "trading.bar", body, *registrar) == "role-not-allowed"
    assert stage.refused("regulator", "trading.bar", body, REGULATOR[0]) == "four-eyes"


def test_the_scheduler_alone_turns_a_bar_and_not_before_its_day(floor: Floor) -> None:
    floor.prepare()
    name = bar(floor, "buyer", since=TOMORROW)
    turn = {"bar": name}
    assert refused(floor, "regulator", "trading.bar-turn", turn) == "role-not-allowed"


def test_a_bar_until_the_end_of_the_calendar_begins_and_one_that_begins_then_waits(
    floor: Floor,
) -> None:
    floor.prepare()
    bar(floor, "buyer", since=TOMORROW, until="9999-12-31")
    bar(floor, "owner", since="9999-12-31")
    floor.next_day()
    floor.stage.ledger.writer.tick().result(30)
    assert bars(floor) == ["standing", "waiting"]


def test_every_pair_of_states_is_in_the_table() -> None:
    moves = {(before, after) for before, allowed in BAR_MOVES.items() for after in allowed}
    assert set(BAR_MOVES) == set(BarState)
    assert moves == {
        ("waiting", "standing"),
        ("waiting", "lifted"),
        ("standing", "lifted"),
        ("standing", "lapsed"),
    }


def test_what_others_claim_of_a_barred_partys_units_stands(floor: Floor) -> None:
    batch = floor.prepare()
    freeze(floor.stage, 200, until="2026-02-28")
    floor.place(7_000, 100)
    before = floor.stage.rows(claim_table), floor.stage.rows(freeze_table)
    bar(floor, "owner")
    assert (floor.stage.rows(claim_table), floor.stage.rows(freeze_table)) == before
    assert floor.held("owner/trading", batch) == {"available": 700, "frozen": 200}


def test_one_document_bars_a_party_for_the_same_days_once(floor: Floor) -> None:
    floor.prepare()
    first = bar(floor, "owner")
    body = {"party": "owner", **WHY}
    reply = floor.stage.say("regulator", "trading.bar", body, *REGULATOR)
    assert (reply.answer["code"], reply.answer["params"]["bar"]) == ("bar-stated", first)
    state(floor, "regulator", "trading.bar", {**body, "until": TOMORROW})  # for other days
    state(floor, "exchange", "trading.bar", body)  # of another author
    state(floor, "regulator", "trading.unbar", {"bar": first, **WHY})
    state(floor, "regulator", "trading.bar", body)  # the first is over
