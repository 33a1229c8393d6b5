"""Who may ask about incentives, what is answered, and that a bank asks by consent alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from ledger.parties.models import PARTY
from ledger.parties.parameters import midnight
from portal.app import create_app
from tests.factories.facts import REGULATOR
from tests.factories.market import BANK
from tests.factories.policy import (
    RELIEF_FEN,
    RULE,
    define_discharge,
    discharge,
    publish_rule,
    report_month,
)
from tests.factories.readers import sign_in
from tests.factories.scene import Scene, scene

PATH = "/v1/incentives/answers"
ON = "2025-12-31"
GIVEN = {"reader": "bank", "purpose": "financing", "scope": ["incentives"], "until": "2026-01-01"}


class World:
    def __init__(self, stage: Scene) -> None:
        self.stage = stage
        self.client: FlaskClient = create_app(stage.ledger, stage.clock).test_client()
        self.readers: dict[str, dict[str, str]] = {"nobody": {}}
        self.sign_in()

    def sign_in(self) -> None:
        keys = {"bank": self.stage.key(BANK[0]), "regulator": self.stage.keys[REGULATOR[0]]}
        keys |= {party: self.stage.key(f"{party}/a") for party in ("owner", "buyer", "vvb1")}
        self.readers |= {party: sign_in(self.client, party, key) for party, key in keys.items()}

    def ask(self, reader: str, body: Any, status: int = 200, path: str = PATH) -> Any:
        answer = self.client.post(path, json=body, headers=self.readers[reader])
        assert answer.status_code == status, answer.text
        return answer.json

    def give(self, **changes: Any) -> str:
        return self.stage.do("owner", "consent.give", {**GIVEN, **changes}, "a")

    def reads(self) -> Any:
        told: Any = self.client.get("/v1/reads", headers=self.readers["owner"]).json
        return told["items"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """For tests that state nothing."""
    with scene(tmp_path_factory.mktemp("answers") / "home", None) as stage:
        yield prepared(stage)


@pytest.fixture
def world(home: Path) -> Iterator[World]:
    with scene(home, None) as stage:
        yield prepared(stage)


def prepared(stage: Scene) -> World:
    stage.cast()
    define_discharge(stage)
    publish_rule(stage)
    report_month(stage)
    return World(stage)


def test_a_party_and_the_supervisor_get_the_answer_with_its_reasons(shared: World) -> None:
    for reader in ("owner", "regulator"):
        found = shared.ask(reader, {"party": "owner", "on": ON, "explain": True})
        (answer,) = found["answers"]
        assert (answer["status"], answer["amount_fen"]) == ("yes", RELIEF_FEN)
        assert answer["steps"]
        assert found["combination"]["amount_fen"] == RELIEF_FEN
        assert (found["on"], found["pre_check"]) == (ON, True)


@pytest.mark.parametrize("reader", ["buyer", "bank", "vvb1"])
def test_to_others_a_party_is_one_that_is_not_there(shared: World, reader: str) -> None:
    told = shared.ask(reader, {"party": "owner", "on": ON}, 404)
    none = shared.ask(reader, {"party": "nobody", "on": ON}, 404)
    assert told["code"] == none["code"] == "party-unknown"
    assert {**told, "params": None} == {**none, "params": None}


def code_of(world: World, party: str) -> str:
    (found,) = [row["uscc"] for row in world.stage.rows(PARTY.table) if row["party"] == party]
    return str(found)


def test_a_party_may_be_named_by_its_unified_code(shared: World) -> None:
    code = code_of(shared, "owner")
    by_id = shared.ask("regulator", {"party": "owner", "on": ON})
    assert shared.ask("regulator", {"party": code, "on": ON}) == by_id
    several = shared.ask("regulator", {"parties": [code, "buyer"], "on": ON})
    assert [item["party"] for item in several["items"]] == ["owner", "buyer"]
    sides = {"before": {"on": ON}, "after": {"on": ON}}
    asked = {"party": code, **sides}
    assert shared.ask("owner", asked, path=f"{PATH}/comparison")["party"] == "owner"
    page = shared.client.get(
        f"/desk/incentives/ask?party={code}&on={ON}&lang=en", headers=shared.readers["regulator"]
    )
    assert page.status_code == 200
    assert 'href="/parties/owner?' in page.text
    shared.ask("regulator", {"party": f"{code}0", "on": ON}, 400)


@pytest.mark.parametrize("reader", ["buyer", "bank"])
def test_a_code_that_may_not_be_asked_about_is_one_of_nobody(shared: World, reader: str) -> None:
    code, nobodys = code_of(shared, "owner"), "91330100MADEM00015"
    told = shared.ask(reader, {"party": code, "on": ON}, 404)
    none = shared.ask(reader, {"party": nobodys, "on": ON}, 404)
    assert told["params"] == {"key": code}
    assert none == {**told, "params": {"key": nobodys}}
    pages = [
        shared.client.get(
            f"/desk/incentives/ask?party={asked}&on={ON}", headers=shared.readers[reader]
        )
        for asked in (code, nobodys)
    ]
    assert {page.status_code for page in pages} == {404}
    assert pages[0].text.replace(code, nobodys) == pages[1].text


def test_nobody_is_asked_to_sign_in(shared: World) -> None:
    assert shared.ask("nobody", {"party": "owner"}, 401)["code"] == "session-needed"


def test_a_bank_asks_with_consent_and_every_read_is_listed(world: World) -> None:
    consent = world.give()
    found = world.ask("bank", {"party": "owner", "on": ON})
    assert found["answers"][0]["amount_fen"] == RELIEF_FEN
    (read,) = world.reads()
    assert [read[name] for name in ("reader", "consent", "purpose", "what")] == [
        "bank", consent, "financing", "incentives",
    ]  # fmt: skip
    assert read["asked"].startswith(f"on={ON} known_at=")
    world.ask("bank", {"party": "buyer", "on": ON}, 404)
    assert len(world.reads()) == 1


def test_a_consent_for_accounts_opens_no_answers(world: World) -> None:
    consent = world.give(scope=["accounts"])
    told = world.ask("bank", {"party": "owner", "on": ON}, 403)
    assert (told["code"], told["params"]) == ("consent-other-scope", {
        "key": "owner", "needed": "incentives", "scopes": ["accounts"], "purposes": ["financing"],
    })  # fmt: skip
    page = f"/desk/incentives/ask?party=owner&on={ON}&lang="
    for language, words in (("zh", ("融资", "账户余额")), ("en", ("Financing", "Balances of"))):
        shown = world.client.get(page + language, headers=world.readers["bank"])
        assert shown.status_code == 403
        assert all(word in shown.text for word in words)
    of_several = world.ask("bank", {"parties": ["owner", "buyer"], "on": ON})["items"]
    assert [item["problem"] for item in of_several] == ["consent-other-scope", "party-unknown"]
    assert world.reads() == []  # nothing was shown
    world.ask("vvb1", {"party": "owner", "on": ON}, 404)  # a consent of another's
    world.stage.do("owner", "consent.withdraw", {"consent": consent}, "a")
    consent = world.give()
    path = f"/v1/consents/{consent}/accounts"
    answer = world.client.get(path, headers=world.readers["bank"])
    assert (answer.status_code, answer.json["params"]["scopes"]) == (403, ["incentives"])
    assert world.client.get(path, headers=world.readers["vvb1"]).status_code == 404
    world.stage.do("owner", "consent.withdraw", {"consent": consent}, "a")
    assert world.client.get(path, headers=world.readers["bank"]).status_code == 404
    world.ask("bank", {"party": "owner", "on": ON}, 404)


def test_a_consent_ends_with_its_last_day_or_by_its_giver(world: World) -> None:
    consent = world.give()
    world.stage.do("owner", "consent.withdraw", {"consent": consent}, "a")
    world.ask("bank", {"party": "owner", "on": ON}, 404)
    world.give()
    world.stage.clock.time = midnight("2026-01-01", 1) - 1
    world.sign_in()
    world.ask("bank", {"party": "owner", "on": ON})
    world.stage.clock.time += 1
    world.sign_in()
    world.ask("bank", {"party": "owner", "on": ON}, 404)


def test_of_several_parties_those_without_consent_are_not_found_and_the_others_go_on(
    world: World,
) -> None:
    world.give()
    body = {"parties": ["buyer", "owner", "nobody"], "on": ON}
    first, second, third = world.ask("bank", body)["items"]
    assert first == {"party": "buyer", "problem": "party-unknown"}
    assert second["answers"][0]["amount_fen"] == RELIEF_FEN
    assert third == {"party": "nobody", "problem": "party-unknown"}


def test_an_earlier_log_size_gives_the_earlier_answer(world: World) -> None:
    then = world.ask("owner", {"party": "owner", "on": ON})
    over = discharge("exceeded", "二氧化硫", 1, 0)
    world.stage.do("regulator", "fact.report", over, *REGULATOR)
    now = world.ask("owner", {"party": "owner", "on": ON})
    assert now["answers"][0]["amount_fen"] == 60_000
    again = world.ask("owner", {"party": "owner", "on": ON, "known_at": then["known_at"]})
    assert again == then
    sides = {"before": {"on": ON, "known_at": then["known_at"]}, "after": {"on": ON}}
    found = world.ask("owner", {"party": "owner", **sides}, path=f"{PATH}/comparison")
    (cause,) = found["rules"][0]["causes"]
    assert (cause["kind"], cause["after"]["value"]) == ("fact", "1")
    assert found["rules"][0]["changed"] is True
    world.ask("buyer", {"party": "owner", **sides}, 404, f"{PATH}/comparison")


def test_what_is_declared_is_taken_where_no_fact_stands(shared: World) -> None:
    row = {"outlet": "A", "medium": "air", "pollutant": "烟尘", "mass_kg": 218, "ratio": "0.4",
           "exceeded": False}  # fmt: skip
    body = {"party": "buyer", "on": ON, "declared": {RULE: {"emissions": [row]}}}
    (answer,) = shared.ask("buyer", body)["answers"]
    # 218/2.18 = 100 equivalents, 120.00; below half of the standard it pays half.
    assert (answer["amount_fen"], answer["declared"]) == (6_000, ["emissions"])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "parameter-invalid"),
        ({"party": "owner", "parties": ["owner"]}, 400, "parameter-invalid"),
        ({"parties": []}, 400, "items"),
        ({"party": "owner", "on": "31.12.2025"}, 400, "not-a-date"),
        ({"party": "owner", "other": 1}, 400, "field-unknown"),
        ({"party": "owner", "known_at": 99_999}, 400, "size-beyond-head"),
        ({"party": "owner", "known_at": 0}, 400, "out-of-range"),
        ({"party": "owner", "known_at": 1}, 404, "party-unknown"),
        ({"party": "owner", "rule": "none"}, 404, "incentive-rule-unknown"),
        ({"party": "owner", "declared": []}, 400, "not-an-object"),
        ({"party": "owner", "declared": {"x": 1}}, 400, "declared-unknown"),
        ([], 400, "not-an-object"),
    ],
)
def test_bad_questions_are_problems(shared: World, body: Any, status: int, code: str) -> None:
    told = shared.ask("owner", body, status)
    assert told["code"] == code, told


@pytest.fixture(scope="module")
def described(shared: World) -> Any:
    return shared.client.get("/openapi.json").json


def faults(described: Any, name: str, value: Any) -> list[str]:
    schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
    return [f"{e.json_path}: {e.message}" for e in Draft202012Validator(schema).iter_errors(value)]


ROW = {"outlet": "A", "medium": "air", "pollutant": "烟尘", "mass_kg": 218, "ratio": "0.4"}


@pytest.mark.parametrize(
    "body",
    [
        {"party": "owner", "on": ON, "explain": True},
        {"party": "owner", "on": ON},
        {"party": "buyer", "on": ON, "explain": True},
        {"party": "owner", "on": "2026-01-01", "explain": True},
        {"party": "buyer", "on": ON, "explain": True, "declared": {RULE: {"emissions": [ROW]}}},
        {"party": "buyer", "on": ON, "declared": {f"{RULE}.emissions": [{**ROW, "mass_kg": -1}]}},
        {"parties": ["owner", "nobody"], "on": ON, "explain": True},
    ],
)
def test_real_answers_have_the_shape_that_is_described(
    shared: World, described: Any, body: Any
) -> None:
    found = shared.ask("regulator", body)
    assert faults(described, "IncentiveAnswers", found) == []
    assert described["paths"][PATH]["post"]["responses"]["200"]["content"] == {
        "application/json": {"schema": {"$ref": "#/components/schemas/IncentiveAnswers"}}
    }


def test_an_answer_of_another_shape_is_found(shared: World, described: Any) -> None:
    found = shared.ask("owner", {"party": "owner", "on": ON, "explain": True})
    (answer,) = found["answers"]
    for wrong in (
        {**found, "other": 1},
        {**found, "answers": [{**answer, "amount_fen": "1"}]},
        {**found, "answers": [{**answer, "conditions": [{"name": "x"}]}]},
        {**found, "beside": {RULE: {**found["beside"][RULE], "papers": None}}},
    ):
        assert faults(described, "IncentiveAnswers", wrong)


def test_a_real_comparison_has_the_shape_that_is_described(shared: World, described: Any) -> None:
    sides = {"before": {"on": "2025-11-30"}, "after": {"on": ON}}
    found = shared.ask("owner", {"party": "owner", **sides}, path=f"{PATH}/comparison")
    assert faults(described, "IncentiveComparison", found) == []
    assert found["rules"][0]["causes"]


def test_an_input_may_be_addressed_to_one_rule(shared: World) -> None:
    row = {**ROW, "exceeded": False}
    body = {"party": "buyer", "on": ON, "declared": {f"{RULE}.emissions": [row]}}
    found = shared.ask("buyer", body)
    assert found["answers"][0]["amount_fen"] == 6_000
    assert found["declared"] == {RULE: {"emissions": [row]}}
    twice = {**body, "declared": {f"{RULE}.emissions": [], RULE: {"emissions": []}}}
    assert shared.ask("buyer", twice, 400)["code"] == "declared-twice"


def test_a_body_of_another_type_is_refused(shared: World) -> None:
    answer = shared.client.post(PATH, data="party=owner", headers=shared.readers["owner"])
    assert answer.status_code in (400, 415)


def test_no_party_is_named_twice_and_declared_items_are_bounded(shared: World) -> None:
    twice = shared.ask("regulator", {"parties": ["owner", "owner"], "on": ON}, 400)
    assert (twice["code"], twice["params"]["field"]) == ("list-repeats", "parties")
    code = next(r["uscc"] for r in shared.stage.rows(PARTY.table) if r["party"] == "owner")
    again = shared.ask("regulator", {"parties": ["owner", code], "on": ON}, 400)
    assert again["code"] == "list-repeats"
    rows = [{}] * 1_501
    body = {"on": ON, "declared": {"ept-art13": {"emissions": rows}}}
    many = shared.ask("regulator", {**body, "parties": ["owner", "buyer"]}, 400)
    assert (many["code"], many["params"]["field"]) == ("parameter-invalid", "declared")
