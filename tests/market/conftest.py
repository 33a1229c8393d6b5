"""A trading floor on the database under test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.market import Floor
from tests.factories.scene import scene


@pytest.fixture
def floor(home: Path, vacant_database_url: str) -> Iterator[Floor]:
    """A new ledger whose exchange has not begun."""
    with scene(home, vacant_database_url) as stage:
        yield Floor(stage)
