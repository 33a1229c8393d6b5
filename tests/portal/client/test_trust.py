"""Nothing is believed that the pinned key did not sign, and never two histories of one log."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path

import pytest

from ledger.log.checkpoint import Checkpoint
from ledger.log.note import Verifier
from ledger.statements.ed25519 import load_private, new_key, public_bytes
from portal.client import Answer, Client, Fork, NotProved, Rejected, ServerFault
from portal.client.memory import Held, Memory
from tests.factories.ledger import ORIGIN, Voices
from tests.portal.client.conftest import Connect
from tests.portal.client.network import Flaky

NUMBERS = count(1)


def state_one(client: Client, voices: Voices) -> Answer:
    body = {
        "code": f"test-trust-{next(NUMBERS)}",
        "valid_from": "2026-01-01",
        "value": "7",
        "unit": "days",
        "source": "test document",
        "confidence": "low",
    }
    return client.submit(client.sign("parameter.set", "regulator", body, voices.keys["regulator"]))


def forged(voices: Voices, size: int, root: bytes) -> bytes:
    """A head with the log's own signature, as only its operator could make one."""
    key = load_private(voices.ledger.settings.keys / "log.pem")
    return Checkpoint(ORIGIN, size, root).sign(key).encode()


def test_heads_that_extend_each_other_are_followed_and_remembered(
    connect: Connect, voices: Voices, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    client = connect(state=state)
    first = client.checkpoint()
    state_one(client, voices)
    second = client.checkpoint()
    assert second.size == first.size + 1
    assert json.loads(state.read_bytes())["note"].splitlines()[1] == str(second.size)


def test_a_statement_says_what_its_author_has_verified(connect: Connect, voices: Voices) -> None:
    client = connect()
    body = {"party": "maker", "document": "test document"}
    blind = client.sign("party.suspend", "regulator", body, voices.keys["regulator"])
    head = client.checkpoint()
    seeing = client.sign("party.suspend", "regulator", body, voices.keys["regulator"])
    assert blind.envelope.payload.seen is None
    assert seeing.envelope.payload.seen == (head.size, head.root.hex())


def test_another_root_for_a_remembered_size_is_a_fork_even_after_a_restart(
    connect: Connect, voices: Voices, network: Flaky, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    head = connect(state=state).checkpoint()
    kept = state.read_bytes()
    network.replaced["/log/checkpoint"] = forged(voices, head.size, b"\x01" * 32)
    with pytest.raises(Fork, match="fork") as told:
        connect(state=state).checkpoint()
    assert told.value.remembered != told.value.offered
    assert state.read_bytes() == kept


def test_a_longer_history_that_drops_what_was_remembered_is_a_fork(
    connect: Connect, voices: Voices, network: Flaky
) -> None:
    client = connect()
    client.checkpoint()
    state_one(connect(), voices)
    with voices.ledger.record.reading() as connection:
        size = voices.ledger.record.head(connection).size
    network.replaced["/log/checkpoint"] = forged(voices, size, b"\x02" * 32)
    with pytest.raises(Fork, match="not-consistent"):
        client.checkpoint()


def test_an_older_head_of_the_same_history_is_no_fork(
    connect: Connect, voices: Voices, network: Flaky, url: str
) -> None:
    client = connect()
    old = client._sender.send("GET", "/log/checkpoint").content
    state_one(client, voices)
    newest = client.checkpoint()
    network.replaced["/log/checkpoint"] = old
    assert client.checkpoint().size == newest.size - 1
    assert client._trust.last == newest


def test_a_head_of_another_key_is_not_believed(
    connect: Connect, network: Flaky, voices: Voices
) -> None:
    client = connect()
    network.replaced["/log/checkpoint"] = (
        Checkpoint(ORIGIN, 1, b"\x03" * 32).sign(new_key()).encode()
    )
    with pytest.raises(NotProved, match="not-signed-by-trusted-key"):
        client.checkpoint()
    stranger = Verifier(ORIGIN, public_bytes(new_key())).vkey
    with pytest.raises(NotProved, match="not-signed-by-trusted-key"):
        connect(vkey=stranger).checkpoint()


def test_an_entry_is_proved_and_its_files_convince_anybody(
    connect: Connect, voices: Voices
) -> None:
    client = connect()
    body = {
        "code": "test-proved",
        "valid_from": "2026-01-01",
        "value": "7",
        "unit": "days",
        "source": "test document",
        "confidence": "low",
    }
    statement = client.sign("parameter.set", "regulator", body, voices.keys["regulator"])
    answer = client.submit(statement)
    proved = client.prove_statement(statement, answer)
    assert (proved.index, proved.leaf[:5]) == (answer.index, b'{"at"')
    other = client.sign("parameter.set", "regulator", body, voices.keys["regulator"])
    with pytest.raises(NotProved, match="entry-of-another"):
        client.prove_statement(other, answer)


def test_an_altered_entry_is_not_proved(connect: Connect, voices: Voices, network: Flaky) -> None:
    client = connect()
    proved = client.prove(0)
    network.replaced["/v1/entries/0/leaf"] = proved.leaf.replace(b'"at"', b'"aT"')
    with pytest.raises(NotProved, match="root-differs"):
        client.prove(0)


def test_the_receipt_of_another_entry_is_not_taken(
    connect: Connect, voices: Voices, network: Flaky
) -> None:
    client = connect()
    index = state_one(client, voices).index
    for path in ("/v1/entries/{}/leaf", "/v1/entries/{}/proof"):
        network.replaced[path.format(index)] = client._sender.send("GET", path.format(0)).content
    with pytest.raises(NotProved, match="index-differs"):
        client.prove(index)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format":"x"}', '{"format":1,"format":1}'])
def test_a_state_file_that_is_none_is_refused(connect: Connect, tmp_path: Path, text: str) -> None:
    state = tmp_path / "state.json"
    state.write_text(text)
    with pytest.raises(NotProved, match="state-malformed"):
        connect(state=state).checkpoint()


def test_a_state_file_belongs_to_one_key(connect: Connect, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    connect(state=state).checkpoint()
    stranger = Verifier(ORIGIN, public_bytes(new_key())).vkey
    with pytest.raises(NotProved, match="state-of-another-key"):
        connect(state=state, vkey=stranger).checkpoint()


def test_a_file_is_replaced_only_by_who_read_what_stands_in_it(tmp_path: Path) -> None:
    one, other = (Memory("key", tmp_path / "state.json") for _ in range(2))
    assert one.replace(Held(), Held("first"))
    assert not other.replace(Held(), Held("second"))
    assert other.replace(Held("first"), Held("second"))
    assert one.read() == Held("second")


def test_cursors_are_followed_to_the_end(connect: Connect, network: Flaky) -> None:
    client = connect()
    parties = [row["party"] for row in client.items("/v1/parties", limit=2)]
    assert parties == [row["party"] for row in client.get("/v1/parties")["items"]]
    assert len(parties) == 8
    assert len(network.asked) == 4 + 1


@pytest.mark.parametrize(
    "path", ["/v1/parties", "http://elsewhere.example/v1/parties", "//elsewhere.example/v1/parties"]
)
def test_a_cursor_that_leads_astray_is_not_followed(
    connect: Connect, network: Flaky, path: str
) -> None:
    page = json.dumps({"items": [], "next": path}).encode()
    network.replaced["/v1/parties"] = page
    with pytest.raises(ServerFault, match="cursor-astray"):
        list(connect().items("/v1/parties"))


def test_what_is_not_there_is_rejected_with_its_code(connect: Connect) -> None:
    with pytest.raises(Rejected, match="entry-unknown") as told:
        connect().prove(10**9)
    assert told.value.status == 404


@pytest.mark.parametrize("url", ["ftp://x", "x", "http://", "http://x?y"])
def test_an_address_that_is_none_is_refused(voices: Voices, url: str) -> None:
    with pytest.raises(ValueError, match="url"):
        Client(url, voices.ledger.record.vkey)


def test_keys_that_followed_the_pinned_one_are_followed(
    connect: Connect, voices: Voices, network: Flaky, tmp_path: Path
) -> None:
    from portal.statements.rotating import rotate_key

    state = tmp_path / "state.json"
    client = connect(state=state)
    client.checkpoint()
    made = rotate_key(voices.ledger.settings, lost=False)
    reply = voices.ledger.entrance.submit(made.statement)
    assert reply.status == "accepted"
    assert client.prove(0).size == client.checkpoint().size
    asked = len(network.asked)
    assert connect(state=state).prove(0).index == 0
    assert "/log/keys" not in network.asked[asked:]
    old = load_private(voices.ledger.settings.keys / "log.pem")
    stolen = Checkpoint(ORIGIN, client.checkpoint().size + 1, b"\x04" * 32).sign(old)
    network.replaced["/log/checkpoint"] = stolen.encode()
    with pytest.raises(NotProved, match="not-signed-by-trusted-key"):
        client.checkpoint()
