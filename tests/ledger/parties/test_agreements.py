"""What a party has signed before it may hold or state anything."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.parties.people_models import agreement_table
from ledger.statements.attachments import Attachment
from ledger.statements.envelope import Submission
from ledger.writer.kept import attached_table
from tests.factories.admission import agreement
from tests.factories.people import TODAY, TOMORROW, admission, history, rule
from tests.factories.scene import OFFICERS, Scene

ALL = ["electronic-signature", "fees", "key-use"]


def test_an_admission_records_the_agreement_by_its_digest(stage: Scene) -> None:
    stage.do("registrar", "party.admit", admission(stage, "moon"), *OFFICERS)
    (row,) = stage.rows(agreement_table)
    assert (row["party"], row["sha256"], row["covers"]) == ("moon", "a1" * 32, ALL)
    (act,) = history(stage, "moon")
    assert (act["type"], act["document"]) == ("party.admit", "agreement 1")


@pytest.mark.parametrize(
    ("role", "covers", "missing"),
    [
        ("enterprise", ["key-use"], ["electronic-signature", "fees"]),
        ("enterprise", ["fees", "key-use"], ["electronic-signature"]),
        ("verifier", ["fees", "key-use"], ["electronic-signature"]),
    ],
)
def test_an_agreement_that_leaves_something_out_is_refused(
    stage: Scene, role: str, covers: list[str], missing: list[str]
) -> None:
    body = admission(stage, "moon", role, agreement=agreement(covers=covers))
    reply = stage.say("registrar", "party.admit", body, *OFFICERS)
    assert reply.answer["code"] == "agreement-short"
    assert reply.answer["params"]["missing"] == missing


def test_a_verifier_pays_no_fees_for_an_account(stage: Scene) -> None:
    stated = agreement(covers=["key-use", "electronic-signature"])
    body = admission(stage, "vvb", "verifier", agreement=stated)
    stage.do("registrar", "party.admit", body, *OFFICERS)


@pytest.mark.parametrize("role", ["enterprise", "verifier"])
def test_nobody_opens_an_account_without_an_agreement(stage: Scene, role: str) -> None:
    body = admission(stage, "moon", role)
    del body["agreement"]
    assert stage.refused("registrar", "party.admit", body, *OFFICERS) == "agreement-missing"
    assert stage.rows(agreement_table) == []


def test_an_agreement_is_not_signed_tomorrow(stage: Scene) -> None:
    body = admission(stage, "moon", agreement=agreement(signed_on=TOMORROW))
    assert stage.refused("registrar", "party.admit", body, *OFFICERS) == "agreement-later"
    body = admission(stage, "moon", agreement=agreement(signed_on=TODAY))
    stage.do("registrar", "party.admit", body, *OFFICERS)


def test_a_newer_agreement_stands_beside_the_earlier_one(stage: Scene) -> None:
    stage.admit("moon", "enterprise", 1)
    body = {"party": "moon", "agreement": agreement(document="agreement 2", sha256="b2" * 32)}
    stage.do("registrar", "agreement.record", body, *OFFICERS)
    assert [row["document"] for row in stage.rows(agreement_table)] == [
        "agreement 1",
        "agreement 2",
    ]
    assert stage.refused("registrar", "agreement.record", body, *OFFICERS) == "agreement-recorded"


def test_two_officers_record_an_agreement(stage: Scene) -> None:
    stage.admit("moon", "enterprise", 1)
    body = {"party": "moon", "agreement": agreement(document="agreement 2")}
    assert stage.refused("registrar", "agreement.record", body, OFFICERS[0]) == "four-eyes"
    assert stage.refused("moon", "agreement.record", body, "a", "b") == "role-not-allowed"


def test_what_an_agreement_covers_is_a_dated_parameter(stage: Scene) -> None:
    rule(stage, "admission.agreement.enterprise", "key-use")
    body = admission(stage, "moon", agreement=agreement(covers=["key-use"]))
    stage.do("registrar", "party.admit", body, *OFFICERS)


def with_papers(stage: Scene, body: dict[str, Any], *papers: Attachment) -> Submission:
    stated = {**body, "attachments": {paper.name: paper.digest for paper in papers}}
    made = stage.write("registrar", "party.admit", stated, *OFFICERS)
    return Submission(made.envelope, made.body, {paper.name: paper for paper in papers})


def test_evidence_is_attached_by_digest_and_kept_apart(stage: Scene) -> None:
    licence = Attachment("licence", "application/pdf", "0" * 32, b"%PDF licence")
    identity = Attachment("identity", "image/png", "1" * 32, b"somebody's card")
    made = with_papers(stage, admission(stage, "moon"), licence, identity)
    assert stage.ledger.entrance.submit(made.encode()).status == "accepted"
    rows = stage.rows(attached_table)
    assert [(row["name"], row["kept"]) for row in rows] == [
        ("identity", "trade-20-years"),
        ("licence", "trade-20-years"),
    ]


def test_evidence_is_asked_for_where_a_parameter_says_so(stage: Scene) -> None:
    rule(stage, "admission.evidence.enterprise", "licence identity")
    licence = Attachment("licence", "application/pdf", "0" * 32, b"%PDF licence")
    identity = Attachment("identity", "image/png", "1" * 32, b"somebody's card")
    short = with_papers(stage, admission(stage, "moon"), licence)
    reply = stage.ledger.entrance.submit(short.encode())
    assert reply.answer["code"] == "evidence-missing"
    assert reply.answer["params"]["missing"] == ["identity"]
    whole = with_papers(stage, admission(stage, "moon"), licence, identity)
    assert stage.ledger.entrance.submit(whole.encode()).status == "accepted"
