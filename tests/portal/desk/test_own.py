"""The newest of a collection: in the order of the log, however their names sort."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.desk.own import latest
from tests.factories.scene import Scene, scene


@pytest.fixture
def stage(home: Path) -> Iterator[Scene]:
    with scene(home, None) as opened:
        opened.cast()
        yield opened


def give(stage: Scene, until: str) -> str:
    body = {"reader": "bank", "purpose": "financing", "scope": ["accounts"], "until": until}
    return stage.do("owner", "consent.give", body, "a")


def test_the_last_entry_comes_first_and_more_is_said(stage: Scene) -> None:
    given = [give(stage, f"2026-01-0{n}") for n in (1, 2, 3)]
    with stage.ledger.record.reading() as connection:
        rows, more = latest(connection, "consents", "owner", 2)
        assert ([row["consent"] for row in rows], more) == (given[:0:-1], True)
        rows, more = latest(connection, "consents", "owner", 3)
        assert ([row["consent"] for row in rows], more) == (given[::-1], False)
        assert all("salt" not in row for row in rows)
        assert latest(connection, "consents", "buyer", 3) == ([], False)
