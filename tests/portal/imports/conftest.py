"""An initialised home for the tests that write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.imports.recording import ORIGIN, run


@pytest.fixture
def ledger_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a new ledger, named by the environment."""
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    run("init", "--origin", ORIGIN)
    return home
