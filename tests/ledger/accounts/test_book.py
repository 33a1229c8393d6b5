"""The book of an account: every movement once, in order, and sums that meet what is held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.accounts.book import Book, book
from ledger.accounts.models import BUCKETS
from tests.factories.audits import a_busy_day
from tests.factories.scene import Scene, scene

BATCH = "ZJ_FS-R1-2024"
DAY_MS = 86_400_000
EVER = 1 << 52


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    with scene(home, vacant_database_url) as opened:
        a_busy_day(opened)
        yield opened


def of(
    stage: Scene, account: str, since: int = 0, until: int = EVER, asset: str | None = None
) -> Book:
    record = stage.ledger.record
    with record.reading() as connection:
        return book(connection, record.head(connection).size, account, since, until, asset)


def told(found: Book) -> list[tuple[str, dict[str, int], dict[str, int]]]:
    """Type, change, and what is held after it, without zeros."""
    return [
        (line.type, line.change, {name: held for name, held in after.items() if held})
        for line, after in found.lines()
    ]


def test_each_movement_stands_once_with_what_is_held_after_it(stage: Scene) -> None:
    found = of(stage, "owner/registry")
    assert found.opening == {BATCH: dict.fromkeys(BUCKETS, 0)}
    assert told(found) == [
        ("credit.issue", {"available": 900}, {"available": 900}),
        (
            "credit.transfer",
            {"available": -100, "in_transfer": 100},
            {"available": 800, "in_transfer": 100},
        ),
        ("credit.accept", {"in_transfer": -100}, {"available": 800}),
        (
            "credit.transfer",
            {"available": -100, "in_transfer": 100},
            {"available": 700, "in_transfer": 100},
        ),
    ]
    assert found.closing[BATCH] == {
        **dict.fromkeys(BUCKETS, 0),
        "available": 700,
        "in_transfer": 100,
    }


def test_what_is_refused_moves_nothing_and_cash_stands_apart_from_units(stage: Scene) -> None:
    assert told(of(stage, "buyer/registry")) == [
        ("credit.accept", {"available": 100}, {"available": 100}),
        ("credit.retire", {"available": -7}, {"available": 93}),
    ]
    assert [line.asset for line in of(stage, "buyer/trading").movements] == ["CNY"]


def test_a_confidential_statement_of_somebody_else_is_not_named(stage: Scene) -> None:
    issued, proposed, accepted, _ = of(stage, "owner/registry").movements
    assert issued.author == "registrar"  # its leaf shows it to everybody
    assert (proposed.author, proposed.statement is None) == ("owner", False)
    assert (accepted.author, accepted.statement) == (None, None)


def test_a_span_opens_and_closes_with_what_was_held_then(stage: Scene) -> None:
    before = stage.clock.time
    stage.clock.time += DAY_MS
    body = {"batch": BATCH, "quantity": 3, "purpose": "public-good", "beneficiary": "公众"}
    stage.do("buyer", "credit.retire", body, "a", "b")
    stage.clock.time += DAY_MS
    stage.do("buyer", "credit.retire", body, "a", "b")
    middle = of(stage, "buyer/registry", before + DAY_MS, before + 2 * DAY_MS)
    assert told(middle) == [("credit.retire", {"available": -3}, {"available": 90})]
    assert (middle.opening[BATCH]["available"], middle.closing[BATCH]["available"]) == (93, 90)
    quiet = of(stage, "buyer/registry", before + DAY_MS + 1, before + 2 * DAY_MS)
    assert (quiet.movements, quiet.opening) == ((), quiet.closing)
    assert quiet.closing[BATCH]["available"] == 90
    later = of(stage, "buyer/registry", before + 3 * DAY_MS)
    assert (later.movements, later.closing[BATCH]["available"]) == ((), 87)


def test_one_asset_may_be_asked_for_alone(stage: Scene) -> None:
    assert told(of(stage, "buyer/registry", asset="CNY")) == []
    assert len(told(of(stage, "buyer/registry", asset=BATCH))) == 2


def test_an_account_that_never_moved_has_an_empty_book(stage: Scene) -> None:
    found = of(stage, "nobody/registry")
    assert (found.opening, found.movements, found.closing) == ({}, (), {})
