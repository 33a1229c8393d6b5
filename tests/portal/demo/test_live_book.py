"""The second venue: labelled everywhere, an opening call at one price, then a live book."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from ledger.accounts.cash.models import OPEN, movement_table
from ledger.parties.models import parameter_table
from market.orders.models import order_table
from market.settlement.models import trade_table
from portal.config import at_home
from portal.demo.cast import LABEL
from portal.demo.live_book import DAY, INSTRUMENT, VENUE, live_book
from portal.demo.telling import seed
from portal.home.opening import open_record


def test_the_call_and_the_book_of_the_second_venue(tmp_path: Path) -> None:
    settings = at_home(tmp_path)
    seed(settings, lambda line: None)
    record = open_record(settings)
    with closing(record.database.connect()) as connection:
        query = select(trade_table).where(trade_table.c.venue == VENUE)
        trades = connection.execute(query.order_by("sequence")).mappings().all()
        orders = connection.execute(select(order_table)).mappings().all()
        stated = select(parameter_table).where(parameter_table.c.code.contains(VENUE))
        rules = connection.execute(stated).mappings().all()
        unfiled = select(movement_table).where(movement_table.c.state == OPEN)
        assert not connection.execute(unfiled).all()  # or today's file would be refused
    record.database.dispose()
    told = [(t["method"], t["price_fen"], t["quantity"]) for t in trades]
    # 200 wanted at 71.00 and above 70.60; 180 offered at 70.50 and 100 at 70.90
    assert told == [
        ("call", 70_90, 180),
        ("call", 70_90, 20),
        ("continuous", 70_90, 30),
        ("continuous", 70_85, 20),
    ]
    assert {row["date"] for row in trades} == {DAY}
    assert sorted(row["state"] for row in orders).count("filled") == 4
    assert {row["instrument"] for row in orders} == {INSTRUMENT}
    assert all(LABEL in rule["source"] for rule in rules)
    assert all(LABEL in rule["value"] for rule in rules if rule["code"].endswith("legal-basis"))


def test_every_seeded_figure_is_labelled() -> None:
    for step in live_book():
        told = [step.body[n] for n in ("reference_source", "reference", "name") if n in step.body]
        assert all(LABEL in text for text in told)
