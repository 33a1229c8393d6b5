"""Locked serials on the exchange: never offered, never delivered, and a later lock ends offers."""

from __future__ import annotations

import pytest

from ledger.credits.models import block_table
from market.listings.models import listing_table
from market.settlement.models import deal_table
from tests.factories.auctions import Blocks
from tests.factories.market import Floor
from tests.factories.scene import OFFICERS

BATCH = "ZJ_FS-R1-2024"


def lock(floor: Floor, first: int, last: int) -> str:
    body = {"batch": BATCH, "first": first, "last": last, "ground": "use", "reason": "r"}
    return floor.stage.do("registrar", "serial.lock", {**body, "document": "d"}, *OFFICERS)


def test_a_class_is_never_delivered_locked_serials(floor: Floor) -> None:
    floor.prepare(100)
    lock(floor, 1, 10)
    assert floor.stage.refused("owner", "listing.place", floor.order(7_000, 91), "a") == (
        "balance-short"
    )
    floor.take(floor.place(7_000, 90), 30)
    (deal,) = floor.stage.rows(deal_table)
    assert deal["delivered"] == [[BATCH, 11, 40]]


def test_what_goes_back_to_the_register_leaves_enough_for_what_is_offered(floor: Floor) -> None:
    floor.prepare(100)
    lock(floor, 1, 10)
    listing = floor.place(7_000, 88)
    moved = {"batch": BATCH, "quantity": 12, "to": "registry"}
    floor.stage.do("owner", "credit.move", moved, "a")
    floor.take(listing, 88)
    held = [r for r in floor.stage.rows(block_table) if r["account"] == "owner/registry"]
    assert [(row["first"], row["last"]) for row in held] == [(1, 12)]


def test_a_lock_on_what_is_offered_ends_the_offer(floor: Floor) -> None:
    floor.prepare(100)
    listing = floor.place(7_000, 90)
    lock(floor, 1, 10)
    assert floor.listing(listing)["state"] == "open"  # the other 90 are enough
    lock(floor, 11, 11)
    assert floor.listing(listing)["state"] == "claimed"
    assert floor.held("owner/trading", BATCH) == {"available": 100}
    floor.place(7_000, 89)
    assert len(floor.stage.rows(listing_table)) == 2


def test_a_lock_ends_blocks_and_bids_too(floor: Floor) -> None:
    floor.prepare(200)
    blocks = Blocks(floor)
    blocks.afternoon()
    name = blocks.propose(quantity=150)
    lock(floor, 1, 60)
    assert blocks.refused("accept", name) == "block-closed"


@pytest.mark.parametrize("stated", [None, "no", "yes"])
def test_one_named_batch_takes_them_only_where_its_rules_say_so(
    floor: Floor, stated: str | None
) -> None:
    floor.prepare(100)
    floor.list("ONE", batch=BATCH)
    lock(floor, 1, 100)
    if stated is not None:
        floor.rule("ONE.deliver-locked", stated)
    order = floor.order(7_000, 10, "ONE")
    if stated == "yes":
        floor.take(floor.place(7_000, 10, code="ONE"), 10)
        (deal,) = floor.stage.rows(deal_table)
        assert deal["delivered"] == [[BATCH, 1, 10]]
    else:
        assert floor.stage.refused("owner", "listing.place", order, "a") == "balance-short"


def test_a_rule_about_locks_is_yes_or_no(floor: Floor) -> None:
    floor.prepare(100)
    body = {
        "code": "market.ONE.deliver-locked",
        "valid_from": "2026-01-01",
        "value": "maybe",
        "unit": "-",
        "source": "test",
        "confidence": "low",
    }
    signers = ("regulator-1", "regulator-2")
    assert floor.stage.refused("regulator", "parameter.set", body, *signers) == "rule-malformed"
