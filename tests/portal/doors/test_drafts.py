"""Drafts: what waits for a second person, and never becomes anything that two did not sign."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from ledger.statements.binary import to_text
from ledger.statements.ed25519 import key_id, new_key, public_bytes
from ledger.statements.envelope import Submission, cosign, parse_draft
from ledger.writer.errors import Unavailable
from ledger.writer.writer import Pending, Reply
from portal.app import create_app
from portal.home.submit import Entrance
from portal.ops.drafts import WAITING_A_PARTY, DraftState
from portal.ops.tables import draft as draft_table
from portal.shell.current import ops
from portal.statements.signing import LIFETIME_MS, compose
from tests.factories.drafts import Desk, drafting, encode_submission, seated
from tests.factories.scene import ORIGIN, Scene

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with drafting(tmp_path_factory.mktemp("drafts")) as made:
        yield made


@pytest.fixture
def desk(stage: Scene) -> Desk:
    return seated(stage)


def test_the_last_signature_submits_and_gets_the_records_answer(desk: Desk) -> None:
    path = desk.left("owner/b")
    answer = desk.sign(path, "owner/b")
    assert (answer.status_code, answer.json["outcome"]["result"]) == (201, "accepted")
    told = desk.ask("GET", path, "owner/a").json
    assert (told["state"], told["index"]) == ("entered", answer.json["index"])
    assert answer.headers["Location"] == f"/v1/entries/{told['index']}"
    again = desk.sign(path, "owner/b")  # after a lost answer
    assert (again.status_code, again.json["index"]) == (200, told["index"])


def test_what_waits_for_me_is_listed_to_me(desk: Desk) -> None:
    path = desk.left("owner/b")
    mine = desk.ask("GET", "/v1/drafts?for=me", "owner/b").json["items"]
    assert path in [f"/v1/drafts/{item['id']}" for item in mine]
    (item,) = [i for i in mine if path.endswith(i["id"])]
    assert (item["type"], item["missing"]) == ("credit.transfer", [desk.key_id("owner/b")])
    assert path not in listed(desk, "owner/a", "for=me")
    assert path in listed(desk, "owner/a", "for=all")
    assert path in listed(desk, "owner/a", "state=waiting")
    assert listed(desk, "buyer/a", "for=all") == []


def listed(desk: Desk, who: str, query: str) -> list[str]:
    items = desk.ask("GET", f"/v1/drafts?{query}", who).json["items"]
    return [f"/v1/drafts/{item['id']}" for item in items]


def test_three_signatures_are_waited_for_one_by_one(desk: Desk) -> None:
    path = desk.left("owner/b", "owner/c")
    first = desk.sign(path, "owner/c")
    assert (first.status_code, first.json["state"]) == (200, "waiting")
    assert first.json["missing"] == [desk.key_id("owner/b")]
    assert desk.sign(path, "owner/c").json["state"] == "waiting"  # twice is once
    assert desk.sign(path, "owner/b").status_code == 201


def test_the_maker_does_not_sign_its_own_draft_again_whatever_became_of_it(desk: Desk) -> None:
    path = desk.left("owner/b", "owner/c")
    for _ in range(2):
        again = desk.sign(path, "owner/a")
        assert (again.status_code, again.json["code"]) == (409, "draft-signed-by-maker")
        assert again.json["params"]["key"] == desk.key_id("owner/a")
        desk.sign(path, "owner/c")
    assert again.json["params"]["waits"] == [desk.key_id("owner/b")]
    assert desk.sign(path, "owner/b").status_code == 201
    assert desk.sign(path, "owner/a").json["code"] == "draft-signed-by-maker"


def test_a_draft_tells_maker_from_checker_and_who_is_waited_for(desk: Desk) -> None:
    path = desk.left("owner/b", "owner/c")
    (item,) = [
        item
        for item in desk.ask("GET", "/v1/drafts?for=me", "owner/b").json["items"]
        if path.endswith(item["id"])
    ]
    assert item["made_by"]["operator"] == "a"
    assert (item["checked_by"], item["waits_for_role"]) == ([], "checker")
    signed = desk.sign(path, "owner/b").json
    assert [person["operator"] for person in signed["checked_by"]] == ["b"]
    assert (signed["waits_for_role"], signed["missing"]) == (None, [desk.key_id("owner/c")])


def test_a_draft_left_twice_is_one_draft(desk: Desk) -> None:
    draft = desk.write("owner/b")
    assert [desk.put(draft).status_code for _ in range(2)] == [201, 200]


def test_a_cosigner_rejects_with_a_reason_that_the_author_reads(desk: Desk) -> None:
    path = desk.left("owner/b")
    said = desk.ask("POST", f"{path}/rejection", "owner/b", json={"reason": "数量有误"})
    assert (said.status_code, said.json["state"]) == (200, "rejected")
    read = desk.ask("GET", path, "owner/a").json
    assert (read["reason"], read["decided_by"]) == ("数量有误", desk.key_id("owner/b"))
    closed = desk.sign(path, "owner/b")
    assert (closed.status_code, closed.json["code"]) == (409, "draft-closed")
    assert closed.json["params"] == {"state": "rejected"}


def test_the_author_withdraws_and_nobody_else(desk: Desk) -> None:
    path = desk.left("owner/b")
    other = desk.ask("DELETE", path, "owner/b")
    assert (other.status_code, other.json["code"]) == (403, "draft-not-own")
    assert desk.ask("DELETE", path, "owner/a").json["state"] == "withdrawn"
    assert desk.sign(path, "owner/b").json["code"] == "draft-closed"
    assert desk.ask("DELETE", path, "owner/a").status_code == 409


def test_only_who_is_asked_may_sign_or_reject(desk: Desk) -> None:
    path = desk.left("owner/b")
    sig = {"signature": "A" * 86 + "=="}
    assert desk.ask("POST", f"{path}/signatures", "owner/c", json=sig).json["code"] == (
        "draft-key-not-named"
    )
    for who in ("owner/a", "owner/c"):
        said = desk.ask("POST", f"{path}/rejection", who, json={"reason": "x"})
        assert (said.status_code, said.json["code"]) == (403, "draft-not-asked")


def test_another_party_sees_no_draft(desk: Desk) -> None:
    path = desk.left("owner/b")
    for method, place in (("GET", path), ("DELETE", path)):
        assert desk.ask(method, place, "buyer/a").json["code"] == "draft-unknown"
    assert desk.ask("GET", "/v1/drafts/%00", "owner/a").status_code == 404


def test_a_signature_over_other_words_is_refused(desk: Desk) -> None:
    path = desk.left("owner/b")
    other = cosign(desk.write("owner/b"), desk.stage.key("owner/b"))
    wrong = dict(other.envelope.signatures)[desk.key_id("owner/b")]
    said = desk.ask("POST", f"{path}/signatures", "owner/b", json={"signature": to_text(wrong)})
    assert (said.status_code, said.json["code"]) == (401, "signature-invalid")
    assert desk.ask("GET", path, "owner/a").json["state"] == "waiting"


def test_one_person_does_not_sign_for_another(desk: Desk) -> None:
    path = desk.left("owner/b")
    signed = desk.ask("GET", path, "owner/c").get_data()
    whole = cosign(parse_draft(encode_submission(signed)), desk.stage.key("owner/b"))
    sig = to_text(dict(whole.envelope.signatures)[desk.key_id("owner/b")])
    refused = desk.ask("POST", f"{path}/signatures", "owner/c", json={"signature": sig})
    assert refused.json["code"] == "draft-key-not-named"


def test_what_may_not_be_left_is_refused(desk: Desk) -> None:
    alone, complete = desk.write("owner/b"), cosign_all(desk)
    stranger = key_id(public_bytes(new_key()))
    unknown = replace_keys(desk, stranger)
    for draft, who, status, code in (
        (alone, "buyer/a", 403, "draft-of-another"),
        (alone, "owner/b", 403, "draft-not-signed"),
        (complete, "owner/a", 409, "draft-complete"),
        (unknown, "owner/a", 400, "draft-key-unknown"),
        (desk.write("owner/spare"), "owner/a", 400, "one-person-twice"),
    ):
        refused = desk.put(draft, who)
        assert (refused.status_code, refused.json["code"]) == (status, code)


def cosign_all(desk: Desk) -> Submission:
    return cosign(desk.write("owner/b"), desk.stage.key("owner/b"))


def replace_keys(desk: Desk, other: str) -> Submission:
    engine, clock = desk.stage.ledger.engine, desk.stage.clock
    body = {"batch": "ZJ_FS-R1-2024", "quantity": 10, "receiver": "buyer"}
    key = desk.stage.key("owner/a")
    return compose(
        engine,
        ORIGIN,
        "credit.transfer",
        "owner",
        body,
        [key],
        now=clock.now(),
        entropy=os.urandom,
        others=[other],
    )


def test_words_that_were_changed_after_signing_are_refused(desk: Desk) -> None:
    data = desk.write("owner/b").encode().replace(b'"quantity":10', b'"quantity":99')
    refused = desk.ask("POST", "/v1/drafts", "owner/a", data=data)
    assert (refused.status_code, refused.json["code"]) == (400, "body-digest-differs")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"envelope":{}}', b"\xff", b"[" * 9_999])
def test_what_is_no_statement_is_a_typed_error(desk: Desk, data: bytes) -> None:
    assert desk.ask("POST", "/v1/drafts", "owner/a", data=data).status_code == 400


@pytest.mark.parametrize("query", ["for=you", "state=odd"])
def test_a_query_at_fault_is_named(desk: Desk, query: str) -> None:
    refused = desk.ask("GET", f"/v1/drafts?{query}", "owner/a")
    assert (refused.status_code, refused.json["code"]) == (400, "parameter-invalid")


@pytest.mark.parametrize("reason", ["", "x" * 401, " x", "a\u202eb", 1])
def test_a_reason_is_plain_text(desk: Desk, reason: object) -> None:
    path = desk.left("owner/b")
    refused = desk.ask("POST", f"{path}/rejection", "owner/b", json={"reason": reason})
    assert (refused.status_code, refused.json["params"]["field"]) == (400, "/reason")


def test_an_id_on_the_record_cannot_wait_again(desk: Desk) -> None:
    draft = desk.write("owner/b")
    whole = cosign(draft, desk.stage.key("owner/b"))
    assert desk.stage.ledger.entrance.submit(whole.encode()).status == "accepted"
    refused = desk.put(draft)
    assert (refused.status_code, refused.json["code"]) == (409, "id-spent")


def test_a_draft_whose_statement_went_in_elsewhere_is_entered(desk: Desk) -> None:
    draft = desk.write("owner/b")
    path = desk.put(draft).headers["Location"]
    whole = cosign(draft, desk.stage.key("owner/b"))
    reply = desk.stage.ledger.entrance.submit(whole.encode())
    told = desk.ask("GET", path, "owner/b").json
    assert (told["state"], told["index"]) == ("entered", reply.index)
    assert path not in listed(desk, "owner/b", "for=me")


def test_a_draft_expires_with_its_statement(desk: Desk, stage: Scene) -> None:
    draft = desk.write("owner/b")
    path = desk.put(draft).headers["Location"]
    stage.clock.time += LIFETIME_MS
    later = Desk(stage, desk.client)
    assert later.ask("GET", path, "owner/b").json["state"] == "expired"
    assert later.sign(path, "owner/b").json["params"] == {"state": "expired"}
    late = later.put(draft)
    assert (late.status_code, late.json["code"]) == (400, "draft-over")


def test_a_party_has_so_many_open_drafts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert WAITING_A_PARTY == 500
    with desk.client.application.app_context():
        kept = ops().drafts.list("owner", desk.stage.clock.now())
    waiting = sum(1 for draft in kept if draft.state is DraftState.WAITING)
    monkeypatch.setattr("portal.ops.drafts.WAITING_A_PARTY", waiting + 1)
    path = desk.left("owner/b")
    full = desk.put(desk.write("owner/b"))
    assert (full.status_code, full.json["code"]) == (409, "drafts-full")
    desk.ask("DELETE", path, "owner/a")
    desk.left("owner/b")


def test_a_damaged_draft_is_away_and_nothing_else(desk: Desk) -> None:
    path = desk.left("owner/b")
    query = update(draft_table).where(draft_table.c.id == path.rpartition("/")[2])
    with desk.client.application.app_context():
        ops().store.run(lambda c: c.execute(query.values(submission=b"{}")))
    broken = desk.ask("GET", path, "owner/b")
    assert (broken.status_code, broken.json["code"]) == (503, "ops-unavailable")
    with desk.client.application.app_context():
        ops().store.run(lambda c: c.execute(draft_table.delete()))


class Away:
    """A writer that is not there until it is told to be."""

    def __init__(self, real: Any) -> None:
        self.real, self.alive = real, False

    def submit(self, items: Sequence[Pending]) -> list[Future[Reply]]:
        if not self.alive:
            raise Unavailable("writer-stopped")
        futures: list[Future[Reply]] = self.real.submit(items)
        return futures


def test_while_the_writer_is_away_the_last_signature_is_kept(stage: Scene) -> None:
    stage.clock.time += 60_000
    inner = stage.ledger
    writer = Away(inner.writer)
    way = Entrance(inner.engine, inner.record, writer)
    app = create_app(replace(inner, entrance=way), stage.clock)
    desk = Desk(stage, app.test_client())
    path = desk.left("owner/b")
    away = desk.sign(path, "owner/b")
    assert (away.status_code, away.json["code"]) == (503, "writer-stopped")
    assert desk.ask("GET", path, "owner/b").json["state"] == "signed"
    writer.alive = True
    assert desk.sign(path, "owner/b").status_code == 201


def test_roles_that_changed_meanwhile_are_asked_again_before_a_signature(desk: Desk) -> None:
    path = desk.left("owner/b")
    for operator, role in (("a", "maker"), ("b", "maker"), ("c", "checker")):
        body = {"operator": operator, "role": role}
        desk.stage.do("owner", "operator.assign", body, "a", "b" if role == "maker" else "c")
    refused = desk.sign(path, "owner/b")
    assert (refused.status_code, refused.json["code"]) == (400, "checker-missing")
    assert desk.ask("GET", path, "owner/a").json["signed"] == [desk.key_id("owner/a")]


def test_a_draft_whose_makers_key_has_ended_waits_for_nobody(tmp_path: Path) -> None:
    with drafting(tmp_path) as stage:
        desk = seated(stage)
        path = desk.left("owner/b")
        ended = {"key": desk.key_id("owner/a"), "reason": "lost"}
        stage.do("owner", "key.revoke", ended, "b", "c")
        shown = desk.ask("GET", path, "owner/b").json
        assert (shown["void"], shown["waits_for_me"]) == (desk.key_id("owner/a"), False)
        assert path not in listed(desk, "owner/b", "for=me")
        refused = desk.sign(path, "owner/b")
        assert (refused.status_code, refused.json["code"]) == (409, "draft-void")
