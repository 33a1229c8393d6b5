"""Cash in the story: a wrong amount is found by the bank's file, put right, and the next agrees."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from ledger.accounts.cash.models import cash_day_table, correction_table, difference_table
from ledger.accounts.cash.queries import FAULTS, identity
from portal.config import at_home
from portal.demo.market import THIRD
from portal.demo.telling import seed
from portal.home.opening import open_record


def test_a_wrong_amount_is_put_right_and_the_file_of_the_next_day_agrees(tmp_path: Path) -> None:
    settings = at_home(tmp_path)
    seed(settings, lambda line: None)
    record = open_record(settings)
    with closing(record.database.connect()) as connection:
        days = connection.execute(select(cash_day_table)).mappings().all()
        told = select(difference_table).where(difference_table.c.date == "2026-04-15")
        (difference,) = connection.execute(told).mappings().all()
        (correction,) = connection.execute(select(correction_table)).mappings().all()
        figures = identity(connection)
    record.database.dispose()
    # 12,000.00 stated instead of 1,200.00: the file is 10,800.00 below, and so much is put right.
    assert (difference["kind"], difference["difference_fen"]) == ("amount", -10_800_00)
    assert (difference["late_fen"], difference["state"]) == (-10_800_00, "explained")
    assert (correction["party"], correction["state"]) == (THIRD, "posted")
    # 300,000 and 190,000 paid in, 100,200 paid out, 1,200 paid in: on both days, and on both sides.
    closes = {day["date"]: (day["closing_fen"], day["ledger_fen"] + day["late_fen"])
              for day in days}  # fmt: skip
    assert closes["2026-04-15"] == closes["2026-04-16"] == (391_000_00, 391_000_00)
    assert not any(figures[name] for name in FAULTS)
