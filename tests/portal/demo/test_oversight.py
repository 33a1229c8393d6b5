"""The chapter of supervision: what stands in the end, and how often honest trading alarms."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from ledger.writer.store import read_head
from market.stops.models import bar_table, halt_table
from market.supervision.models import position_duty_table, reserve_day_table
from market.supervision.watch import found_between
from portal.config import at_home
from portal.demo.cast import LABEL
from portal.demo.market import FIRST
from portal.demo.oversight import oversight
from portal.demo.telling import ORIGIN, seed
from portal.home.opening import open_record


def test_the_chapter_ends_as_told_and_the_detectors_stay_calm(tmp_path: Path) -> None:
    settings = at_home(tmp_path)
    seed(settings, lambda line: None)
    record = open_record(settings)
    with closing(record.database.connect()) as connection:
        bars = connection.execute(select(bar_table.c.state)).scalars().all()
        halts = connection.execute(select(halt_table.c.state)).scalars().all()
        (day,) = connection.execute(select(reserve_day_table)).mappings().all()
        asked = set(connection.execute(select(position_duty_table.c.party)).scalars())
        head = read_head(connection, ORIGIN)
        assert head is not None
        watched = found_between(connection, ("2025-01-01", "2026-12-31"), head.size, head)
    record.database.dispose()
    assert (bars, halts) == (["lapsed"], ["resumed"])
    assert FIRST in asked
    # 250 × 62.50 at 0.1 % from each side are 31.26 with each fee rounded; a fifth of it, rounded up
    assert (day["fees_fen"], day["amount_fen"]) == (3_126, 626)
    assert None not in watched["thresholds"].values()
    assert len(watched["items"]) <= 1, watched["items"]


def test_every_seeded_figure_is_labelled() -> None:
    for step in oversight():
        told = [step.body[n] for n in ("source", "document", "reason") if n in step.body]
        assert all(LABEL in text for text in told)
