"""Lists that are kept: held by whoever works on one, the longest waiting next, then forgotten."""

from __future__ import annotations

from dataclasses import replace

from portal.ops.inquiries import HELD_MS, KEPT_MS, Inquiries, Inquiry
from portal.ops.store import Store

MADE = Inquiry("a" * 32, "bank", "b" * 32, "list.csv", "utf-8", "2025-12-31", 9, None, 3, 0, 1)


def test_whoever_works_on_a_list_holds_it_for_a_while(database_url: str) -> None:
    kept = Inquiries(Store(database_url))
    kept.put(MADE, [{"line": 2}], 1)
    assert kept.waiting(1) == MADE
    assert kept.hold(MADE, 1) is True
    assert kept.hold(MADE, HELD_MS) is False
    assert kept.waiting(HELD_MS) is None
    assert kept.hold(MADE, 1 + HELD_MS) is True  # the first is taken for gone
    assert kept.advance(MADE, 1, [{"line": 2}], 5 + HELD_MS) is True
    assert kept.hold(MADE, 5 + HELD_MS) is False  # another part by now
    assert kept.waiting(5 + HELD_MS) == replace(MADE, done=1)
    assert kept.waiting(2 + KEPT_MS) is None
    kept._store.close()


def test_the_list_that_waited_longest_is_next(database_url: str) -> None:
    kept = Inquiries(Store(database_url))
    other = replace(MADE, id="b" * 32, party="owner", created_at=2)
    kept.put(MADE, [{"line": 2}], 1)
    kept.put(other, [{"line": 2}], 2)
    kept.advance(MADE, 1, [{"line": 2}], 3)
    assert kept.waiting(3) == other
    kept.advance(other, 3, [], 4)
    assert kept.waiting(4) == replace(MADE, done=1)
    kept._store.close()


def test_of_two_looks_at_once_one_counts(database_url: str) -> None:
    kept = Inquiries(Store(database_url))
    assert kept.put(MADE, [{"line": 2}], 1) is True
    assert kept.one(MADE.id, "bank", 1) == MADE
    assert kept.advance(MADE, 2, [{"line": 2}, {"line": 3}], 1) is True
    assert kept.advance(MADE, 1, [{"line": 2}], 1) is False
    assert kept.results(MADE.id) == [{"line": 2}, {"line": 3}]
    kept._store.close()


def test_a_list_is_forgotten_after_a_week(database_url: str) -> None:
    kept = Inquiries(Store(database_url))
    kept.put(MADE, [{"line": 2}], 1)
    kept.advance(MADE, 1, [{"line": 2}], 1)
    assert kept.one(MADE.id, "bank", 2 + KEPT_MS) is None
    other = replace(MADE, id="b" * 32, created_at=2 + KEPT_MS)
    kept.put(other, [], 2 + KEPT_MS)
    assert kept.results(MADE.id) == []
    assert kept.of("bank", 2 + KEPT_MS) == [other]
    kept._store.close()
