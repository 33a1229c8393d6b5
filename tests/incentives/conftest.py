"""A stage for the policy on the record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.scene import Scene, scene


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """A new ledger on the database under test, open for writing."""
    with scene(home, vacant_database_url) as opened:
        yield opened


@pytest.fixture
def old_stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """A ledger that began with the first engine version, open for writing with this software."""
    with scene(home, vacant_database_url, 1) as opened:
        yield opened
