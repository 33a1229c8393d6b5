"""``qingzhang market watch``: what looks odd, from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli import main
from tests.factories.market import Floor
from tests.factories.oversight import limit
from tests.factories.scene import scene


@pytest.fixture
def odd(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Units go to and fro between owner and buyer."""
    with scene(home, None) as stage:
        floor = Floor(stage)
        floor.prepare()
        floor.rule("FS.10.holding-sessions", "0", "2025-12-31")
        limit(floor, "surveillance.wash.quantity", "100")
        floor.take(floor.place(7_000, 100), 100)
        floor.pay_in("owner", 1_000_000)
        floor.take(floor.place(7_000, 100, "buyer"), 100, "owner")
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    return home


def told(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["market", "watch", *words])
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.usefixtures("odd")
def test_each_detector_is_counted_and_each_finding_told() -> None:
    text = told()
    assert "wash      1    Wash trades" in text and "ring      0    Circular trades" in text
    assert "wash FS buyer, owner: turned over (credits) 200, net change (credits) 0" in text
    assert "not on the record" in text
    assert "wash      0" in told("--to", "2025-12-31")


@pytest.mark.usefixtures("odd")
def test_as_json_and_as_of_a_size() -> None:
    found = json.loads(told("--json", "--from", "2026-01-01"))
    (item,) = found["items"]
    assert item["detector"] == "wash"
    before = json.loads(told("--json", "--known-at", str(item["entries"][1])))
    assert before["items"] == []


@pytest.mark.usefixtures("odd")
def test_days_in_the_wrong_order_and_a_size_that_is_not_reached() -> None:
    told("--from", "2026-01-02", "--to", "2026-01-01", code=2)
    told("--known-at", "100000", code=1)


@pytest.mark.usefixtures("odd")
def test_the_ends_of_the_calendar_are_days_like_others() -> None:
    assert "wash      1" in told("--from", "0001-01-01", "--to", "9999-12-31")
    nothing = told("--to", "0001-01-01")  # not even a threshold was in force
    assert "no entries" in nothing and "wash      off" in nothing
