"""A court freeze over a pledge over a listing: ranks, refusals, the identity after each step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.claims import BATCH, COURT, claimed, freeze, holding, pledge, sound
from tests.factories.market import BANK, Floor
from tests.factories.scene import OFFICERS, scene


@pytest.fixture
def floor(home: Path, vacant_database_url: str) -> Iterator[Floor]:
    """Of 900 units 300 are on the trading account, 200 of them listed; the session is open."""
    with scene(home, vacant_database_url) as stage:
        opened = Floor(stage)
        stage.issue(900)
        opened.to_trading("owner", BATCH, 300)
        opened.pay_in("buyer", 10_000_000)
        opened.list()
        opened.open()
        yield opened


def test_each_claim_comes_before_the_next_and_nothing_is_lost(floor: Floor) -> None:
    stage = floor.stage
    listing = floor.place(7_000, 200)
    pledged = pledge(stage, 500)
    sound(stage)
    assert holding(stage, "owner/registry") == {"available": 100, "pledged": 500}
    assert holding(stage, "owner/trading") == {"available": 100, "frozen": 200}
    frozen = freeze(stage, 900)
    sound(stage)
    assert claimed(stage, frozen) == (400, 500)  # it waits for the pledge, and the listing is gone
    assert floor.listing(listing)["state"] == "claimed"
    assert floor.take_refused(listing, 10) == "listing-closed"
    assert holding(stage, "owner/trading") == {"frozen": 300}
    order = floor.order(7_000, 10)
    assert stage.refused("owner", "listing.place", order, "a") == "balance-short"
    body = {"batch": BATCH, "quantity": 1, "to": "registry"}
    assert stage.refused("owner", "credit.move", body, "a") == "balance-short"
    execution = {"freeze": frozen, "quantity": 401, "receiver": "buyer", **COURT}
    assert stage.refused("registrar", "freeze.execute", execution, *OFFICERS) == "freeze-short"
    stage.do("bank", "pledge.release", {"pledge": pledged}, *BANK)
    sound(stage)
    assert claimed(stage, frozen) == (900, 0)
    stage.do("registrar", "freeze.execute", execution, *OFFICERS)
    sound(stage)
    assert holding(stage, "buyer/registry") == {"available": 401}
    stage.do("registrar", "freeze.lift", {"freeze": frozen, **COURT}, *OFFICERS)
    sound(stage)
    assert holding(stage, "owner/registry") == {"available": 499}


def test_a_freeze_that_finds_enough_leaves_the_listing(floor: Floor) -> None:
    listing = floor.place(7_000, 200)
    freeze(floor.stage, 700)
    assert floor.listing(listing)["state"] == "open"
    floor.take(listing, 200)
    sound(floor.stage)


def test_what_was_bought_today_is_frozen_when_it_may_be_sold(floor: Floor) -> None:
    stage = floor.stage
    floor.take(floor.place(7_000, 200), 150)
    frozen = freeze(stage, 150, party="buyer")
    assert claimed(stage, frozen) == (0, 150)
    floor.close()
    sound(stage)
    assert claimed(stage, frozen) == (150, 0)
    assert holding(stage, "buyer/trading") == {"frozen": 150}


def test_a_freeze_that_finds_enough_in_proposals_leaves_the_listing(floor: Floor) -> None:
    stage = floor.stage
    listing = floor.place(7_000, 200)
    offer = {"batch": BATCH, "quantity": 600, "receiver": "buyer"}
    stage.do("owner", "credit.transfer", offer, "a", "b")
    frozen = freeze(stage, 500)  # 100 are free, 600 in transfer
    assert claimed(stage, frozen) == (500, 0)
    assert floor.listing(listing)["state"] == "open"
    sound(stage)
