"""A position limit counts what pends by every method, whichever is used next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.writer.versions import PURCHASES_PENDING
from tests.factories.auctions import AuctionRoom, Blocks
from tests.factories.market import Floor
from tests.factories.orders import Pit
from tests.factories.scene import scene

CASH = 10_000_000
OVER = "position-over-limit"


@pytest.fixture
def floor(home: Path, vacant_database_url: str) -> Iterator[Floor]:
    """A limit of 300 by each method; ``buyer`` holds nothing yet, ``owner`` has 900."""
    with scene(home, vacant_database_url) as stage:
        opened = Floor(stage)
        opened.prepare(900, CASH)
        for method in ("10", "20", "21"):
            opened.rule(f"zhejiang.{method}.position-limit", "300", "2025-12-31")
        yield opened


def to_buy(blocks: Blocks, quantity: int) -> dict[str, object]:
    return blocks.body("buy", "owner", quantity=quantity)


def test_two_blocks_that_wait_do_not_pass_the_limit_together(floor: Floor) -> None:
    blocks = Blocks(floor)
    blocks.afternoon()
    blocks.propose("buyer", side="buy", other="owner", quantity=200)
    body = to_buy(blocks, 101)
    assert blocks.stage.refused("buyer", "block.propose", body, "a") == OVER
    second = blocks.propose("buyer", side="buy", other="owner", quantity=100)
    third = blocks.propose(quantity=100)  # which the owner offers, and binds nobody yet
    assert blocks.refused("accept", third) == OVER
    blocks.answer("withdraw", second, "buyer")
    blocks.answer("accept", third)
    assert floor.held("buyer/trading", "ZJ_FS-R1-2024") == {"bought": 100}


def test_a_block_that_waits_counts_where_a_listing_is_taken(floor: Floor) -> None:
    blocks = Blocks(floor)
    blocks.afternoon()
    listing = floor.place(7_000, 300)
    blocks.propose("buyer", side="buy", other="owner", quantity=200)
    assert floor.take_refused(listing, 101) == OVER
    floor.take(listing, 100)


def test_an_open_bid_counts_where_a_listing_is_taken_and_the_bid_it_replaces_does_not(
    floor: Floor,
) -> None:
    room = AuctionRoom(floor)
    listing = floor.place(7_000, 300)
    room.begin(room.open())
    room.bid("buyer", 6_500, 200)
    assert floor.take_refused(listing, 101) == OVER
    floor.take(listing, 100)
    room.bid("buyer", 6_510, 200)


def test_what_a_reverse_auction_may_bring_counts_for_its_principal(floor: Floor) -> None:
    room = AuctionRoom(floor)
    listing = floor.place(7_000, 300)
    room.announce(
        room.sealed(direction="reverse", principal="buyer", reserve_fen=6_500, quantity=200)
    )
    room.offer("buyer")
    assert floor.take_refused(listing, 101) == OVER
    floor.take(listing, 100)


def test_an_order_in_the_book_is_replaced_for_as_much_as_it_was(
    home: Path, vacant_database_url: str
) -> None:
    with scene(home, vacant_database_url) as stage:
        pit = Pit(stage)
        pit.set_up()
        pit.rule("book.continuous.position-limit", "10")
        name = pit.buy(6_900, 10)
        body = {"order": name, "price_fen": 6_910, "quantity": 10}
        stage.do("buyer", "order.replace", body, "a")
        more = {**body, "quantity": 11}
        assert stage.refused("buyer", "order.replace", more, "a") == OVER
        assert pit.put_refused("buy", 6_900, 1) == OVER


def test_before_all_was_counted_together_each_method_counted_its_own(home: Path) -> None:
    with scene(home, None, PURCHASES_PENDING - 1) as stage:
        floor = Floor(stage)
        floor.prepare(900, CASH)
        floor.rule("zhejiang.20.position-limit", "300", "2025-12-31")
        blocks = Blocks(floor)
        blocks.afternoon()
        for _ in range(2):
            blocks.propose("buyer", side="buy", other="owner", quantity=200)
