"""What an order outside of hours is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.parties.parameters import midnight
from ledger.writer.versions import HOURS_TOLD
from tests.factories.market import TODAY, Floor
from tests.factories.scene import scene

NOON = 12 * 60 + 4
HOURS = {"time": "12:04", "hours": "09:30-11:30,13:00-15:00"}


@pytest.mark.parametrize(("version", "more"), [(HOURS_TOLD, HOURS), (HOURS_TOLD - 1, {})])
def test_who_comes_outside_of_hours_is_told_the_time_and_the_hours(
    home: Path, version: int, more: dict[str, Any]
) -> None:
    with scene(home, None, version) as stage:
        floor = Floor(stage)
        floor.prepare()
        stage.clock.time = midnight(TODAY) + NOON * 60_000
        reply = stage.say("owner", "listing.place", floor.order(7_000, 1), "a")
    assert reply.answer["code"] == "outside-hours"
    assert reply.answer["params"] == {"venue": "zhejiang", "minute": NOON, **more}
