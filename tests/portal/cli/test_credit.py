"""A retirement previewed by shell: decided, told, and not made."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from portal.config import at_home
from portal.home.opening import init_ledger
from tests.factories.scene import ORIGIN, Scene, SteppingClock

BATCH = "ZJ_FS-R1-2024"


@pytest.fixture
def held(home: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A closed ledger with 900 credits; gives its size."""
    settings = at_home(home)
    with closing(init_ledger(settings, ORIGIN, SteppingClock(), os.urandom)) as ledger:
        Scene(ledger, SteppingClock(), settings.keys).issue(900)
        with ledger.record.reading() as connection:
            size = ledger.record.head(connection).size
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    return size


def preview(quantity: int, *more: str, purpose: str = "public-good") -> Result:
    asked = ["credit", "preview", BATCH, str(quantity), "--party", "owner", "--json"]
    asked += ["--beneficiary", "甲", "--purpose", purpose, *more]
    return CliRunner().invoke(main, asked)


def test_a_preview_tells_what_goes_and_that_it_cannot_be_undone(held: int) -> None:
    result = preview(5)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["serials"], told["left"], told["size"]) == ([f"{BATCH}-1-5"], 895, held)
    assert "不可撤销" in told["notice"]
    assert "cannot be undone" in told["notice"]
    assert json.loads(preview(5).stdout)["size"] == held


def test_a_preview_that_is_refused_leaves_with_one(held: int) -> None:
    for result, code in (
        (preview(901), "balance-short"),
        (preview(5, purpose="offset-national"), "class-not-for-national-market"),
        (preview(5, "--uscc", "9" * 18), "uscc-invalid"),
        (preview(5, "--consent", "0" * 64), "beneficiary-not-masked"),
    ):
        assert (result.exit_code, code in result.stderr) == (1, True), result.output
        assert json.loads(result.stdout)["outcome"]["code"] == code
