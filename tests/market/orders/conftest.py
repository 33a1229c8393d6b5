"""A pit on the database under test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.orders import Pit
from tests.factories.scene import scene


@pytest.fixture
def pit(home: Path, vacant_database_url: str) -> Iterator[Pit]:
    """A ledger with an open session of a venue that matches continuously."""
    with scene(home, vacant_database_url) as stage:
        floor = Pit(stage)
        floor.set_up()
        yield floor
