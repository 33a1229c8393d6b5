"""Over the record a rule is put as its text stood, to parties where they were."""

from __future__ import annotations

from datetime import date

import pytest

from incentives.populating import recorded, standing
from incentives.rules.packaged import rule_text
from incentives.rules.rule import read
from ledger.writer.errors import Refusal
from ledger.writer.store import read_head
from tests.factories.asking import noted
from tests.factories.grants import AWARD_TEXT, ON, desk, size
from tests.factories.policy import RULE, define_discharge, publish_rule, report_month
from tests.factories.scene import OFFICERS, ORIGIN, Scene

PERIOD_END = date(2025, 12, 31)
LATER = rule_text(RULE) + "\n# another text\n"


def stood(stage: Scene, on: date | None = None, rule: str = RULE) -> tuple[str, date]:
    with stage.ledger.record.reading() as connection:
        head = read_head(connection, ORIGIN)
        assert head is not None
        found, day = standing(connection, rule, on, date(2026, 2, 1), head.size)
    return found.digest, day


def test_the_text_is_that_of_the_period_and_not_todays(stage: Scene) -> None:
    stage.cast()
    define_discharge(stage)
    publish_rule(stage)
    report_month(stage)
    publish_rule(stage, text=LATER, valid_from="2026-01-01")
    old, new = read(rule_text(RULE)).digest, read(LATER).digest
    assert stood(stage) == (old, PERIOD_END)
    assert stood(stage, date(2026, 1, 1)) == (new, date(2026, 1, 1))


def test_a_rule_that_did_not_hold_in_the_period_is_not_put_to_it(stage: Scene) -> None:
    stage.cast()
    define_discharge(stage)
    publish_rule(stage, valid_from="2026-01-01")
    report_month(stage)
    with pytest.raises(Refusal) as caught:
        stood(stage)
    assert (caught.value.code, caught.value.params["on"]) == (
        "incentive-rule-unknown",
        PERIOD_END.isoformat(),
    )


def test_without_facts_it_is_todays_and_an_unknown_rule_is_refused(stage: Scene) -> None:
    stage.cast()
    define_discharge(stage)
    publish_rule(stage)
    assert stood(stage)[1] == date(2026, 2, 1)
    with pytest.raises(Refusal, match="incentive-rule-unknown"):
        stood(stage, rule="no-such")


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


def test_those_of_one_region_are_summed_up_and_regions_are_read_together(stage: Scene) -> None:
    stage.cast()
    define_discharge(stage)
    publish_rule(stage)
    report_month(stage)
    report_month(stage, "buyer")
    moved = {"party": "buyer", "region": "330200", "document": "d"}
    stage.do("registrar", "party.change", moved, *OFFICERS)
    law, known_at = read(rule_text(RULE)), size(stage)

    def names(reach: str | None) -> list[str]:
        found, (facts,) = recorded(connection, [law], PERIOD_END, known_at, reach)
        assert facts.count == len(found)
        return [*found.names]

    with stage.ledger.record.reading() as connection, noted(connection) as asked:
        assert names("330100") == ["owner"]
        assert names("330200") == ["buyer"]
        assert names("330300") == []
        assert names("330000") == names(None) == ["buyer", "owner"]
        parties = [sql for sql, _ in asked if "FROM party " in sql]
    assert len(parties) == 5  # one for all parties, each time
