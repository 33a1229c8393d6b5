"""An initialised home for the tests that write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.imports.recording import ORIGIN, run


@pytest.fixture
def ledger_home(home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a new ledger, both named by the environment."""
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    monkeypatch.setenv("QINGZHANG_DATABASE_URL", database_url)
    run("init", "--origin", ORIGIN)
    return home
