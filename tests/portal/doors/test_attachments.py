"""Attachments: for who stated them and the supervisor, as files, until they are erased."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from ledger.statements.attachments import Attachment
from ledger.statements.ed25519 import key_id, public_bytes
from ledger.statements.envelope import Payload, body_digest, sign_statement
from ledger.statements.ids import make_uuid7
from portal.app import create_app
from tests.factories import mirrors
from tests.factories.market import REGULATOR
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import HOUR_MS, ORIGIN, Scene, scene

WORDS = b"<script>alert(1)</script>"
SALT = "5a" * 16


def entered(stage: Scene) -> int:
    """A project of another registry with its description attached; gives the entry's index."""
    attached = Attachment("description", "text/html", SALT, WORDS)
    body = mirrors.project(attachments={"description": attached.digest})
    key, now = stage.keys["mirror-1"], stage.clock.now()
    payload = Payload(
        ORIGIN,
        make_uuid7(now, b"0123456789"),
        "mirror.project",
        1,
        "mirror",
        (key_id(public_bytes(key)),),
        now,
        now + HOUR_MS,
        body_digest(body),
    )
    data = sign_statement(payload, body, [key], {"description": attached}).encode()
    reply = stage.ledger.entrance.submit(data)
    assert reply.status == "accepted", reply
    assert reply.index is not None
    return reply.index


class Place:
    def __init__(self, stage: Scene) -> None:
        self.stage = stage
        self.path = f"/v1/entries/{entered(stage)}/attachments"
        self.client: FlaskClient = create_app(stage.ledger, stage.clock).test_client()
        stage.cast()
        self.readers: dict[str, Headers] = {
            "author": sign_in(self.client, "mirror", stage.keys["mirror-1"]),
            "supervisor": sign_in(self.client, "regulator", stage.keys[REGULATOR[0]]),
            "other": sign_in(self.client, "owner", stage.key("owner/a")),
            "nobody": {},
        }


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with scene(tmp_path_factory.mktemp("attachments") / "home", None) as stage:
        yield Place(stage)


@pytest.mark.parametrize("who", ["author", "supervisor"])
def test_the_author_and_the_supervisor_have_them_as_files(place: Place, who: str) -> None:
    headers = place.readers[who]
    (item,) = place.client.get(place.path, headers=headers).json["items"]
    assert (item["name"], item["bytes"], item["erased"]) == ("description", len(WORDS), False)
    file = place.client.get(f"{place.path}/description", headers=headers)
    assert file.data == WORDS
    assert file.headers["Content-Disposition"] == 'attachment; filename="description"'
    back = Attachment("description", "text/html", file.headers["Attachment-Salt"], file.data)
    assert back.digest == item["digest"]
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Cache-Control"] == "private, no-store"


def test_each_read_is_noted_for_the_author_and_a_listing_is_none(place: Place) -> None:
    def notes() -> list[tuple[str, str, str]]:
        answer = place.client.get("/v1/reads?limit=500", headers=place.readers["author"])
        items = answer.json["items"]
        return [(row["reader"], row["purpose"], row["asked"]) for row in items]

    before = len(notes())
    index = place.path.split("/")[3]
    for who in ("author", "supervisor"):
        place.client.get(place.path, headers=place.readers[who])
        place.client.get(f"{place.path}/description", headers=place.readers[who])
    place.client.get(f"{place.path}/description", headers=place.readers["other"])
    assert notes()[: len(notes()) - before] == [
        ("regulator", "supervision", f"{index}/description"),
        ("mirror", "own", f"{index}/description"),
    ]


@pytest.mark.parametrize(("who", "status"), [("other", 404), ("nobody", 401)])
def test_others_do_not_learn_that_there_are_any(place: Place, who: str, status: int) -> None:
    for path in (place.path, f"{place.path}/description", f"{place.path}/none"):
        assert place.client.get(path, headers=place.readers[who]).status_code == status


def test_what_is_not_attached_is_not_found(place: Place) -> None:
    for path in (f"{place.path}/none", "/v1/entries/0/attachments/description"):
        answer = place.client.get(path, headers=place.readers["supervisor"])
        assert (answer.status_code, answer.json["code"]) == (404, "attachment-unknown")
    far = place.client.get("/v1/entries/999/attachments", headers=place.readers["author"])
    assert far.json["code"] == "entry-unknown"


def test_what_was_erased_is_gone_and_says_so(place: Place) -> None:
    index = int(place.path.split("/")[3])
    body = {"index": index, "name": "description", "ground": "the person asked for it"}
    place.stage.do("mirror", "attachment.erase", body, "mirror-1", "mirror-2")
    (item,) = place.client.get(place.path, headers=place.readers["author"]).json["items"]
    assert item["erased"] is True
    assert "media_type" not in item
    gone = place.client.get(f"{place.path}/description", headers=place.readers["author"])
    assert (gone.status_code, gone.json["code"]) == (410, "attachment-erased")
