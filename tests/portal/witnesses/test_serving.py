"""The small witness over HTTP: what it has cosigned it remembers, whatever happens to it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import tree_root
from ledger.log.note import open_note, parse_vkey
from ledger.log.reader import consistency_proof
from ledger.log.witness import cosign_with, format_request
from ledger.writer.errors import IntegrityFault
from portal.witnesses.posting import Poster
from portal.witnesses.serving import REQUEST_BYTES_MAX
from tests.factories.witnesses import Double, served
from tests.ledger.log.throwaway import KEY, ORIGIN, VKEY, Folder

FORK = Checkpoint(ORIGIN, 300, tree_root([bytes(32)] * 300)).sign(KEY)


@pytest.fixture
def log(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "log", (256, 300))


@pytest.fixture
def double(tmp_path: Path) -> Double:
    return Double(tmp_path / "memory", "witness.example/w", VKEY, 1)


@pytest.fixture
def post() -> Iterator[Poster]:
    made = Poster()
    yield made
    made.close()


def test_the_client_gets_a_cosignature_over_http(log: Folder, double: Double, post: Poster) -> None:
    with served(double.small) as address:
        for old, size in ((0, 256), (0, 300)):
            lines = cosign_with(
                post,
                f"{address}/",
                [double.verifier],
                log.notes[size],
                lambda m, n: consistency_proof(log.memory, m, n),
                old,
            )
            note = log.notes[size] + "".join(lines)
            assert len(open_note(note, [parse_vkey(VKEY), double.verifier])[1]) == 2


def test_a_fork_is_refused_after_a_restart_too(log: Folder, tmp_path: Path) -> None:
    first = Double(tmp_path / "memory", "w", VKEY, 1)
    assert first.post(format_request(0, [], log.notes[300]))[0] == 200
    again = Double(tmp_path / "memory", "w", VKEY, 1)
    assert again.post(format_request(0, [], FORK))[:1] + again.post(format_request(300, [], FORK))[
        :1
    ] == (409, 422)
    assert again.post(format_request(300, [], log.notes[300]))[0] == 200


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"origin": "x", "size": 0, "root": ""}'])
def test_a_witness_that_has_lost_its_memory_signs_nothing(
    log: Folder, double: Double, tmp_path: Path, text: str
) -> None:
    assert double.post(format_request(0, [], log.notes[256]))[0] == 200
    (kept,) = (tmp_path / "memory").iterdir()
    kept.write_text(text)
    with pytest.raises(IntegrityFault, match="witness-memory-damaged"):
        double.post(format_request(256, [], log.notes[256]))


def test_what_cannot_be_remembered_is_not_signed(
    log: Folder, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr("portal.witnesses.serving.replace", full)
    with pytest.raises(OSError, match="no space"):
        double.post(format_request(0, [], log.notes[256]))
    monkeypatch.undo()
    assert double.post(format_request(0, [], FORK))[0] == 200  # nothing was signed before


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/add-checkpoint", b"", 405),
        ("POST", "/", b"", 404),
        ("POST", "/add-checkpoint", b"", 400),
        ("POST", "/add-checkpoint", b"old 0\n\n\xff", 400),
        ("POST", "/add-checkpoint", format_request(1, [], FORK), 409),
    ],
)
def test_the_door_has_one_address_and_bounds(
    double: Double, method: str, path: str, body: bytes, status: int
) -> None:
    with served(double.small) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        connection.request(method, path, body)
        answer = connection.getresponse()
        assert answer.status == status
        if status == 409:
            assert (answer.getheader("Content-Type"), answer.read()) == (
                "text/x.tlog.size",
                b"0\n",
            )
        connection.close()


def test_too_much_is_refused_by_its_declared_length_before_any_of_it_is_read(
    double: Double,
) -> None:
    """Nothing of the body is sent: a server that waited for it would never answer."""
    with served(double.small) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        connection.putrequest("POST", "/add-checkpoint")
        connection.putheader("Content-Length", str(REQUEST_BYTES_MAX + 1))
        connection.endheaders()
        assert connection.getresponse().status == 413
        connection.close()
