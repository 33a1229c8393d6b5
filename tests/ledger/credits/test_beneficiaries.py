"""A beneficiary is a name, an organisation's code, or a masked name with consent."""

from __future__ import annotations

import os
from typing import Any

import pytest

from ledger.credits.beneficiaries import FORM
from ledger.credits.models import beneficiary_table, retirement_table
from ledger.parties.uscc import check_digit
from ledger.statements.attachments import Attachment
from portal.statements.signing import compose
from tests.factories.market import REGULATOR
from tests.factories.scene import ORIGIN, Scene

BATCH = "ZJ_FS-R1-2024"
STRANGER = "91330100MATE9TX01"
CONSENT = Attachment("consent", "text/plain", "0" * 32, "本人同意".encode())


def claim(beneficiary: str = "某企业", **more: Any) -> dict[str, Any]:
    body = {"batch": BATCH, "quantity": 1, "purpose": "public-good", "beneficiary": beneficiary}
    return {**body, **more}


def say(stage: Scene, body: dict[str, Any], consent: bool) -> tuple[str, str]:
    """The result of a retirement by both people, with or without consent attached."""
    made = compose(
        stage.ledger.engine,
        ORIGIN,
        "credit.retire",
        "owner",
        body,
        [stage.key("owner/a"), stage.key("owner/b")],
        now=stage.clock.now(),
        entropy=os.urandom,
        attachments={"consent": CONSENT} if consent else None,
    )
    reply = stage.ledger.entrance.submit(made.encode())
    return reply.status, str(reply.answer.get("code", ""))


def test_a_plain_name_is_enough_until_the_authority_says_otherwise(stage: Scene) -> None:
    stage.issue(900)
    assert say(stage, claim(), False) == ("accepted", "")
    assert stage.rows(beneficiary_table) == []
    words = {"unit": "form", "source": "test", "confidence": "low", "valid_from": "2026-01-01"}
    odd = {"code": FORM, "value": "some", **words}
    assert stage.refused("regulator", "parameter.set", odd, *REGULATOR) == "parameter-malformed"
    stage.do(
        "regulator", "parameter.set", {"code": FORM, "value": "identified", **words}, *REGULATOR
    )
    assert say(stage, claim(), False) == ("refused", "beneficiary-unidentified")
    code = STRANGER + check_digit(STRANGER)
    assert say(stage, claim(beneficiary_uscc=code), False) == ("accepted", "")


def test_an_organisation_is_known_by_its_code_and_a_party_by_its_own(stage: Scene) -> None:
    stage.issue(900)
    buyer = "91330100MATET0001" + check_digit("91330100MATET0001")
    stranger = STRANGER + check_digit(STRANGER)
    for code in (buyer, stranger):
        assert say(stage, claim(beneficiary_uscc=code), False)[0] == "accepted"
    rows = {row["uscc"]: row for row in stage.rows(beneficiary_table)}
    assert (rows[buyer]["party"], rows[stranger]["party"]) == ("buyer", None)
    assert {row["form"] for row in rows.values()} == {"code"}
    assert set(r["retirement"] for r in rows.values()) == {
        r["retirement"] for r in stage.rows(retirement_table)
    }


def test_a_code_with_one_wrong_character_is_refused(stage: Scene) -> None:
    stage.issue(900)
    wrong = STRANGER + ("0" if check_digit(STRANGER) != "0" else "1")
    assert say(stage, claim(beneficiary_uscc=wrong), False) == ("refused", "uscc-invalid")


@pytest.mark.parametrize("name", ["张*", "张**", "王*明", "欧阳**"])
def test_a_person_is_named_behind_a_mask_with_consent(stage: Scene, name: str) -> None:
    stage.issue(900)
    body = claim(name, beneficiary_person=True)
    assert say(stage, body, False) == ("refused", "consent-missing")
    assert say(stage, body, True) == ("accepted", "")
    (row,) = stage.rows(beneficiary_table)
    assert (row["form"], row["uscc"]) == ("masked", None)


@pytest.mark.parametrize("name", ["张三", "张三丰", "*", "**明", "欧阳修*", "张 *", "张*三丰"])
def test_a_persons_name_that_can_be_read_is_refused(stage: Scene, name: str) -> None:
    stage.issue(900)
    body = claim(name, beneficiary_person=True)
    assert say(stage, body, True) == ("refused", "beneficiary-not-masked")


def test_a_person_has_no_organisations_code(stage: Scene) -> None:
    stage.issue(900)
    code = STRANGER + check_digit(STRANGER)
    body = claim("张*", beneficiary_person=True, beneficiary_uscc=code)
    assert say(stage, body, True) == ("refused", "beneficiary-twice")


def test_an_operation_of_a_batch_cannot_claim_a_consent_that_nobody_attached(
    stage: Scene,
) -> None:
    stage.issue(900)
    body = claim("张*", beneficiary_person=True, attachments={"consent": "0" * 64})
    operations = {"operations": [{"type": "credit.retire", "body": body}]}
    reply = stage.say("owner", "batch", operations, "a", "b")
    assert reply.answer["params"]["reason"] == "consent-missing"
