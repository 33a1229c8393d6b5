"""Instruments: who lists them, what they may name, and what a halt does."""

from __future__ import annotations

import itertools

import pytest

from ledger.statements.errors import Malformed
from market.instruments.models import INSTRUMENT_MOVES, InstrumentState, instrument_table
from tests.factories.market import EXCHANGE, Floor

DECISION = {"instrument": "FS", "document": "d"}


def test_only_the_exchange_lists_and_only_with_two_people(floor: Floor) -> None:
    body = floor.instrument()
    stage = floor.stage
    assert stage.refused("exchange", "instrument.list", body, "exchange-1") == "four-eyes"
    officers = ("registrar-1", "registrar-2")
    assert stage.refused("registrar", "instrument.list", body, *officers) == "role-not-allowed"
    floor.list()
    assert stage.refused("exchange", "instrument.list", body, *EXCHANGE) == "instrument-exists"


def test_a_batch_is_named_alone_and_with_its_own_class(floor: Floor) -> None:
    stage = floor.stage
    batch = stage.issue()

    def refused(**more: object) -> str:
        return stage.refused("exchange", "instrument.list", floor.instrument(**more), *EXCHANGE)

    assert refused(batch="none") == "batch-unknown"
    assert refused(batch=batch, credit_class="ZJ_AC") == "class-differs"
    assert refused(batch=batch, vintage=2024) == "vintage-or-batch"
    floor.list(batch=batch)


@pytest.mark.parametrize(
    "more",
    [
        {"credit_class": "CCER_MIRROR"},
        {"venue": "Elsewhere"},
        {"instrument": "zhejiang"},
        {"instrument": "A.B"},
        {"reference_fen": 0},
        {"vintage": 2019},
    ],
)
def test_mirror_units_and_odd_codes_have_no_form(floor: Floor, more: dict[str, object]) -> None:
    declared = floor.stage.ledger.engine.types["instrument.list", 1]
    with pytest.raises(Malformed):
        declared.check({**floor.instrument(), **more})


@pytest.mark.parametrize("kind", ["suspend", "delist"])
def test_a_halt_cancels_open_listings_and_stops_trading(floor: Floor, kind: str) -> None:
    batch = floor.prepare()
    listing = floor.place(7_000, 100)
    floor.stage.do("exchange", f"instrument.{kind}", DECISION, *EXCHANGE)
    assert floor.listing(listing)["state"] == "halted"
    assert floor.held("owner/trading", batch) == {"available": 900}
    order = floor.order(7_000, 1)
    assert floor.stage.refused("owner", "listing.place", order, "a") == "instrument-state"
    assert floor.take_refused(listing, 1) == "listing-closed"


def test_a_suspended_instrument_can_be_resumed_and_traded(floor: Floor) -> None:
    floor.prepare()
    floor.stage.do("exchange", "instrument.suspend", DECISION, *EXCHANGE)
    floor.stage.do("exchange", "instrument.resume", DECISION, *EXCHANGE)
    floor.take(floor.place(7_000, 100), 1)


def test_every_pair_of_states_is_moved_or_refused(floor: Floor) -> None:
    acts = {
        InstrumentState.LISTED: "resume",
        InstrumentState.SUSPENDED: "suspend",
        InstrumentState.DELISTED: "delist",
    }
    for number, (before, after) in enumerate(itertools.product(InstrumentState, repeat=2)):
        code = f"P{number}"
        floor.list(code)
        body = {"instrument": code, "document": "d"}
        if before != InstrumentState.LISTED:
            floor.stage.do("exchange", f"instrument.{acts[before]}", body, *EXCHANGE)
        reply = floor.stage.say("exchange", f"instrument.{acts[after]}", body, *EXCHANGE)
        wanted = after in INSTRUMENT_MOVES[before]
        assert (reply.status == "accepted") is wanted, (before, after)
        rows = {row["instrument"]: row["state"] for row in floor.stage.rows(instrument_table)}
        assert rows[code] == (after if wanted else before)


def test_a_method_that_the_venue_may_not_offer_is_refused(floor: Floor) -> None:
    floor.prepare()
    floor.rule("zhejiang.methods", "20")
    code = floor.stage.refused("owner", "listing.place", floor.order(7_000, 1), "a")
    assert code == "method-not-open"
