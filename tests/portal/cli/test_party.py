"""A party by shell: the same dossier as over HTTP."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from portal.config import at_home
from portal.opening import init_ledger
from tests.factories.scene import ORIGIN, Scene, SteppingClock


@pytest.fixture
def written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, clock = at_home(home), SteppingClock()
    with closing(init_ledger(settings, ORIGIN, clock, os.urandom)) as ledger:
        Scene(ledger, clock, settings.keys).admit("vvb", "verifier", 2)
    monkeypatch.setenv("QINGZHANG_HOME", str(home))


def show(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["party", "show", *arguments])


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("options", "standing"), [([], "valid"), (["--on", "2023-12-31"], "not-yet")]
)
def test_a_party_is_shown_as_of_a_day(options: list[str], standing: str) -> None:
    told = json.loads(show("vvb", "--json", *options).stdout)
    assert told["approvals"][0]["standing"] == standing
    assert [row["operator"] for row in told["operators"]] == ["a", "b"]
    assert show("vvb").exit_code == 0


@pytest.mark.usefixtures("written")
def test_a_party_that_is_not_there_is_refused() -> None:
    answer = show("none")
    assert (answer.exit_code, "party-unknown" in answer.stderr) == (1, True)
    assert show("vvb", "--on", "yesterday").exit_code == 2
