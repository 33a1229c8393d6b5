"""A statement rehearsed with its evidence: judged by what is attached, of which nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient

from ledger.statements.attachments import Attachment
from ledger.writer import tables
from ledger.writer.kept import attached_table
from portal.app import create_app
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import Scene, scene

TYPE = "credit.retire"
CONSENT = Attachment("consent", "application/pdf", "5a" * 16, b"%PDF consent")


@dataclass
class Asker:
    stage: Scene
    client: FlaskClient
    reader: Headers

    def ask(self, said: Any, status: int = 200) -> Any:
        answer = self.client.post(f"/v1/rehearsals/{TYPE}", json=said, headers=self.reader)
        assert answer.status_code == status, answer.text
        return answer.json

    def faults(self, said: Any) -> list[str]:
        return [fault["code"] for fault in self.ask(said)["faults"]]


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    with scene(tmp_path_factory.mktemp("evidence") / "home", None) as stage:
        stage.issue(900)
        client = create_app(stage.ledger, stage.clock).test_client()
        yield Asker(stage, client, sign_in(client, "owner", stage.key("owner/a")))


def retirement(**more: Any) -> dict[str, Any]:
    """For a person, who is named masked and must have consented."""
    named = {"beneficiary": "王**", "beneficiary_person": True, "purpose": "corporate-offset"}
    return {"batch": "ZJ_FS-R1-2024", "quantity": 5, **named, **more}


def test_evidence_goes_along_as_in_a_submission_and_is_kept_nowhere(asker: Asker) -> None:
    head = asker.client.get("/log/checkpoint").text
    assert asker.faults(retirement()) == ["consent-missing"]
    carried = {"consent": CONSENT.wire()}
    digests = {"consent": CONSENT.digest}
    for body, more in (
        (retirement(), {"attachments": carried}),
        (retirement(attachments=digests), {"attachments": carried}),
    ):
        told = asker.ask({"body": body, **more})
        assert (told["accepted"], told["faults"]) == (True, [])
    assert asker.faults(retirement(attachments=digests)) == []
    assert asker.faults({"body": retirement()}) == ["consent-missing"]
    assert asker.client.get("/log/checkpoint").text == head
    stage = asker.stage
    assert (stage.rows(tables.attachment), stage.rows(attached_table)) == ([], [])
    assert stage.refused("owner", TYPE, retirement(), "a", "b") == "consent-missing"


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"body": []}, "not-an-object", "/body"),
        ({"body": retirement(), "envelope": {}}, "field-unknown", "/envelope"),
        ({"body": retirement(), "attachments": []}, "attachments", "/attachments"),
        (
            {"body": retirement(), "attachments": {"passport": CONSENT.wire()}},
            "attachment-unknown",
            "/attachments/passport",
        ),
        (
            {"body": retirement(), "attachments": {"consent": {"content": ""}}},
            "attachment-fields",
            "/attachments/consent",
        ),
        (
            {"body": retirement(attachments={"consent": CONSENT.digest})},
            "attachments-not-stated",
            "/attachments",
        ),
        (
            {
                "body": retirement(attachments={"consent": "0" * 64}),
                "attachments": {"consent": CONSENT.wire()},
            },
            "attachment-digest-differs",
            "/attachments/consent",
        ),
        (retirement(attachments={"passport": "0" * 64}), "attachment-unknown",
         "/body/attachments/passport"),
    ],
)  # fmt: skip
def test_evidence_that_the_record_would_not_take_is_named(
    asker: Asker, said: Any, code: str, field: str
) -> None:
    told = asker.ask(said, status=400)
    assert (told["code"], told["params"]["field"]) == (code, field)


def test_no_type_has_a_field_by_which_a_body_with_evidence_is_known(asker: Asker) -> None:
    for (type, _), declared in asker.stage.ledger.engine.types.items():
        assert "body" not in declared.full_schema().fields, type
