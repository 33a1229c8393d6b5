"""The population of the record is that of a log size, also where its parties were then."""

from __future__ import annotations

from datetime import date

from incentives.populating import recorded
from incentives.rules.rule import read
from tests.factories.grants import AWARD_TEXT, ON, desk, size
from tests.factories.scene import OFFICERS, Scene


def regions(stage: Scene, known_at: int) -> dict[str, str]:
    with stage.ledger.record.reading() as connection:
        found, _ = recorded(connection, [read(AWARD_TEXT)], date.fromisoformat(ON), known_at)
    words, codes = found.regions.words, found.regions.codes
    return {name: words[int(code)] for name, code in zip(found.names, codes, strict=True)}


def test_a_party_counts_where_it_was_at_the_log_size(stage: Scene) -> None:
    desk(stage)
    before = size(stage)
    moved = {"party": "owner", "region": "330200", "document": "d"}
    stage.do("registrar", "party.change", moved, *OFFICERS)
    assert regions(stage, before) == {"owner": "330100"}
    assert regions(stage, size(stage)) == {"owner": "330200"}
