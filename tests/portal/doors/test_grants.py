"""Budgets and notices are everybody's; answers, grants and recoveries are their own parties'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from incentives.grants.models import notice_table
from incentives.onrecord.leaves import answer_digest
from ledger.facts.models import private_fact_table
from portal.app import create_app
from portal.policy import questions
from tests.factories import grants
from tests.factories.facts import FINANCE, REGULATOR
from tests.factories.grants import FEN, LINE
from tests.factories.policy import define_discharge, rule_body
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import Scene, scene


@dataclass
class World:
    stage: Scene
    client: FlaskClient
    readers: dict[str, Headers]
    answer: str
    grant: str


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A grant paid on credits whose verification was withdrawn."""
    with scene(tmp_path_factory.mktemp("grants") / "home", None) as stage:
        batch = grants.desk(stage)
        rests = [{"batch": batch, "first": 1, "last": 100}]
        body = {**grants.answer_body(stage), "credits": rests}
        answer = stage.do("owner", "answer.record", body, "a")
        grant = grants.apply(stage, answer, credits=[grants.cited(batch)])
        grants.to_noticed(stage, grant)
        objected(stage)
        grants.wait_until(stage, grants.grant_row(stage, grant)["due_at"])
        stage.do("finance", "grant.decide", grants.decision(grant), *FINANCE)
        stage.do("finance", "grant.pay", grants.payment(stage, grant), *FINANCE)
        stage.do("vvb2", "report.withdraw", {"report": "R1", "reason": "r"}, "a", "b")
        grants.tick(stage)
        define_discharge(stage)
        stage.do("regulator", "rule.publish", rule_body(), *REGULATOR)
        client = create_app(stage.ledger, stage.clock).test_client()
        readers: dict[str, Headers] = {
            party: sign_in(client, party, stage.key(f"{party}/a"))
            for party in ("owner", "buyer", "county")
        }
        for party in ("finance", "regulator"):
            readers[party] = sign_in(client, party, stage.keys[f"{party}-1"])
        yield World(stage, client, readers, answer, grant)


def objected(stage: Scene) -> None:
    """The buyer objects to the one grant, and the bureau answers."""
    (notice,) = stage.rows(notice_table)
    body = {"notice": notice["notice"], "reason": "no bamboo there"}
    objection = stage.do("buyer", "grant.object", body, "a")
    answer = {"objection": objection, "upheld": False, "answer": "seen on site"}
    stage.do("finance", "grant.answer", answer, FINANCE[0])


@pytest.mark.parametrize(
    ("party", "seen"),
    [("owner", 0), ("county", 0), ("buyer", 1), ("finance", 1), ("regulator", 1)],
)
def test_who_objected_is_told_to_nobody_but_objector_and_bureau(
    world: World, party: str, seen: int
) -> None:
    headers = world.readers[party]
    found = world.client.get("/v1/incentives/objections", headers=headers).json["items"]
    told = [(row["party"], row["reason"], row["upheld"], row["answer"]) for row in found]
    assert told == [("buyer", "no bamboo there", False, "seen on site")] * seen
    answer = world.client.get(f"/v1/incentives/grants/{world.grant}", headers=headers)
    if party == "buyer":
        assert answer.status_code == 404
    else:
        assert len(answer.json["objections"]) == seen


def test_everybody_sees_lines_notices_and_uses(world: World) -> None:
    (line,) = world.client.get("/v1/incentives/budgets").json["items"]
    assert (line["line"], line["paid_fen"], line["available_fen"]) == (LINE, FEN, 5_000_000 - FEN)
    (notice,) = world.client.get("/v1/incentives/notices").json["items"]
    assert (notice["applicant"], notice["state"], notice["granted_fen"]) == ("owner", "paid", FEN)
    (use,) = world.client.get("/v1/incentives/uses").json["items"]
    assert (use["benefit"], use["first"], use["last"], use["state"]) == (
        "generation", 1, 100, "taken",
    )  # fmt: skip


@pytest.mark.parametrize("path", ["recorded/{answer}", "grants/{grant}"])
@pytest.mark.parametrize(
    ("party", "status"),
    [("owner", 200), ("finance", 200), ("county", 200), ("regulator", 200), ("buyer", 404)],
)
def test_only_who_has_a_part_reads_one(world: World, path: str, party: str, status: int) -> None:
    url = "/v1/incentives/" + path.format(answer=world.answer, grant=world.grant)
    answer = world.client.get(url, headers=world.readers[party])
    assert answer.status_code == status
    assert world.client.get(url).status_code == 401


def test_an_answer_is_shown_with_what_it_cites_and_its_reviews(world: World) -> None:
    url = f"/v1/incentives/recorded/{world.answer}"
    found = world.client.get(url, headers=world.readers["owner"]).json
    assert {cite["what"] for cite in found["cites"]} == {"fact", "rule", "credit"}
    assert [review["state"] for review in found["reviews"]] == ["changed"]
    assert (found["path"], "salt" in found) == ([], False)
    assert answer_digest(found["told"]) == found["answer_sha256"]
    (told,) = found["told"]["answers"]
    assert (told["status"], told["amount_fen"]) == (found["status"], found["amount_fen"])
    assert {operand["from"] for item in told["conditions"] for operand in item["operands"]}


def test_an_answer_that_would_be_other_bytes_now_is_shown_as_it_stands_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "answer_digest", lambda _: "0" * 64)
    mine = world.readers["owner"]
    found = world.client.get(f"/v1/incentives/recorded/{world.answer}", headers=mine).json
    assert (found["told"], found["status"]) == (None, "yes")
    page = world.client.get(f"/desk/answers/{world.answer}?lang=en", headers=mine).text
    assert "other bytes" in page
    assert 'class="conditions"' not in page


def test_lists_are_the_readers_own_and_everybodys_for_the_supervisor(world: World) -> None:
    for name in ("recorded", "grants", "recoveries"):
        url = f"/v1/incentives/{name}"
        counted = {
            party: len(world.client.get(url, headers=headers).json["items"])
            for party, headers in world.readers.items()
        }
        assert (counted["owner"], counted["regulator"], counted["buyer"]) == (1, 1, 0)
    (case,) = world.client.get("/v1/incentives/recoveries", headers=world.readers["finance"]).json[
        "items"
    ]
    assert (case["ground"], case["benefit_fen"]) == ("credit", FEN)
    told = {"how": "units", "type": "report.withdraw"}
    told |= {"units": [{"batch": "ZJ_FS-R1-2024", "first": 1, "last": 100}]}
    named = {"batch": "ZJ_FS-R1-2024"}  # the answer cites the batch itself
    assert case["cause_told"] in (told, {**told, "units": [named]})
    assert (case["asked_back_fen"], case["come_back_fen"], case["owed_fen"]) == (0, 0, None)
    assert not {"salt", "steps"} & set(case)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_tell_where_the_money_is(world: World, language: str) -> None:
    public = world.client.get(f"/incentives/budgets?lang={language}").text
    assert "33,074.00" in public  # 50,000.00 less 16,926.00
    assert "16,926.00" in public
    assert {"zh": "待财政部门会签", "en": "wait for the finance bureau"}[language] in public
    mine = world.readers["owner"]
    told = world.client.get(f"/desk/recoveries?lang={language}", headers=mine).text
    assert {"zh": "已立案", "en": "opened"}[language] in told
    assert {"zh": "不再成立", "en": "holds no longer"}[language] in told
    for words in {
        "zh": ("要求退还", "已退回", "尚欠", "尚未决定"),
        "en": ("Asked back", "not decided"),
    }[language]:
        assert words in told
    assert {"zh": "撤回", "en": "withdrawn"}[language] in told
    assert "/batches/ZJ_FS-R1-2024" in told
    told = world.client.get(f"/desk/grants?lang={language}", headers=mine).text
    assert {"zh": "已拨付", "en": "paid"}[language] in told
    told = world.client.get(f"/desk/answers/{world.answer}?lang={language}", headers=mine).text
    assert {"zh": "预审结果", "en": "pre-check"}[language] in told
    assert f"/v1/entries/{answered(world)}/proof" in told
    assert "ZJ_FS-R1-2024 1–100" in told
    assert 'class="conditions"' in told
    other = world.client.get(f"/desk/grants?lang={language}", headers=world.readers["buyer"]).text
    assert "16,926.00" not in other


def answered(world: World) -> int:
    """The entry of the recorded answer."""
    url = f"/v1/incentives/recorded/{world.answer}"
    return int(world.client.get(url, headers=world.readers["owner"]).json["index"])


def test_nobody_elses_answer_has_a_page(world: World) -> None:
    url = f"/desk/answers/{world.answer}"
    assert world.client.get(url, headers=world.readers["buyer"]).status_code == 404
    assert world.client.get(url).status_code in (302, 303, 401)


def test_the_page_of_an_answer_says_why_it_is_another_one_today(home: Path) -> None:
    with scene(home, None) as stage:
        grants.desk(stage)
        name = grants.recorded(stage)
        client = create_app(stage.ledger, stage.clock).test_client()
        mine = sign_in(client, "owner", stage.key("owner/a"))
        page = f"/desk/answers/{name}?lang="
        assert "data-since" not in client.get(page + "en", headers=mine).text
        (first,) = [row for row in stage.rows(private_fact_table) if row["unit"] == "mu"]
        corrected = {**grants.measured(50, first["start"]), "corrects": first["fact"]}
        stage.do("owner", "fact.report", corrected, "a")
        for language, fact in (("en", "Fact"), ("zh", "事实")):
            text = client.get(page + language, headers=mine).text
            since = text[text.index("data-since") :]
            assert f"<li>{fact} " in since and "100" in since and "50" in since


def test_a_finished_review_tells_its_result(world: World) -> None:
    world.stage.do("county", "grant.assess", grants.assessment(world.grant), "a")
    page = world.client.get("/desk/grants?lang=en", headers=world.readers["owner"]).text
    assert '<span class="second">met</span>' in page
