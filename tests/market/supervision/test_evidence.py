"""What the entries behind a finding did, told row by row."""

from __future__ import annotations

from ledger.parties.parameters import midnight
from market.supervision.evidence import evidence
from tests.factories.market import TODAY, Floor


def test_a_listing_and_the_trade_that_took_part_of_it_are_told_in_order(floor: Floor) -> None:
    floor.prepare()
    listing = floor.place(7_000, 100)
    floor.take(listing, 40)
    with floor.stage.ledger.record.reading() as connection:
        last = floor.stage.ledger.record.head(connection).size - 1
        told = evidence(connection, [last, last - 1, last + 9])
        bare = evidence(connection, [0])
    placed, *taken = told
    assert placed["at"] >= midnight(TODAY)
    assert {**placed, "at": 0} == {
        "index": last - 1,
        "at": 0,
        "kind": "listing",
        "parties": ["owner"],
        "about": "FS",
        "side": None,
        "price_fen": 7_000,
        "quantity": 100,
        "state": "open",
    }
    (deal,) = [row for row in taken if row["kind"] == "deal"]
    assert (deal["parties"], deal["price_fen"], deal["quantity"]) == (["owner", "buyer"], 7_000, 40)
    assert {row["index"] for row in taken} == {last}
    assert bare == []
