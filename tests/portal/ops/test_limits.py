"""Limits: quotas by window, shared by processes, and never themselves what fails."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest

from ledger.writer.errors import Unavailable
from portal.ops.counts import take
from portal.ops.limits import DEFAULTS, READ, SESSION, SIGN_IN, WRITE, Counters, Limit, parse_limits
from portal.ops.store import Store

MINUTE_MS = 60_000
NOW = 1_767_225_600_000  # a whole minute


def limits(quota: int) -> dict[str, Limit]:
    return {**DEFAULTS, READ: Limit(quota)}


def served(counters: Counters, who: str, times: int, now: int = NOW) -> int:
    standings = [counters.count(READ, who, now) for _ in range(times)]
    return sum(1 for s in standings if s is not None and s.allowed)


def counters(path: Path, quota: int) -> Counters:
    store = Store(f"sqlite:///{path / 'ops.sqlite'}")
    return Counters(limits(quota), partial(take, store, NOW))


def test_a_quota_is_served_and_no_more(tmp_path: Path) -> None:
    one = counters(tmp_path, 3)
    assert served(one, "a", 5) == 3
    assert served(one, "b", 5) == 3  # each client has its own


def test_the_next_window_begins_anew_and_the_answer_says_when(tmp_path: Path) -> None:
    one = counters(tmp_path, 2)
    first = one.count(READ, "a", NOW + 17_500)
    assert first is not None
    assert (first.left, first.reset_s, first.allowed) == (1, 43, True)
    assert served(one, "a", 3, NOW + 17_500) == 1
    assert served(one, "a", 3, NOW + MINUTE_MS) == 2


def test_processes_and_restarts_count_together(tmp_path: Path) -> None:
    one, two = counters(tmp_path, 10), counters(tmp_path, 10)
    assert served(one, "a", 4) + served(two, "a", 20) == 10
    assert served(counters(tmp_path, 10), "a", 5) == 0


def test_large_quotas_are_taken_in_shares(tmp_path: Path) -> None:
    asked: list[int] = []

    def counting(name: str, end: int, more: int) -> int:
        asked.append(more)
        return sum(asked)

    one = Counters(limits(1_000), counting)
    assert served(one, "a", 1_200) == 1_000
    assert asked == [5] * 200


def test_without_the_store_a_process_counts_alone() -> None:
    def away(name: str, end: int, more: int) -> int:
        raise Unavailable("ops-unavailable")

    assert served(Counters(limits(7), away), "a", 20) == 7


def test_no_quota_is_no_limit(tmp_path: Path) -> None:
    assert counters(tmp_path, 0).count(READ, "a", NOW) is None


def test_limits_are_read_by_name() -> None:
    found = parse_limits("read=10/60,write=5/1,session=0")
    assert (found[READ], found[WRITE], found[SESSION]) == (Limit(10, 60), Limit(5, 1), Limit(0))
    assert found[SIGN_IN] == DEFAULTS[SIGN_IN]
    assert parse_limits("") == DEFAULTS


@pytest.mark.parametrize(
    "text", ["read", "read=", "read=-1/60", "read=1/0", "all=1/60", "read=１/60"]
)
def test_a_limit_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_limits(text)
