"""A statement's fate is known in the end, and it is stated once however often it is sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, formatdate
from itertools import count
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from ledger.statements.ed25519 import new_key
from ledger.statements.envelope import Submission
from ledger.statements.errors import Malformed
from ledger.writer.tables import attachment as attachment_table
from portal.client import (
    Answer,
    Client,
    Patience,
    RefusedByRules,
    Rejected,
    ServerFault,
    Unreachable,
)
from portal.client.retrying import seconds_asked
from tests.factories.ledger import Voices
from tests.portal.client.conftest import Connect
from tests.portal.client.network import Flaky, busy

NUMBERS = count(1)


def parameter(client: Client, voices: Voices, *, people: int = 2) -> Submission:
    body = {
        "code": f"test-parameter-{next(NUMBERS)}",
        "valid_from": "2026-01-01",
        "value": "7",
        "unit": "days",
        "source": "test document",
        "confidence": "low",
    }
    return client.sign("parameter.set", "regulator", body, voices.keys["regulator"][:people])


def size(voices: Voices) -> int:
    with voices.ledger.record.reading() as connection:
        return voices.ledger.record.head(connection).size


def test_a_statement_is_accepted_and_its_repetition_is_the_same_entry(
    connect: Connect, voices: Voices
) -> None:
    client = connect()
    statement = parameter(client, voices)
    first, again = client.submit(statement), client.submit(statement)
    assert (first.replayed, again.replayed) == (False, True)
    assert first.index == again.index
    assert first.outcome == {"result": "accepted"}


def test_papers_travel_with_the_statement_that_states_their_digests(
    connect: Connect, voices: Voices, tmp_path: Path
) -> None:
    paper = tmp_path / "licence.pdf"
    paper.write_bytes(b"%PDF-1.7 a licence")
    client, body = connect(), voices.admission("with-papers", number=71)
    statement = client.sign(
        "party.admit", "registrar", body, voices.keys["registrar"], attachments={"licence": paper}
    )
    answer = client.submit(statement)
    table = attachment_table
    with voices.ledger.record.reading() as connection:
        row = connection.execute(select(table).where(table.c.index == answer.index)).one()
    assert (row.name, row.media_type, row.content) == (
        *("licence", "application/pdf"),
        paper.read_bytes(),
    )
    assert row.digest == statement.body["attachments"]["licence"]
    with pytest.raises(Malformed) as refused:
        client.sign(
            "party.admit", "registrar", body, voices.keys["registrar"], attachments={"x": paper}
        )
    assert (refused.value.code, refused.value.params["known"][0]) == (
        *("attachment-unknown",),
        "application",
    )


@pytest.mark.parametrize(
    "plan", [["lost"], ["reply lost"], ["reply lost", "lost", "reply lost"], [busy("0"), "lost"]]
)
def test_what_the_network_loses_is_stated_once(
    connect: Connect, voices: Voices, network: Flaky, plan: list[str]
) -> None:
    client = connect()
    statement = parameter(client, voices)
    before = size(voices)
    network.plan = list(plan)
    answer = client.submit(statement)
    assert answer.replayed is ("reply lost" in plan)
    assert (answer.index, size(voices)) == (before, before + 1)


def test_a_refusal_whose_reply_was_lost_is_still_a_refusal(
    connect: Connect, voices: Voices, network: Flaky
) -> None:
    client = connect()
    statement = parameter(client, voices, people=1)
    network.plan = ["reply lost"]
    with pytest.raises(RefusedByRules, match="four-eyes") as lost:
        client.submit(statement)
    with pytest.raises(RefusedByRules, match="four-eyes") as again:
        client.submit(statement)
    assert lost.value.index == again.value.index == size(voices) - 1


def test_patience_ends(connect: Connect, voices: Voices, network: Flaky) -> None:
    client = connect(patience=Patience(attempts=3))
    network.plan = ["lost"] * 5
    with pytest.raises(Unreachable):
        client.submit(parameter(client, voices))
    assert (len(network.asked), len(network.waits)) == (3, 2)


def test_the_server_is_left_alone_as_long_as_it_asks(
    connect: Connect, voices: Voices, network: Flaky
) -> None:
    client = connect()
    network.plan = [busy("7")]
    client.submit(parameter(client, voices))
    assert network.waits == [7]


def test_who_asks_for_more_than_our_patience_is_not_waited_for(
    connect: Connect, voices: Voices, network: Flaky
) -> None:
    client = connect(patience=Patience(total=30))
    network.plan = [busy("3600")]
    with pytest.raises(Unreachable):
        client.submit(parameter(client, voices))
    assert network.waits == []


def test_a_date_is_a_pause_too() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=100)
    given = seconds_asked({"Retry-After": format_datetime(soon, usegmt=True)})
    assert given is not None
    assert 90 < given <= 100
    assert seconds_asked({"Retry-After": formatdate(0)}) == 0
    assert seconds_asked({"Retry-After": "soon"}) is None
    assert seconds_asked({}) is None


def test_a_broken_server_is_not_asked_again(
    connect: Connect, voices: Voices, network: Flaky
) -> None:
    client = connect()
    network.plan = [httpx2.Response(500)]
    with pytest.raises(ServerFault, match="server-broken"):
        client.submit(parameter(client, voices))
    assert len(network.asked) == 1


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'{"outcome":1,"index":1}'])
def test_an_answer_that_is_none_of_ours_is_a_fault(
    connect: Connect, voices: Voices, network: Flaky, content: bytes
) -> None:
    client = connect()
    network.plan = [httpx2.Response(201, content=content)]
    with pytest.raises(ServerFault, match="answer-unreadable"):
        client.submit(parameter(client, voices))


def test_what_is_not_authentic_is_rejected_with_its_code(connect: Connect, voices: Voices) -> None:
    client = connect()
    body = {"party": "verifier-a", "document": "test document"}
    stranger = client.sign("party.suspend", "regulator", body, [new_key(), new_key()])
    with pytest.raises(Rejected) as told:
        client.submit(stranger)
    assert (told.value.status, told.value.code) == (401, "key-unknown")


def test_many_threads_share_a_client(connect: Connect, voices: Voices) -> None:
    client = connect()
    statement = parameter(client, voices)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.submit(statement), range(16)))
    assert len({answer.index for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1


def test_each_line_has_its_own_answer_in_order(
    connect: Connect, voices: Voices, network: Flaky
) -> None:
    client = connect()
    good, alone = parameter(client, voices), parameter(client, voices, people=1)
    network.plan = ["reply lost"]
    first, second, third = client.submit_all([good, alone, good])
    assert isinstance(first, Answer)
    assert isinstance(second, RefusedByRules)
    assert isinstance(third, Answer)
    assert third.index == first.index == second.index - 1


def test_lines_that_the_server_could_not_take_are_sent_again(
    connect: Connect, voices: Voices, network: Flaky
) -> None:
    client = connect()
    statements = [parameter(client, voices) for _ in range(3)]
    late = b'{"status":503,"code":"writer-slow","params":{}}\n'
    network.plan = [httpx2.Response(200, content=late * 3)]
    answers = list(client.submit_all(statements))
    assert all(isinstance(answer, Answer) for answer in answers)
    assert network.asked == ["/v1/statements/bulk"] * 2


def test_many_go_in_requests_that_a_server_takes(
    connect: Connect, voices: Voices, network: Flaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = connect()
    statements = [parameter(client, voices) for _ in range(5)]
    monkeypatch.setattr("portal.client.statements.LINES", 2)
    answers = list(client.submit_all(statements))
    assert [a.index for a in answers if isinstance(a, Answer)] == sorted(
        a.index for a in answers if isinstance(a, Answer)
    )
    assert (len(answers), len(network.asked)) == (5, 3)
    monkeypatch.setattr("portal.client.statements.LINES_BYTES", 1)
    assert all(isinstance(a, Answer) and a.replayed for a in client.submit_all(statements))
    assert len(network.asked) == 3 + 5


def test_when_nothing_is_known_each_caller_is_told(
    connect: Connect, voices: Voices, network: Flaky
) -> None:
    client = connect(patience=Patience(attempts=1))
    network.plan = ["reply lost"]
    told = list(client.submit_all([parameter(client, voices) for _ in range(2)]))
    assert [type(item) for item in told] == [Unreachable, Unreachable]
