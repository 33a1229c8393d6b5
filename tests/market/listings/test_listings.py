"""Listing, taking and withdrawing: what moves, and what each guard refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.accounts.models import balance_table
from ledger.credits.models import block_table
from ledger.credits.queries import identity
from ledger.writer.versions import LISTINGS_NAMED
from market.listings.book import best_prices
from market.listings.models import listing_table
from market.settlement.models import deal_table, trade_table
from tests.factories.market import EXCHANGE, REGULATOR, TODAY, VENUE, Floor
from tests.factories.scene import ProjectDesign, paper, scene, validation

CASH = "CNY"


def test_placing_freezes_the_units_and_withdrawing_frees_them(floor: Floor) -> None:
    batch = floor.prepare()
    listing = floor.place(7_000, 300)
    assert floor.held("owner/trading", batch) == {"available": 600, "frozen": 300}
    floor.withdraw(listing)
    assert floor.held("owner/trading", batch) == {"available": 900}
    row = floor.listing(listing)
    assert (row["state"], row["remaining"], row["portions"]) == ("withdrawn", 0, [])


def test_taking_swaps_units_and_cash_in_one_outcome(floor: Floor) -> None:
    batch = floor.prepare()
    listing = floor.place(7_000, 300)
    floor.take(listing, 100)
    assert floor.held("owner/trading", batch) == {"available": 600, "frozen": 200}
    assert floor.held("buyer/trading", batch) == {"bought": 100}
    assert floor.held("owner/trading", CASH) == {"available": 700_000}
    assert floor.held("buyer/trading", CASH) == {"available": 9_300_000}
    blocks = [(row["first"], row["last"], row["account"]) for row in floor.stage.rows(block_table)]
    assert blocks == [(1, 100, "buyer/trading"), (101, 900, "owner/trading")]
    row = floor.listing(listing)
    assert (row["state"], row["remaining"]) == ("open", 200)
    floor.take(listing, 200, "third")
    assert floor.listing(listing)["state"] == "filled"
    with floor.stage.ledger.record.reading() as connection:
        figures = identity(connection, batch)
    assert (figures["trading_bought"], figures["difference"]) == (300, 0)


def test_a_deal_names_both_sides_and_the_trade_neither(floor: Floor) -> None:
    batch = floor.prepare()
    floor.take(floor.place(7_000, 300), 100)
    deal = floor.stage.rows(deal_table)[0]
    assert (deal["seller"], deal["buyer"]) == ("owner", "buyer")
    assert (deal["amount_fen"], deal["delivered"]) == (700_000, [[batch, 1, 100]])
    trade = floor.stage.rows(trade_table)[0]
    assert {k: trade[k] for k in ("sequence", "price_fen", "quantity", "method")} == {
        "sequence": 1,
        "price_fen": 7_000,
        "quantity": 100,
        "method": "10",
    }
    assert not {"owner", "buyer"} & set(map(str, trade.values()))


def test_fees_go_to_the_exchange_from_both_sides(floor: Floor) -> None:
    floor.prepare()
    floor.rule("zhejiang.10.fee-buyer-rate", "0.0006")
    floor.rule("FS.10.fee-seller-rate", "0.001")
    floor.take(floor.place(7_000, 300), 100)
    assert floor.held("exchange/income", CASH) == {"available": 420 + 700}
    assert floor.held("owner/trading", CASH) == {"available": 700_000 - 700}
    assert floor.held("buyer/trading", CASH) == {"available": 9_300_000 - 420}


def test_a_buyer_whose_cash_covers_the_price_but_not_the_fee_is_refused_whole(
    floor: Floor,
) -> None:
    floor.prepare(cash_fen=700_000)
    floor.rule("zhejiang.10.fee-buyer-rate", "0.0006")
    listing = floor.place(7_000, 100)
    before = floor.stage.rows(balance_table)
    assert floor.take_refused(listing, 100) == "balance-short"
    assert floor.stage.rows(balance_table) == before
    assert floor.stage.rows(trade_table) == []


@pytest.mark.parametrize(
    ("price_fen", "quantity", "code"),
    [
        (6_367, 1, "price-outside-band"),
        (7_783, 1, "price-outside-band"),
        (7_000, 100_000, "quantity-too-large"),
        (7_000, 901, "balance-short"),
        (7_000, 99_999, "balance-short"),
        (2**53 - 1, 2**53 - 1, "price-outside-band"),
    ],
)
def test_a_bad_order_is_refused_and_nothing_is_frozen(
    floor: Floor, price_fen: int, quantity: int, code: str
) -> None:
    batch = floor.prepare()
    order = floor.order(price_fen, quantity)
    assert floor.stage.refused("owner", "listing.place", order, "a") == code
    assert floor.held("owner/trading", batch) == {"available": 900}


def test_tick_and_lot_are_dated_rules(floor: Floor) -> None:
    floor.prepare()
    floor.rule("FS.10.tick-fen", "5")
    floor.rule("FS.10.lot", "10")
    stage = floor.stage
    assert stage.refused("owner", "listing.place", floor.order(7_001, 10), "a") == "price-off-tick"
    code = stage.refused("owner", "listing.place", floor.order(7_000, 15), "a")
    assert code == "quantity-off-lot"
    listing = floor.place(7_000, 20)
    assert floor.take_refused(listing, 15) == "quantity-off-lot"


def test_a_listing_is_withdrawn_by_its_seller_alone_and_once(floor: Floor) -> None:
    floor.prepare()
    listing = floor.place(7_000, 10)
    body = {"listing": listing}
    assert floor.stage.refused("buyer", "listing.withdraw", body, "a") == "listing-of-another"
    floor.withdraw(listing)
    assert floor.stage.refused("owner", "listing.withdraw", body, "a") == "listing-closed"
    assert floor.take_refused(listing, 1) == "listing-closed"
    assert floor.take_refused("00" * 10, 1) == "listing-unknown"


def test_before_listings_named_another_partys_was_said_to_be_none(home: Path) -> None:
    with scene(home, None, LISTINGS_NAMED - 1) as stage:
        floor = Floor(stage)
        floor.prepare()
        body = {"listing": floor.place(7_000, 10)}
        assert stage.refused("buyer", "listing.withdraw", body, "a") == "listing-unknown"


def test_nobody_takes_more_than_remains_or_without_cash(floor: Floor) -> None:
    floor.prepare(cash_fen=70_000)
    listing = floor.place(7_000, 100)
    assert floor.take_refused(listing, 101) == "quantity-over-remaining"
    assert floor.take_refused(listing, 11) == "balance-short"
    floor.take(listing, 10)


def test_a_seller_does_not_trade_with_itself_nor_a_person_with_another_hat(floor: Floor) -> None:
    floor.prepare()
    listing = floor.place(7_000, 100)
    assert floor.take_refused(listing, 1, "owner") == "self-trade"
    floor.stage.admit("shell", "enterprise", 8, a="owner.a")
    assert floor.take_refused(listing, 1, "shell") == "self-trade"


def test_only_the_best_five_prices_may_be_taken(floor: Floor) -> None:
    floor.prepare()
    names = {price: floor.place(price, 10) for price in range(7_000, 7_006)}
    same = floor.place(7_004, 5)
    assert floor.take_refused(names[7_005], 1) == "outside-best"
    floor.take(same, 5)
    floor.take(names[7_000], 10)
    floor.take(names[7_005], 1)


def test_best_prices_are_distinct_and_lowest_first() -> None:
    assert best_prices([3, 1, 1, 2, 9], 3) == [1, 2, 3]
    assert best_prices([], 5) == []


def test_the_terms_of_a_session_hold(floor: Floor) -> None:
    floor.prepare()
    listing = floor.place(7_000, 10)
    stage = floor.stage
    stage.do("exchange", "session.close", {"venue": VENUE, "date": TODAY}, *EXCHANGE)
    code = stage.refused("owner", "listing.place", floor.order(7_000, 1), "a")
    assert code == "session-closed"
    assert floor.take_refused(listing, 1) == "listing-closed"


def test_a_session_left_open_does_not_trade_on_the_next_day(floor: Floor) -> None:
    floor.prepare()
    listing = floor.place(7_000, 10)
    floor.next_day()
    assert floor.take_refused(listing, 1) == "listing-closed"
    code = floor.stage.refused("owner", "listing.place", floor.order(7_000, 1), "a")
    assert code == "session-closed"


def test_a_trader_alone_trades_up_to_a_dated_limit(floor: Floor) -> None:
    floor.prepare()
    body = {
        "code": "four-eyes.listing.take",
        "valid_from": TODAY,
        "value": "50",
        "unit": "credits from which two people sign",
        "source": "test",
        "confidence": "low",
    }
    floor.stage.do("regulator", "parameter.set", body, *REGULATOR)
    listing = floor.place(7_000, 100)
    floor.take(listing, 49)
    assert floor.take_refused(listing, 50) == "four-eyes"
    big = {"listing": listing, "quantity": 50}
    floor.stage.do("buyer", "listing.take", big, "a", "b")


@pytest.mark.parametrize("role", ["registrar", "exchange", "bank", "regulator", "finance", "vvb1"])
def test_authorities_and_verifiers_do_not_trade(floor: Floor, role: str) -> None:
    floor.prepare()
    listing = floor.place(7_000, 10)
    signer = "a" if role == "vvb1" else f"{role}-1"
    body: dict[str, Any] = {"listing": listing, "quantity": 1}
    assert floor.stage.refused(role, "listing.take", body, signer) == "role-not-allowed"


@pytest.mark.parametrize("person", ["registrar-1", "exchange-1", "regulator-1", "vvb1.a"])
def test_their_staff_do_not_trade_for_an_enterprise(floor: Floor, person: str) -> None:
    batch = floor.prepare()
    listing = floor.place(7_000, 10)
    floor.stage.admit("moonlight", "enterprise", 9, a=person)
    assert floor.take_refused(listing, 1, "moonlight") == "staff-may-not-trade"
    order = floor.order(7_000, 1)
    assert floor.stage.refused("moonlight", "listing.place", order, "a") == "staff-may-not-trade"
    assert floor.held("moonlight/trading", batch) == {}


def test_who_is_eligible_is_a_dated_rule(floor: Floor) -> None:
    floor.prepare()
    listing = floor.place(7_000, 10)
    floor.rule("FS.10.eligible-roles", "bank")
    assert floor.take_refused(listing, 1) == "trader-not-eligible"


def test_a_suspended_partys_listings_are_cancelled_at_once(floor: Floor) -> None:
    batch = floor.prepare()
    first, second = floor.place(7_000, 100), floor.place(7_010, 200)
    floor.take(first, 10)
    body = {"party": "owner", "document": "d"}
    floor.stage.do("regulator", "party.suspend", body, *REGULATOR)
    assert {floor.listing(name)["state"] for name in (first, second)} == {"suspended"}
    assert floor.held("owner/trading", batch) == {"available": 890}
    assert floor.take_refused(first, 1) == "listing-closed"
    order = floor.order(7_000, 1)
    assert floor.stage.refused("owner", "listing.place", order, "a") == "party-suspended"


def test_a_suspended_buyer_takes_nothing(floor: Floor) -> None:
    floor.prepare()
    listing = floor.place(7_000, 100)
    body = {"party": "buyer", "document": "d"}
    floor.stage.do("regulator", "party.suspend", body, *REGULATOR)
    assert floor.take_refused(listing, 1) == "party-suspended"


def test_units_on_the_registry_account_or_of_another_class_are_not_offered(floor: Floor) -> None:
    floor.stage.issue(900)
    floor.list()
    floor.list("AC", credit_class="ZJ_AC")
    floor.open()
    order = floor.order(7_000, 1)
    assert floor.stage.refused("owner", "listing.place", order, "a") == "balance-short"
    floor.to_trading("owner", "ZJ_FS-R1-2024", 900)
    other = floor.order(7_000, 1, "AC")
    assert floor.stage.refused("owner", "listing.place", other, "a") == "balance-short"


def test_one_salt_makes_one_listing(floor: Floor) -> None:
    floor.prepare()
    order = {**floor.order(7_000, 1), "salt": "ab" * 16}
    floor.stage.do("owner", "listing.place", order, "a")
    assert floor.stage.refused("owner", "listing.place", order, "a") == "salt-spent"
    assert len(floor.stage.rows(listing_table)) == 1


def issue_more(floor: Floor, report: str, project: str, year: int, quantity: int) -> str:
    """Another batch of the owner, of another project and vintage."""
    stage, sha = floor.stage, "0" * 64
    officers = ("registrar-1", "registrar-2")
    stage.do("owner", "project.submit", ProjectDesign(project=project), "a")
    opinion = validation(project)
    stage.do("vvb1", "project.validate", opinion, "a", "b")
    stage.do("registrar", "project.register", {"project": project, "document": "d"}, *officers)
    body = {
        "report": report,
        "project": project,
        "start": f"{year}-01-01",
        "end": f"{year}-12-31",
        "claimed": quantity,
        "report_sha256": sha,
    }
    stage.do("owner", "report.submit", body, "a")
    vintages = [{"year": year, "quantity": quantity}]
    verified = {"report": report, "opinion": "positive", "vintages": vintages}
    stage.do("vvb2", "report.verify", {**verified, "report_sha256": paper(report)}, "a", "b")
    registered = {"report": report, "quantity": quantity}
    stage.do("registrar", "reduction.register", {**registered, "document": "d"}, *officers)
    stage.do("registrar", "credit.issue", registered, *officers)
    batch = f"ZJ_FS-{report}-{year}"
    floor.to_trading("owner", batch, quantity)
    return batch


def test_a_class_instrument_delivers_the_oldest_vintage_and_lowest_serial_first(
    floor: Floor,
) -> None:
    newer = floor.prepare(100)
    older = issue_more(floor, "R2", "P2", 2023, 50)
    listing = floor.place(7_000, 120)
    assert floor.listing(listing)["portions"] == [[older, 50], [newer, 70]]
    floor.take(listing, 60)
    assert floor.stage.rows(deal_table)[0]["delivered"] == [[older, 1, 50], [newer, 1, 10]]
    assert floor.listing(listing)["portions"] == [[newer, 60]]


def test_a_vintage_or_batch_instrument_delivers_nothing_else(floor: Floor) -> None:
    newer = floor.prepare(100)
    older = issue_more(floor, "R2", "P2", 2023, 50)
    floor.list("FS23", vintage=2023)
    floor.list("FSB", batch=newer)
    body = floor.order(7_000, 51, "FS23")
    assert floor.stage.refused("owner", "listing.place", body, "a") == "balance-short"
    assert floor.listing(floor.place(7_000, 50, code="FS23"))["portions"] == [[older, 50]]
    assert floor.listing(floor.place(7_000, 5, code="FSB"))["portions"] == [[newer, 5]]
