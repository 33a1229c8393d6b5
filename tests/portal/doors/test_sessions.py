"""Signing in: a key's own signature, once, for this address; and the session ends at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ledger.statements.binary import to_text
from ledger.statements.ed25519 import key_id, public_bytes
from ledger.statements.envelope import PAYLOAD_TYPE, pae
from portal.app import create_app
from portal.ops.sessions import CHALLENGE_MS, IDLE_MS
from tests import databases
from tests.factories.market import REGULATOR
from tests.factories.readers import answer, ask, bearer, sign_in
from tests.factories.scene import OFFICERS, ProjectDesign, Scene, scene

pytestmark = pytest.mark.database
PUBLIC_URL = "https://qz.example"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("sessions")
    with databases.vacant(folder) as url, scene(folder / "home", url) as made:
        made.cast()
        yield made


@pytest.fixture
def client(stage: Scene) -> FlaskClient:
    return create_app(stage.ledger, stage.clock).test_client()


def elsewhere(stage: Scene, public_url: str | None) -> Flask:
    """The same ledger behind another address."""
    settings = replace(stage.ledger.settings, public_url=public_url)
    return create_app(replace(stage.ledger, settings=settings), stage.clock)


def test_who_signs_the_challenge_is_in(client: FlaskClient, stage: Scene) -> None:
    headers = sign_in(client, "owner", stage.key("owner/a"))
    told = client.get("/v1/sessions", headers=headers).json
    assert (told["party"], told["operator"], told["roles"]) == ("owner", "a", ["enterprise"])
    assert told["supervisor"] is False
    assert told["expires_at"] == "2026-01-01T04:00:00.000Z"


def test_a_challenge_is_answered_once(client: FlaskClient, stage: Scene) -> None:
    key = stage.key("owner/a")
    challenge = ask(client, "owner", key)
    assert answer(client, challenge, key).status_code == 201
    again = answer(client, challenge, key)
    assert (again.status_code, again.json["code"]) == (401, "challenge-unknown")


def test_a_failed_answer_spends_the_challenge(client: FlaskClient, stage: Scene) -> None:
    challenge = ask(client, "owner", stage.key("owner/a"))
    wrong = answer(client, challenge, stage.key("owner/b"))
    assert (wrong.status_code, wrong.json["code"]) == (401, "sign-in-refused")
    right = answer(client, challenge, stage.key("owner/a"))
    assert right.json["code"] == "challenge-unknown"


def test_a_challenge_has_its_end(client: FlaskClient, stage: Scene) -> None:
    key = stage.key("owner/a")
    challenge = ask(client, "owner", key)
    stage.clock.time += CHALLENGE_MS
    assert answer(client, challenge, key).json["code"] == "challenge-unknown"


@pytest.mark.parametrize("party", ["buyer", "nobody-known"])
def test_a_key_signs_in_its_own_party_alone(client: FlaskClient, stage: Scene, party: str) -> None:
    key = stage.key("owner/a")
    refused = answer(client, ask(client, party, key), key)
    assert (refused.status_code, refused.json["code"]) == (401, "sign-in-refused")


def test_a_challenge_for_one_key_is_none_for_another(client: FlaskClient, stage: Scene) -> None:
    key = stage.key("owner/a")
    challenge = {**ask(client, "owner", key), "key": key_id(public_bytes(stage.key("owner/b")))}
    assert answer(client, challenge, stage.key("owner/b")).json["code"] == "challenge-unknown"


def test_a_statement_signature_signs_nobody_in(client: FlaskClient, stage: Scene) -> None:
    key = stage.key("owner/a")
    challenge = ask(client, "owner", key)
    body = {name: challenge[name] for name in ("party", "key", "challenge")}
    signed = key.sign(pae(PAYLOAD_TYPE, challenge["message"].encode()))
    refused = client.post("/v1/sessions", json={**body, "signature": to_text(signed)})
    assert refused.json["code"] == "sign-in-refused"


def test_a_sign_in_is_for_one_address(stage: Scene) -> None:
    here = elsewhere(stage, PUBLIC_URL).test_client()
    there = elsewhere(stage, "https://qz.other.example").test_client()
    key = stage.key("owner/a")
    challenge = ask(here, "owner", key)
    assert "https://qz.example" in challenge["message"]
    assert answer(there, challenge, key).json["code"] == "challenge-unknown"


def test_without_an_address_nobody_signs_in_from_elsewhere(stage: Scene) -> None:
    client = elsewhere(stage, None).test_client()
    body = {"party": "owner", "key": "ab" * 16}
    for host, status in (("evil.example", 503), ("localhost:8000", 201), ("127.0.0.1:80", 201)):
        told = client.post("/v1/sessions/challenges", json=body, headers={"Host": host})
        assert told.status_code == status, host
    assert told.json["url"] == "http://127.0.0.1"


def test_workers_share_their_sessions(client: FlaskClient, stage: Scene) -> None:
    key = stage.key("owner/a")
    other = create_app(stage.ledger, stage.clock).test_client()
    challenge = ask(client, "owner", key)
    headers = bearer(answer(other, challenge, key).json["token"])
    assert client.get("/v1/sessions", headers=headers).status_code == 200
    other.delete("/v1/sessions", headers=headers)
    assert client.get("/v1/sessions", headers=headers).status_code == 401


def test_signing_out_ends_the_session(client: FlaskClient, stage: Scene) -> None:
    key = stage.key("owner/a")
    first, second = (sign_in(client, "owner", key) for _ in range(2))
    assert client.delete("/v1/sessions", headers=first).json == {"ended": 1}
    gone = client.get("/v1/sessions", headers=first)
    assert (gone.status_code, gone.json["code"]) == (401, "session-unknown")
    assert client.delete("/v1/sessions?every=true", headers=second).json["ended"] >= 1
    assert client.get("/v1/sessions", headers=second).status_code == 401


def test_an_idle_session_is_over(client: FlaskClient, stage: Scene) -> None:
    headers = sign_in(client, "owner", stage.key("owner/a"))
    stage.clock.time += IDLE_MS
    assert client.get("/v1/sessions", headers=headers).status_code == 401


def test_a_revoked_key_ends_its_session_at_once(client: FlaskClient, stage: Scene) -> None:
    stage.admit("leaving", "enterprise", 11)
    key = stage.key("leaving/a")
    headers = sign_in(client, "leaving", key)
    assert client.get("/v1/accounts", headers=headers).status_code == 200
    body = {"key": key_id(public_bytes(key)), "reason": "test"}
    stage.do("leaving", "key.revoke", body, "b")
    ended = client.get("/v1/accounts", headers=headers)
    assert (ended.status_code, ended.json["code"]) == (401, "session-key-ended")
    assert client.get("/v1/accounts", headers=headers).json["code"] == "session-unknown"
    assert answer(client, ask(client, "leaving", key), key).json["code"] == "sign-in-refused"


def test_a_suspended_party_still_reads_its_own(client: FlaskClient, stage: Scene) -> None:
    stage.admit("halted", "enterprise", 12)
    headers = sign_in(client, "halted", stage.key("halted/a"))
    stage.do("regulator", "party.suspend", {"party": "halted", "document": "d"}, *REGULATOR)
    assert client.get("/v1/accounts", headers=headers).status_code == 200


def test_a_suspended_supervisor_supervises_nobody(client: FlaskClient, stage: Scene) -> None:
    stage.admit("bureau", "regulator", 13)
    headers = sign_in(client, "bureau", stage.key("bureau/a"))
    assert client.get("/v1/supervision/accounts", headers=headers).status_code == 200
    stage.do("regulator", "party.suspend", {"party": "bureau", "document": "d"}, *REGULATOR)
    closed = client.get("/v1/supervision/accounts", headers=headers)
    assert (closed.status_code, closed.json["code"]) == (403, "circle-closed")


def test_a_registrar_is_no_supervisor(client: FlaskClient, stage: Scene) -> None:
    headers = sign_in(client, "registrar", stage.keys[OFFICERS[0]])
    assert client.get("/v1/supervision/accounts", headers=headers).status_code == 403


@pytest.mark.parametrize(("url", "secure"), [("http://localhost", False), (PUBLIC_URL, True)])
def test_a_cookie_is_for_this_site_alone(stage: Scene, url: str, secure: bool) -> None:
    client = elsewhere(stage, url).test_client()
    key = stage.key("owner/a")
    made = answer(client, ask(client, "owner", key), key, cookie=True)
    (cookie,) = made.headers.getlist("Set-Cookie")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert ("Secure" in cookie, cookie.startswith("__Host-")) == (secure, secure)
    assert "Domain" not in cookie
    name = cookie.partition("=")[0]
    sent = {"Cookie": f"{name}={made.json['token']}"}
    plain = elsewhere(stage, url).test_client(use_cookies=False)
    assert plain.get("/v1/sessions", headers=sent).status_code == 200
    for origin, status in ((None, 403), ("https://evil.example", 403), (url, 200)):
        headers = sent if origin is None else {**sent, "Origin": origin}
        assert plain.delete("/v1/sessions", headers=headers).status_code == status


def test_no_cookie_is_set_for_another_site(client: FlaskClient, stage: Scene) -> None:
    key = stage.key("owner/a")
    body = ask(client, "owner", key)
    signature = to_text(key.sign(body["message"].encode()))
    said = {n: body[n] for n in ("party", "key", "challenge")} | {"signature": signature}
    refused = client.post(
        "/v1/sessions", json={**said, "cookie": True}, headers={"Origin": "https://evil.example"}
    )
    assert (refused.status_code, refused.json["code"]) == (403, "request-from-elsewhere")


GOOD = {"party": "owner", "key": "ab" * 16, "challenge": "cd" * 32, "signature": "A" * 86 + "=="}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("party", "No Party", "not-a-party-id"),
        ("key", "AB" * 16, "not-hex"),
        ("challenge", "", "not-hex"),
        ("signature", "A" * 10, "length"),
        ("signature", "A" * 85 + "B==", "not-base64"),
        ("cookie", 1, "not-a-flag"),
        ("password", "x", "field-unknown"),
    ],
)
def test_a_field_at_fault_is_named(
    client: FlaskClient, field: str, value: object, code: str
) -> None:
    refused = client.post("/v1/sessions", json={**GOOD, field: value})
    assert (refused.status_code, refused.json["code"]) == (400, code)
    assert refused.json["params"]["field"] == f"/{field}"


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"party":"a","party":"b"}', b"\xff"])
def test_what_is_no_object_is_a_typed_error(client: FlaskClient, data: bytes) -> None:
    for path in ("/v1/sessions", "/v1/sessions/challenges"):
        refused = client.post(path, data=data, content_type="application/json")
        assert refused.status_code == 400
    assert client.post("/v1/sessions", data=b"a=b", content_type="text/plain").status_code == 415


@pytest.mark.parametrize("header", ["Basic eDp5", "Bearer", "Bearer " + "x" * 5_000, "Bearer é"])
def test_an_odd_authorization_is_no_session(client: FlaskClient, header: str) -> None:
    refused = client.get(
        "/v1/sessions", headers={"Authorization": header.encode().decode("latin-1")}
    )
    assert (refused.status_code, refused.json["code"]) == (401, "session-unknown")


def test_without_its_store_sign_in_is_away_and_the_record_is_not(
    stage: Scene, tmp_path: Path
) -> None:
    broken = tmp_path / "ops.sqlite"
    broken.write_bytes(b"no database at all" * 50)
    settings = replace(stage.ledger.settings, ops=f"sqlite:///{broken}")
    client = create_app(replace(stage.ledger, settings=settings), stage.clock).test_client()
    body = {"party": "owner", "key": "ab" * 16}
    for away in (
        client.post("/v1/sessions/challenges", json=body),
        client.get("/v1/accounts", headers=bearer("qzs_x")),
        client.get("/v1/entries/0", headers=bearer("qzs_x")),
    ):
        assert (away.status_code, away.json["code"]) == (503, "ops-unavailable")
        assert "Retry-After" in away.headers
    assert client.get("/v1/entries/0").status_code == 200
    assert client.get("/").status_code == 200
    submission = stage.write("owner", "project.submit", ProjectDesign(), "a")
    assert client.post("/v1/statements", data=submission.encode()).status_code == 201
    broken.unlink()
    key = stage.key("owner/a")
    assert answer(client, ask(client, "owner", key), key).status_code == 201
