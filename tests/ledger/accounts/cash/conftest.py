"""A ledger with two traders and no cash yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.scene import Scene, scene


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """``owner`` and ``buyer`` are enterprises, ``vvb1`` and ``vvb2`` verifiers."""
    with scene(home, vacant_database_url) as opened:
        opened.cast()
        yield opened
