"""Facts are stated by who may, once, and corrected in the open."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.facts.models import fact_table, private_fact_table
from ledger.facts.queries import history, known, newest_end
from ledger.writer.store import read_head
from tests.factories.facts import (
    LAST_MONTH,
    REGULATOR,
    define,
    indicator,
    observation,
    regional,
    regional_observation,
)
from tests.factories.scene import ORIGIN, Scene


@pytest.fixture
def desk(stage: Scene) -> Scene:
    """Two indicators, one confidential and one public, and parties to speak of."""
    stage.cast()
    define(stage, indicator(), regional())
    return stage


def size(stage: Scene) -> int:
    with stage.ledger.record.reading() as connection:
        head = read_head(connection, ORIGIN)
    assert head is not None
    return head.size


def stated(stage: Scene, at: int, **only: str) -> list[tuple[str, int]]:
    """What was known at a size: each author with its value."""
    with stage.ledger.record.reading() as connection:
        rows = known(connection, ["discharge.mass"], *LAST_MONTH.values(), at, **only)
    return [(row["party"], row["value"]) for row in rows]


def test_a_fact_keeps_who_said_what_of_whom_in_which_role(desk: Scene) -> None:
    desk.do("owner", "fact.report", observation(), "a")
    (row,) = desk.rows(private_fact_table)
    assert row["fact"] == str(row["index"]) == row["first"]
    assert (row["party"], row["role"], row["subject"]) == ("owner", "enterprise", "owner")
    assert (row["value"], row["scale"], row["unit"]) == (950, 1, "kg")
    assert row["dimensions"] == [["outlet", "A"]]
    assert (row["corrects"], row["until"]) == (None, None)
    assert desk.rows(fact_table) == []


def test_a_second_statement_of_one_thing_must_name_the_first(desk: Scene) -> None:
    desk.do("owner", "fact.report", observation(), "a")
    again = observation(value=960)
    assert desk.refused("owner", "fact.report", again, "a") == "fact-stated"
    desk.do("regulator", "fact.report", again, *REGULATOR)  # another voice may differ
    before = size(desk)
    (first, _) = desk.rows(private_fact_table)
    desk.do("owner", "fact.report", {**again, "corrects": first["fact"]}, "a")
    after = size(desk)
    assert sorted(stated(desk, before)) == [("owner", 950), ("regulator", 960)]
    assert sorted(stated(desk, after)) == [("owner", 960), ("regulator", 960)]
    assert stated(desk, first["index"]) == []
    assert stated(desk, after, subject="buyer") == []


def test_a_corrected_fact_cannot_be_corrected_again(desk: Scene) -> None:
    desk.do("owner", "fact.report", observation(), "a")
    (first,) = desk.rows(private_fact_table)
    fix = observation(value=1, corrects=first["fact"])
    desk.do("owner", "fact.report", fix, "a")
    assert desk.refused("owner", "fact.report", {**fix, "value": 2}, "a") == "fact-corrected"


def test_a_correction_may_move_a_fact_to_what_is_free_and_not_to_what_is_taken(
    desk: Scene,
) -> None:
    other = [{"name": "outlet", "value": "B"}]
    desk.do("owner", "fact.report", observation(), "a")
    desk.do("owner", "fact.report", observation(dimensions=other, value=7), "a")
    first = min(desk.rows(private_fact_table), key=lambda row: row["index"])
    moved = observation(dimensions=other, corrects=first["fact"])
    assert desk.refused("owner", "fact.report", moved, "a") == "fact-stated"
    free = [{"name": "outlet", "value": "C"}]
    desk.do("owner", "fact.report", {**moved, "dimensions": free}, "a")
    assert stated(desk, size(desk)) == [("owner", 950), ("owner", 7)]  # as first stated


def test_nobody_corrects_or_learns_of_what_another_said(desk: Scene) -> None:
    desk.do("owner", "fact.report", observation(), "a")
    (first,) = desk.rows(private_fact_table)
    theirs = observation(subject="owner", corrects=first["fact"])
    codes = {
        desk.refused("regulator", "fact.report", theirs, *REGULATOR),
        desk.refused("regulator", "fact.report", {**theirs, "corrects": "9"}, *REGULATOR),
    }
    assert codes == {"fact-unknown"}


def test_a_public_correction_shows_its_whole_line(desk: Scene) -> None:
    desk.do("regulator", "fact.publish", regional_observation(), *REGULATOR)
    (first,) = desk.rows(fact_table)
    fix = regional_observation(value=40_000_000, corrects=first["fact"])
    desk.do("regulator", "fact.publish", fix, *REGULATOR)
    newest = max(desk.rows(fact_table), key=lambda row: row["index"])
    with desk.ledger.record.reading() as connection:
        line = history(connection, newest)
        end = newest_end(connection, ["region.co2"], size(desk), "2025-12-31")
        earlier = newest_end(connection, ["region.co2"], size(desk), "2024-12-30")
    assert [row["value"] for row in line] == [39_960_000, 40_000_000]
    assert line[0]["until"] == newest["index"]
    assert (end, earlier) == ("2024-12-31", None)


def test_many_facts_travel_under_one_signature(desk: Scene) -> None:
    operations = [
        {"type": "fact.report", "body": observation(dimensions=[{"name": "outlet", "value": o}])}
        for o in "AB"
    ]
    desk.do("owner", "batch", {"operations": operations}, "a")
    rows = desk.rows(private_fact_table)
    assert [row["fact"].partition("/")[2] for row in rows] == ["0", "1"]
    twice = {"operations": [operations[0], operations[0]]}
    assert desk.refused("owner", "batch", twice, "a") == "operation-refused"


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("indicator-unknown", {"indicator": "discharge.other"}),
    ("subject-other", {"subject": "buyer"}),
    ("unit-differs", {"unit": "t"}),
    ("period-differs", {"start": "2025-12-02"}),
    ("period-not-over", {"start": "2026-01-01", "end": "2026-01-31"}),
    ("dimensions-differ", {"dimensions": []}),
    ("dimensions-differ", {"dimensions": [{"name": "stack", "value": "A"}]}),
    ("fact-unknown", {"corrects": "0"}),
]


@pytest.mark.parametrize(("code", "change"), REFUSED)
def test_what_breaks_a_rule_is_refused(desk: Scene, code: str, change: dict[str, Any]) -> None:
    assert desk.refused("owner", "fact.report", observation(**change), "a") == code


def test_a_correction_keeps_to_its_subject(desk: Scene) -> None:
    desk.do("regulator", "fact.report", observation(), *REGULATOR)
    (first,) = desk.rows(private_fact_table)
    other = observation(subject="buyer", corrects=first["fact"])
    assert desk.refused("regulator", "fact.report", other, *REGULATOR) == "fact-subject-differs"


def test_an_indicator_says_who_may_state_it_in_which_circle_and_of_whom(desk: Scene) -> None:
    region = regional_observation()
    assert desk.refused("owner", "fact.publish", region, "a", "b") == "role-not-allowed"
    assert desk.refused("vvb1", "fact.report", observation(), "a") == "role-not-allowed"
    assert desk.refused("owner", "fact.publish", observation(), "a", "b") == "indicator-circle"
    assert desk.refused("regulator", "fact.report", region, *REGULATOR) == "indicator-circle"
    nobody = observation(subject="nobody")
    assert desk.refused("regulator", "fact.report", nobody, *REGULATOR) == "party-unknown"
    nowhere = regional_observation("339900")
    assert desk.refused("regulator", "fact.publish", nowhere, *REGULATOR) == "region-unknown"
    assert desk.refused("regulator", "fact.publish", region, REGULATOR[0]) == "four-eyes"


def test_an_indicator_is_defined_once_and_by_the_regulator(desk: Scene) -> None:
    def refused(**change: Any) -> str:
        return desk.refused("regulator", "indicator.define", indicator(**change), *REGULATOR)

    assert refused() == "indicator-exists"
    assert refused(name="market.close") == "indicator-reserved"
    assert refused(name="x", publishers=["regulator", "regulator"]) == "list-repeats"
    assert refused(name="x", dimensions=["a", "a"]) == "list-repeats"
    body = indicator("x")
    assert desk.refused("owner", "indicator.define", body, "a", "b") == "role-not-allowed"


def test_a_writer_that_has_forgotten_everything_still_refuses_a_second(desk: Scene) -> None:
    desk.do("owner", "fact.report", observation(), "a")
    desk.do("regulator", "fact.publish", regional_observation(), *REGULATOR)
    desk.ledger.writer._state.drop()
    assert desk.refused("owner", "fact.report", observation(value=1), "a") == "fact-stated"
    again = regional_observation(value=1)
    assert desk.refused("regulator", "fact.publish", again, *REGULATOR) == "fact-stated"
