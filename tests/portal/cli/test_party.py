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
from portal.home.opening import init_ledger
from tests.factories.claims import COURT, freeze, pledge
from tests.factories.scene import OFFICERS, ORIGIN, Scene, SteppingClock, scene


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


@pytest.fixture
def claimed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """900 units, 800 of them pledged, 340 frozen behind that, of which 40 were lifted again."""
    with scene(home, None) as stage:
        stage.issue(900)
        pledge(stage, 800)
        lifted = {"freeze": freeze(stage, 340), "quantity": 40, **COURT}
        stage.do("registrar", "freeze.lift", lifted, *OFFICERS)
    monkeypatch.setenv("QINGZHANG_HOME", str(home))


def listed(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["party", "list", *arguments])


@pytest.mark.usefixtures("claimed")
def test_what_is_a_partys_own_is_listed_with_what_it_holds() -> None:
    (found,) = json.loads(listed("owner", "freezes", "--json").stdout)
    assert (found["held"], found["waiting"], found["rank"]) == (100, 200, 2)
    assert (found["ordered"], found["executed"], found["lifted"]) == (340, 0, 40)
    (found,) = json.loads(listed("bank", "pledges", "--state", "registered", "--json").stdout)
    assert (found["held"], found["waiting"], "salt" in found) == (800, 0, False)
    assert listed("bank", "pledges", "--ids").stdout == f"{found['pledge']}\n"
    assert "held 800  waiting 0" in listed("bank", "pledges").stdout
    assert listed("buyer", "pledges").stdout == "\n"


@pytest.mark.usefixtures("claimed")
def test_a_sort_or_a_state_that_is_not_known_is_refused_with_those_that_are() -> None:
    answer = listed("owner", "nothing")
    assert (answer.exit_code, "'pledges'" in answer.stderr) == (2, True)
    answer = listed("owner", "pledges", "--state", "gone")
    assert (answer.exit_code, "registered" in answer.stderr) == (1, True)
    answer = listed("owner", "deals", "--state", "gone")
    assert answer.exit_code == 1


@pytest.mark.usefixtures("claimed")
def test_nobody_has_no_list() -> None:
    answer = listed("nobody", "pledges")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "party-unknown" in answer.stderr
