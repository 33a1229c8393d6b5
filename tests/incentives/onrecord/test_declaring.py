"""An answer on the record may rest on what was declared, and on what the ledger itself knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from incentives.onrecord.declaring import read, written
from incentives.onrecord.leaves import answer_digest
from incentives.onrecord.models import answer_table
from ledger.statements.canonical import encode
from ledger.writer.errors import Refusal
from tests.factories.audits import audited
from tests.factories.grants import answered
from tests.factories.policy import publish_rule
from tests.factories.scene import Scene, scene
from tests.incentives.test_recorded import DECLARED, GOLDEN, TEXT, retire

RULE = "sample-thresholds"
RETIRED = TEXT.replace("    base: {is: issued-quantity, class: ZJ_FS}\n", "")
SAID = {**DECLARED, "base": "900"}
AS_OF = "2026-06-01"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("declaring") / "home", None) as opened:
        opened.issue(900)
        retire(opened, 100)
        publish_rule(opened, text=RETIRED, golden=GOLDEN)
        yield opened


def body(stage: Scene, rule: str = RULE, **more: Any) -> dict[str, Any]:
    found = answered(stage, rule=rule, as_of=AS_OF, declared=SAID)
    return {
        "subject": "owner",
        "rule": rule,
        "as_of": AS_OF,
        "known_at": found["known_at"],
        "rule_set_sha256": found["rule_set_sha256"],
        "answer_sha256": answer_digest(found),
        "declared": written(SAID),
        **more,
    }


def test_what_was_declared_and_what_the_ledger_counts_stand_behind_a_recorded_answer(
    stage: Scene,
) -> None:
    name = stage.do("owner", "answer.record", body(stage), "a")
    row = next(row for row in stage.rows(answer_table) if row["answer"] == name)
    # 200 of 900 and 9 people, so the award is 100 fen for each of the 100 that were retired.
    assert (row["status"], row["amount_fen"]) == ("yes", 10_000)
    assert json.loads(row["declared"]) == SAID
    with stage.ledger.record.reading() as connection:
        assert audited(stage, connection, supervisor=True).faults == []


@pytest.mark.parametrize(
    "declared",
    [None, written({**SAID, "staff": 10}), written({**SAID, "base": "901"})],
)
def test_another_declaration_is_another_answer(stage: Scene, declared: str | None) -> None:
    other = body(stage)
    del other["declared"]
    more = {} if declared is None else {"declared": declared}
    assert stage.refused("owner", "answer.record", {**other, **more}, "a") == "answer-differs"


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("[]", "declared-malformed"),
        ("{}", "declared-malformed"),
        ('{"b":1, "a":2}', "declared-malformed"),
        ('{"staff":1.5}', "declared-malformed"),
        ('{"staff":1,"staff":2}', "declared-malformed"),
        ("not json", "declared-malformed"),
        ('{"stuff":1}', "declared-unknown"),
    ],
)
def test_what_is_no_declaration_for_the_rule_is_refused(
    stage: Scene, declared: str, code: str
) -> None:
    asked = body(stage, declared=declared)
    assert stage.refused("owner", "answer.record", asked, "a") == code


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"share": "1.01"}, "number-out-of-range", "share"),
        ({"staff": -1}, "number-out-of-range", "staff"),
        ({"staff": "9.5"}, "number-not-whole", "staff"),
        ({"staff": "many"}, "number-malformed", "staff"),
        ({"staff": [9]}, "number-malformed", "staff"),
        ({RULE: {"staff": -1}}, "number-out-of-range", f"{RULE}.staff"),
    ],
)
def test_inputs_that_a_rule_does_not_take_are_no_answer_on_the_record(
    stage: Scene, change: dict[str, Any], code: str, field: str
) -> None:
    declared = {**SAID, **change}
    found = answered(stage, rule=RULE, as_of=AS_OF, declared=declared)
    (told,) = found["answers"]
    assert (told["status"], told["reason"]["code"]) == ("refused", code)
    more = {"declared": written(declared), "answer_sha256": answer_digest(found)}
    answer = stage.say("owner", "answer.record", body(stage, **more), "a").answer
    assert (answer["code"], answer["params"]["field"]) == (code, f"declared.{field}")


def test_a_no_that_rests_on_declared_inputs_is_an_answer(stage: Scene) -> None:
    declared = {**SAID, "staff": 5}  # more than five are asked for
    found = answered(stage, rule=RULE, as_of=AS_OF, declared=declared)
    more = {"declared": written(declared), "answer_sha256": answer_digest(found)}
    name = stage.do("owner", "answer.record", body(stage, **more), "a")
    row = next(row for row in stage.rows(answer_table) if row["answer"] == name)
    assert (row["status"], row["amount_fen"]) == ("no", 0)


def test_a_ledger_that_has_not_gone_on_records_what_it_did(
    home: Path, vacant_database_url: str
) -> None:
    with scene(home, vacant_database_url, 1) as stage:
        stage.issue(900)
        publish_rule(stage, text=RETIRED, golden=GOLDEN)
        declared = {**SAID, "share": "1.01"}
        found = answered(stage, rule=RULE, as_of=AS_OF, declared=declared)
        more = {"declared": written(declared), "answer_sha256": answer_digest(found)}
        stage.do("owner", "answer.record", body(stage, **more), "a")
        assert [row["status"] for row in stage.rows(answer_table)] == ["refused"]


def test_a_declaration_is_one_text_and_none_is_no_text() -> None:
    assert written({}) is None
    assert read(None) == {}
    assert read('{"a":1}') == {"a": 1}
    assert written({"b": 2, "a": [{"c": "甲"}]}) == encode({"a": [{"c": "甲"}], "b": 2}).decode()
    with pytest.raises(Refusal, match="declared-malformed"):
        read('{"b":1,"a":2}')
