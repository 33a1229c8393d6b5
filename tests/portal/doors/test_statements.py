"""One door for statements: every answer is typed, nothing is a 500."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from ledger.statements.envelope import body_digest, sign_statement
from ledger.writer import clock
from ledger.writer.errors import ForkRefused, Unavailable
from ledger.writer.turn import WriterState
from portal.app import create_app
from tests.factories.ledger import Voices, ledger

SUSPEND = {"party": "verifier-a", "document": "test document 2"}


def test_a_statement_is_accepted_then_replayed_then_in_conflict(
    client: FlaskClient, voices: Voices
) -> None:
    data = voices.sign("registrar", "party.admit", voices.admission("newcomer", number=20)).encode()
    first = client.post("/v1/statements", data=data)
    again = client.post("/v1/statements", data=data)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["index"] == again.json["index"]
    assert first.headers["Location"] == f"/v1/entries/{first.json['index']}"


def test_a_refusal_is_an_entry_and_a_problem(client: FlaskClient, voices: Voices) -> None:
    body = {"party": "nobody-known", "document": "test document 3"}
    answer = client.post(
        "/v1/statements", data=voices.sign("regulator", "party.suspend", body).encode()
    )
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "party-unknown"
    entry = client.get(answer.headers["Location"]).json
    assert entry["outcome"]["public"]["result"] == "refused"


def test_two_people_must_sign(client: FlaskClient, voices: Voices) -> None:
    alone = voices.keys["regulator"][:1]
    data = voices.sign("regulator", "party.suspend", SUSPEND, alone).encode()
    answer = client.post("/v1/statements", data=data)
    assert (answer.status_code, answer.json["code"]) == (422, "four-eyes")


def test_somebody_elses_key_is_not_authenticated(client: FlaskClient, voices: Voices) -> None:
    data = voices.sign("regulator", "party.suspend", SUSPEND, voices.keys["bank"]).encode()
    assert client.post("/v1/statements", data=data).status_code == 401


def test_a_changed_signature_is_not_authenticated(client: FlaskClient, voices: Voices) -> None:
    data = voices.sign("regulator", "party.suspend", SUSPEND).encode()
    place = data.index(b'"sig":"') + 10
    other = b"A" if data[place : place + 1] != b"A" else b"B"
    answer = client.post("/v1/statements", data=data[:place] + other + data[place + 1 :])
    assert (answer.status_code, answer.json["code"]) == (401, "signature-invalid")


HOSTILE = [
    b"",
    b"null",
    b"[]",
    b"{",
    b"\xff\xfe",
    b'{"envelope":1,"body":{}}',
    b'{"a":1,"a":2}',
    b'{"envelope":{},"body":NaN}',
    b'{"body":{"x":1.5}}',
    b'{"body":{"x":99999999999999999999}}',
    b"[" * 100_000,
    b'{"body":{"x":"\\ud800"}}',
    b'{"envelope":{"payload":{},"payloadType":[],"signatures":{}},"body":{}}',
]


@pytest.mark.parametrize("data", HOSTILE)
def test_hostile_json_gets_a_typed_error(client: FlaskClient, data: bytes) -> None:
    answer = client.post("/v1/statements", data=data)
    assert answer.status_code == 400
    assert answer.json["code"]


def test_a_body_with_an_unknown_field_is_named(client: FlaskClient, voices: Voices) -> None:
    data = voices.sign("regulator", "party.suspend", SUSPEND).encode()
    answer = client.post("/v1/statements", data=data.replace(b'"document":', b'"dokument":'))
    assert answer.status_code == 400
    assert answer.json["params"]["field"].startswith("/")


def test_too_much_and_the_wrong_kind_are_refused(client: FlaskClient) -> None:
    assert client.post("/v1/statements", data=b" " * 8_000_001).status_code == 413
    assert client.post("/v1/statements", data=b"{}", content_type="text/xml").status_code == 415
    assert client.delete("/v1/statements").status_code == 405


def test_bulk_answers_each_line_in_order(client: FlaskClient, voices: Voices) -> None:
    good = voices.sign("registrar", "party.admit", voices.admission("bulk-one", number=21)).encode()
    bad = voices.sign("registrar", "party.admit", voices.admission("bulk-one", number=22)).encode()
    answer = client.post("/v1/statements/bulk", data=b"\n".join([good, b"{", bad, good]))
    lines = [line for line in answer.text.split("\n") if line]
    assert answer.status_code == 200
    assert ['"status":201' in lines[0], '"json-invalid"' in lines[1]] == [True, True]
    assert ['"party-exists"' in lines[2], '"status":200' in lines[3]] == [True, True]


def test_problems_speak_the_readers_language(client: FlaskClient) -> None:
    chinese = client.get("/v1/entries/99999", headers={"Accept-Language": "zh-CN"})
    english = client.get("/v1/entries/99999", headers={"Accept-Language": "en-GB"})
    assert (chinese.json["title"], english.json["title"]) == (
        "没有此条目",
        "There is no such entry",
    )


def test_503_says_whether_to_send_the_same_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ledger(tmp_path) as own:
        client = create_app(own.ledger).test_client()
        data = own.sign("regulator", "party.suspend", SUSPEND).encode()
        seen = []
        for error in (Unavailable("clock-behind"), ForkRefused("fenced-out")):
            monkeypatch.setattr(WriterState, "begin", raising(error))
            answer = client.post("/v1/statements", data=data)
            assert answer.status_code == 503
            after = "Retry-After" in answer.headers
            seen.append((answer.json["code"], answer.json["retry"], after))
        assert seen == [("clock-behind", True, True), ("fork-refused", False, False)]


def raising(error: Exception) -> Callable[..., None]:
    def stop(*_: Any) -> None:
        raise error

    return stop


def test_a_handler_that_breaks_is_500_and_an_alarm_and_its_neighbours_go_on(
    client: FlaskClient,
    voices: Voices,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    types = voices.ledger.engine._spans["party.suspend", 1]

    broken = replace(types[0], decide=raising(ZeroDivisionError("planted")))
    monkeypatch.setitem(voices.ledger.engine._spans, ("party.suspend", 1), [broken])
    unknown = {**SUSPEND, "party": "nobody-known"}
    poison = voices.sign("regulator", "party.suspend", unknown).encode()
    good = [
        voices.sign("registrar", "party.admit", voices.admission(f"next-{n}", number=30 + n))
        for n in range(2)
    ]
    lines = b"\n".join([good[0].encode(), poison, good[1].encode()])
    answers = [
        json.loads(x) for x in client.post("/v1/statements/bulk", data=lines).text.splitlines()
    ]
    assert [answer["status"] for answer in answers] == [201, 500, 201]
    assert answers[2]["index"] == answers[0]["index"] + 1
    monkeypatch.undo()
    assert client.post("/v1/statements", data=poison).status_code == 422
    assert "statement-broken: planted" in caplog.text


@pytest.mark.parametrize("by_ms", [-3_600_000, 3_600_000])
def test_a_server_whose_clock_is_set_takes_nothing_until_it_is_right_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_ms: int
) -> None:
    with ledger(tmp_path) as own:
        client = create_app(own.ledger).test_client()
        data = own.sign("registrar", "party.admit", own.admission("late")).encode()
        usual = clock.time.time_ns
        monkeypatch.setattr(clock.time, "time_ns", lambda: usual() + by_ms * 1_000_000)
        answer = client.post("/v1/statements", data=data)
        assert (answer.status_code, answer.json["code"]) == (503, "clock-jumped")
        assert answer.json["retry"]
        assert client.get("/log/checkpoint").status_code == 200
        monkeypatch.undo()
        assert client.post("/v1/statements", data=data).status_code == 201


def test_an_altered_body_is_refused_and_spends_no_id(client: FlaskClient, voices: Voices) -> None:
    data = voices.sign("registrar", "party.admit", voices.admission("altered", number=41)).encode()
    size = len(client.get("/log/checkpoint").data)
    altered = data.replace("测试企业41".encode(), "测试企业42".encode())
    assert altered != data
    answer = client.post("/v1/statements", data=altered)
    assert (answer.status_code, answer.json["code"]) == (400, "body-digest-differs")
    assert len(client.get("/log/checkpoint").data) == size
    assert client.post("/v1/statements", data=data).status_code == 201


def test_another_statement_under_a_spent_id_is_a_conflict(
    client: FlaskClient, voices: Voices
) -> None:
    first = voices.sign("registrar", "party.admit", voices.admission("spent-id", number=43))
    assert client.post("/v1/statements", data=first.encode()).status_code == 201
    body = {**first.body, "name": "another"}
    payload = first.envelope.payload._replace(body_sha256=body_digest(body))
    other = sign_statement(payload, body, voices.keys["registrar"])
    answer = client.post("/v1/statements", data=other.encode())
    assert (answer.status_code, answer.json["code"]) == (409, "id-spent")
