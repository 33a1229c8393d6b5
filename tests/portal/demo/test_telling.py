"""The demonstration tells its story the same way every time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import select

from ledger.writer.clock import SystemClock
from ledger.writer.errors import Unavailable
from ledger.writer.tables import log_head, statement
from portal.config import Settings, at_home
from portal.demo.story import story
from portal.demo.telling import seed
from portal.home.opening import init_ledger, open_record


def root(settings: Settings) -> tuple[int, str]:
    record = open_record(settings)
    with record.reading() as connection:
        row = connection.execute(select(log_head)).mappings().one()
    record.database.dispose()
    return row["size"], row["root"]


def scheduled(settings: Settings) -> int:
    """Entries that nobody of the cast stated: commitments, as the days of the story pass."""
    record = open_record(settings)
    with record.reading() as connection:
        parties = list(connection.execute(select(statement.c.party)).scalars())
    record.database.dispose()
    return parties.count("scheduler")


def test_two_tellings_give_one_log(tmp_path: Path) -> None:
    first, second = at_home(tmp_path / "a"), at_home(tmp_path / "b")
    lines: list[str] = []
    seed(first, lines.append)
    seed(second, lines.append)
    told = "\n".join(lines)
    for words in ("询证函回函", "with one digit more it is refused: root-differs", "不可撤销"):
        assert words in told
    size, head = root(first)
    assert (size, head) == root(second)
    assert size - scheduled(first) == 1 + len(story("demo.qingzhang.example/zhejiang"))


def test_telling_again_changes_nothing(tmp_path: Path) -> None:
    settings = at_home(tmp_path)
    first: list[str] = []
    seed(settings, first.append)
    before = root(settings)
    again: list[str] = []
    seed(settings, again.append)
    assert root(settings) == before
    ends = "\nIssued = what became of it:"
    assert again[again.index(ends) :] == first[first.index(ends) :]
    # nor are the units of today told as those of the steps before
    assert any(": issued " in line for line in first[: first.index(ends)])
    assert not any(": issued " in line for line in again[: again.index(ends)])


def test_a_real_ledger_is_left_alone(tmp_path: Path) -> None:
    settings = at_home(tmp_path)
    init_ledger(settings, "real.example/log", SystemClock(), os.urandom).close()
    with pytest.raises(Unavailable, match="ledger-is-real"):
        seed(settings, lambda line: None)


def test_the_story_shows_what_is_refused() -> None:
    told = {step.expect for step in story("demo.qingzhang.example/zhejiang")}
    assert told - {None} == {
        "answer-differs",
        "days-used",
        "one-person-twice",
        "four-eyes",
        "validator-verifies",
        "quantity-not-verified",
        "project-state",
        "signed-before",
        "staff-may-not-trade",
        "class-not-for-national-market",
        "balance-short",
        "withdrawn-above-verified",
        "batch-unknown",
        "payer-other-name",
        "cash-not-reconciled",
        "price-outside-band",
        "quantity-too-large",
        "self-trade",
        "mirror-unit-not-moved",
        "mirror-unit-not-retired",
        "mirror-unit-not-traded",
        "listing-closed",
        "session-closed",
        "role-not-allowed",
        "incentive-rule-unproved",
        "fact-stated",
        "subject-other",
        "allocation-differs",
        "approval-out-of-scope",
        "maker-missing",
        "maker-is-checker",
        "closing-holdings",
        "notice-runs",
        "pledge-forfeiture-void",
        "pledge-term-runs",
        "bid-commitment-differs",
        "quantity-too-small",
        "would-take",
    }
