"""The register takes no answer but its own, and finds whom a fallen fact concerns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from incentives.grants import queries
from incentives.onrecord.leaves import answer_digest, leaf, root_of
from incentives.onrecord.models import ANSWER, answer_table, cite_table, review_table
from ledger.facts.models import private_fact_table
from ledger.log.merkle import verify_inclusion
from tests.factories import grants
from tests.factories.facts import FINANCE, REGULATOR
from tests.factories.grants import (
    AWARD,
    AWARD_GOLDEN,
    AWARD_TEXT,
    FEN,
    ON,
    answer_body,
    answered,
    desk,
    recorded,
)
from tests.factories.policy import publish_rule
from tests.factories.scene import OFFICERS, Scene, scene

SALT = "5a" * 16


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("onrecord") / "home", None) as stage:
        desk(stage)
        yield stage


def many(stage: Scene, subjects: list[str], **more: Any) -> dict[str, Any]:
    """The body of answer.record-many, with the root that holds now."""
    at = grants.size(stage)
    found = [answered(stage, subject, at) for subject in subjects]
    return {
        "subjects": subjects,
        "rule": AWARD,
        "as_of": ON,
        "known_at": at,
        "rule_set_sha256": found[0]["rule_set_sha256"],
        "root": root_of([answer_digest(answer) for answer in found], SALT),
        "salt": SALT,
        **more,
    }


def row_of(stage: Scene, name: str) -> dict[str, Any]:
    return next(row for row in stage.rows(answer_table) if row["answer"] == name)


def test_an_answer_that_the_register_gives_too_is_taken_with_what_it_cites(office: Scene) -> None:
    name = recorded(office)
    row = row_of(office, name)
    assert (row["asker"], row["subject"], row["rule"]) == ("owner", "owner", AWARD)
    assert (row["status"], row["amount_fen"]) == ("yes", FEN)
    assert (row["place"], row["count"]) == (0, 1)
    cited = {(c["what"], c["name"]) for c in office.rows(cite_table) if c["answer"] == name}
    (fact,) = office.rows(private_fact_table)
    assert cited == {("rule", str(row["rule_entry"])), ("fact", fact["fact"])}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"answer_sha256": "0" * 64}, "answer-differs"),
        ({"rule_set_sha256": "0" * 64}, "rule-set-differs"),
        ({"known_at": 10**6}, "known-later"),
        ({"known_at": 0}, "party-unknown"),
        ({"rule": "no-such-rule"}, "incentive-rule-unknown"),
        ({"as_of": "2023-12-31"}, "incentive-rule-unknown"),
        ({"as_of": "2025-11-30"}, "answer-differs"),
        ({"subject": "buyer"}, "subject-other"),
        ({"credits": [{"batch": "none", "first": 1, "last": 1}]}, "batch-unknown"),
        (
            {"credits": [{"batch": "ZJ_FS-R1-2024", "first": 1, "last": 901}]},
            "serials-outside-batch",
        ),
        (
            {"credits": [{"batch": "ZJ_FS-R1-2024", "first": 2, "last": 1}]},
            "serials-outside-batch",
        ),
    ],
)
def test_another_answer_is_refused(office: Scene, change: dict[str, Any], code: str) -> None:
    body = {**answer_body(office), **change}
    assert office.refused("owner", "answer.record", body, "a") == code


def test_a_bureau_may_ask_about_everybody(office: Scene) -> None:
    body = answer_body(office)
    name = office.do("finance", "answer.record", body, FINANCE[0])
    assert (row_of(office, name)["asker"], row_of(office, name)["subject"]) == ("finance", "owner")
    assert office.refused("vvb1", "answer.record", body, "a") == "role-not-allowed"


def test_many_answers_lie_under_one_root_and_each_can_be_shown_alone(office: Scene) -> None:
    subjects = ["owner", "buyer", "vvb1"]
    body = many(office, subjects)
    name = office.do("finance", "answer.record-many", body, FINANCE[0])
    rows = [row_of(office, f"{name}/{place}") for place in range(3)]
    assert [row["subject"] for row in rows] == subjects
    assert [row["status"] for row in rows] == ["yes", "missing", "missing"]
    for place, row in enumerate(rows):
        with office.ledger.record.reading() as connection:
            told = queries.answer(connection, f"{name}/{place}", row["subject"])
            assert queries.answer(connection, f"{name}/{place}", "county") is None
        assert told is not None
        path = [bytes.fromhex(node) for node in told["path"]]
        mine = leaf(row["answer_sha256"], row["leaf_salt"])
        verify_inclusion(place, 3, mine, path, bytes.fromhex(row["root"]))
    assert len({row["leaf_salt"] for row in rows} | {row["salt"] for row in rows}) == 6


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"root": "0" * 64}, "answers-differ"),
        ({"salt": "5b" * 16}, "answers-differ"),
        ({"subjects": ["buyer", "owner"]}, "answers-differ"),
        ({"subjects": ["owner", "owner"]}, "list-repeats"),
        ({"subjects": ["owner", "nobody"]}, "party-unknown"),
    ],
)
def test_another_root_is_refused(office: Scene, change: dict[str, Any], code: str) -> None:
    body = {**many(office, ["owner", "buyer"]), **change}
    assert office.refused("regulator", "answer.record-many", body, REGULATOR[0]) == code


def test_an_answer_concerns_its_asker_and_its_subject_alone(office: Scene) -> None:
    name = office.do("finance", "answer.record", answer_body(office), FINANCE[0])
    row = row_of(office, name)
    assert ANSWER.parties is not None
    assert ANSWER.parties(row) == ("finance", "owner")


def test_a_corrected_fact_puts_the_question_again(stage: Scene) -> None:
    desk(stage)
    own, bureaus = recorded(stage), many(stage, ["owner", "buyer"])
    bulk = stage.do("finance", "answer.record-many", bureaus, FINANCE[0])
    (fact,) = stage.rows(private_fact_table)
    stage.do("owner", "fact.report", grants.measured(99, corrects=fact["fact"]), "a")
    grants.tick(stage)
    rows = stage.rows(review_table)
    assert {row["answer"] for row in rows} == {own, f"{bulk}/0"}
    assert {(row["state"], row["status"], row["amount_fen"]) for row in rows} == {
        ("changed", "no", 0)
    }
    (second,) = [row for row in stage.rows(private_fact_table) if row["until"] is None]
    assert {row["cause"] for row in rows} == {second["index"]}


def test_a_correction_that_changes_nothing_leaves_the_answer(stage: Scene) -> None:
    desk(stage)
    name = recorded(stage)
    (fact,) = stage.rows(private_fact_table)
    same = grants.measured(100, corrects=fact["fact"], source="read again")
    stage.do("owner", "fact.report", same, "a")
    grants.tick(stage)
    (row,) = stage.rows(review_table)
    assert (row["answer"], row["state"], row["amount_fen"]) == (name, "same", FEN)


def correct(stage: Scene, area: int) -> int:
    """The owner corrects its standing fact; gives the entry."""
    (fact,) = [row for row in stage.rows(private_fact_table) if row["until"] is None]
    body = grants.measured(area, corrects=fact["fact"])
    stage.do("owner", "fact.report", body, "a")
    return max(int(row["index"]) for row in stage.rows(private_fact_table))


def test_every_correction_of_a_fact_is_noticed_however_often_it_was_corrected(
    stage: Scene,
) -> None:
    desk(stage)
    recorded(stage)
    correct(stage, 100)
    last = correct(stage, 99)
    grants.tick(stage)
    found = {row["cause"]: row["state"] for row in stage.rows(review_table)}
    assert found[last] == "changed"
    assert sorted(found.values()) == ["changed", "same"]


def test_a_fact_that_fell_before_it_was_cited_is_asked_again_too(stage: Scene) -> None:
    desk(stage)
    stale = answer_body(stage)
    cause = correct(stage, 99)
    correct(stage, 98)
    name = stage.do("owner", "answer.record", stale, "a")
    assert grants.refused_application(stage, name) == "answer-fell"
    (row,) = stage.rows(review_table)
    assert (row["answer"], row["cause"], row["state"]) == (name, cause, "changed")


def test_an_old_answer_that_would_be_the_same_today_is_ground_enough(stage: Scene) -> None:
    desk(stage)
    stale = answer_body(stage)
    correct(stage, 100)
    grants.apply(stage, stage.do("owner", "answer.record", stale, "a"))


def test_a_party_that_moved_is_asked_again_where_it_was(stage: Scene) -> None:
    """A correction that changes nothing is no ground, wherever the party has gone since."""
    desk(stage)
    text = AWARD_TEXT.replace('region: "330000"', 'region: "330100"')
    publish_rule(stage, text=text, golden=AWARD_GOLDEN, valid_from="2024-01-01")
    recorded(stage)
    moved = {"party": "owner", "region": "330200", "document": "d"}
    stage.do("registrar", "party.change", moved, *OFFICERS)
    correct(stage, 100)
    grants.tick(stage)
    (row,) = stage.rows(review_table)
    assert (row["state"], row["status"], row["amount_fen"]) == ("same", "yes", FEN)


LARGE = 9 * 10**15
"""A fact that can be stated, and 16,926 times which cannot."""


def test_an_amount_that_cannot_be_written_is_refused_with_its_reason(stage: Scene) -> None:
    desk(stage, area=LARGE)
    (told,) = answered(stage, "owner")["answers"]
    most = 2**53 - 1
    assert (told["status"], told["amount_fen"]) == ("refused", None)
    assert told["reason"] == {"code": "amount-too-large", "most": most}
    row = row_of(stage, recorded(stage))
    assert (row["status"], row["amount_fen"]) == ("refused", None)


def test_a_correction_beyond_what_can_be_written_is_reviewed(stage: Scene) -> None:
    desk(stage)
    recorded(stage)
    correct(stage, LARGE)
    grants.tick(stage)
    (row,) = stage.rows(review_table)
    assert (row["state"], row["status"], row["amount_fen"]) == ("changed", "refused", None)


def test_an_answer_comes_again_after_its_party_has_moved(stage: Scene) -> None:
    """Out of the city whose rule it is, and home again."""
    desk(stage)
    text = AWARD_TEXT.replace('region: "330000"', 'region: "330100"')
    publish_rule(stage, text=text, golden=AWARD_GOLDEN, valid_from="2024-01-01")
    body = answer_body(stage)
    for region in ("330200", "330100"):
        moved = {"party": "owner", "region": region, "document": "d"}
        stage.do("registrar", "party.change", moved, *OFFICERS)
    name = stage.do("owner", "answer.record", body, "a")
    row = row_of(stage, name)
    again = answered(stage, "owner", row["known_at"])
    assert (answer_digest(again), row["status"]) == (row["answer_sha256"], "yes")
    assert answered(stage, "owner", row["known_at"] + 1)["answers"][0]["status"] == "not-in-force"
    assert answered(stage, "owner")["answers"][0]["status"] == "yes"
