"""Our own figures count accepted statements that the log holds, and every stage of their way."""

from __future__ import annotations

from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from ledger.writer.turn import Turn
from portal.bench import movers
from portal.bench.movers import MOVERS, moves, seeded
from portal.bench.ours import Volume, Work, measured, prepared, staged
from portal.bench.stages import STAGES, Timer
from portal.config import Settings
from portal.home import submit
from portal.home.opening import open_ledger

TINY = Volume(singles=64, bulks=2, batches=2, lines=10)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return seeded(tmp_path / "bench", database_url)


def test_every_kind_of_work_is_measured(settings: Settings) -> None:
    work = prepared(TINY)
    rows = measured("here", settings, work, 60)
    assert [row["name"] for row in rows] == [
        f"{kind}, {where}, here"
        for where in ("spread", "hot")
        for kind in ("single", "bulk", "batch")
    ]
    assert all(row["per_second"] > 0 for row in rows)
    with closing(open_ledger(settings)) as ledger, ledger.record.reading() as connection:
        # genesis, admissions with two verifiers, seven statements a project, then the work
        seed = 1 + MOVERS + 2 + 7 * MOVERS
        assert ledger.record.head(connection).size == seed + 2 * (64 + 20 + 2)


@pytest.mark.parametrize("fault", ["said before", "refused", "forged"])
def test_what_is_not_accepted_ends_the_measurement(settings: Settings, fault: str) -> None:
    one, two = moves(2)
    said = {
        "said before": [one, one],
        "refused": [refused()],
        "forged": [two.replace(b'"sig":"', b'"sig":"AAAA', 1)],
    }[fault]
    with pytest.raises(RuntimeError, match="single"):
        measured("here", settings, [Work("single", [[one] for one in said], 1, 1)], 60)


def refused() -> bytes:
    """A move of more than its author holds."""
    body = {"batch": "ZJ_FS-MR0-2024", "quantity": movers.QUANTITY + 1, "to": "trading"}
    return movers.signed(movers.NAMES[0], "credit.move", body, [movers.KEY])


def test_answers_without_entries_are_noticed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.bench.ours._size", lambda ledger: 7)
    with pytest.raises(RuntimeError, match="2 answers, 0 entries"):
        measured("here", settings, [Work("single", [[one] for one in moves(2)], 1, 1)], 60)


def test_each_stage_takes_its_share_and_is_left_as_it_was(settings: Settings) -> None:
    """By a clock that goes on whenever it is asked, so that a share tells how often a part ran.

    A stage that took less than half a thousandth of a loaded machine's time would be told as none.
    """
    before = (submit.parse_submission, Turn._one)
    shares = staged(settings, 64, 10, count().__next__)
    assert set(shares) == {"single", "bulk", "batch"}
    for share in shares.values():
        assert set(share) == set(STAGES)
        assert 990 <= sum(share.values()) <= 1010
    assert all(shares["single"][stage] > 0 for stage in STAGES)
    assert (submit.parse_submission, Turn._one) == before


def test_time_in_an_inner_part_counts_once() -> None:
    ticks = iter((0.0, 1.0, 4.0, 6.0))  # outer from 0 to 6, inner from 1 to 4
    timer = Timer(ticks.__next__)
    inner = timer.timed("commit", lambda: 5)
    assert timer.timed("write", inner)() == 5
    assert (timer.seconds["write"], timer.seconds["commit"]) == (3.0, 3.0)
    assert timer.shares()["commit"] == 500
