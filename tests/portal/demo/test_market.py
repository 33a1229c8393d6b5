"""The exchange's chapter: several enterprises trade, the identity holds, seeded means labelled."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from ledger.credits.queries import identity
from market.sessions.models import day_table
from market.settlement.models import deal_table
from portal.config import at_home
from portal.demo.cast import LABEL
from portal.demo.market import BATCH, INSTRUMENT, market
from portal.demo.telling import seed
from portal.home.opening import open_record


def test_days_of_trades_and_quiet_ones_reconcile(tmp_path: Path) -> None:
    settings = at_home(tmp_path)
    seed(settings, lambda line: None)
    record = open_record(settings)
    with closing(record.database.connect()) as connection:
        deals = connection.execute(select(deal_table)).mappings().all()
        told = select(day_table).where(day_table.c.instrument == INSTRUMENT)
        days = connection.execute(told.order_by("date")).mappings().all()
        figures = identity(connection, BATCH)
    record.database.dispose()
    assert len({side for deal in deals for side in (deal["buyer"], deal["seller"])}) >= 4
    # (1,200 × 61.50 + 700 × 62.00) / 1,900 = 61.684…; 62.60; 62.50
    quiet = [6_168] * 4  # a day without trades closes where the last one did
    listed = [day["close_fen"] for day in days if day["method"] == "10"]
    assert listed == [6_168, *quiet, 6_260, 6_250, 6_250]
    large = {day["method"]: (day["volume"], day["turnover_fen"]) for day in days[-3:]}
    # 400 at 61.80: 200 whole, then 350 asked for 200: 250/350 and 100/350 of it in lots of 10
    assert (large["21"], large["20"]) == ((400, 400 * 6_180), (200, 200 * 6_100))
    awarded = sorted(deal["quantity"] for deal in deals if deal["method"] == "21")
    assert awarded == [60, 140, 200]
    bought = 200 + 100 + 100 + 150 + 400 + 200  # of the last three days, not yet sellable
    assert (figures["difference"], figures["trading_bought"], figures["trading_frozen"]) == (
        0,
        bought,
        0,
    )


def test_every_seeded_figure_is_labelled() -> None:
    for step in market():
        told = [step.body[n] for n in ("reference_source", "source", "document") if n in step.body]
        assert all(LABEL in text for text in told)
