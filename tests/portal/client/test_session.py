"""A client that has signed in reads what is its party's own, and leaves no session behind."""

from __future__ import annotations

from typing import Any

import httpx2
import orjson
import pytest

from ledger.statements.ed25519 import new_key
from portal.client import NotProved, Rejected
from tests.factories.ledger import Voices
from tests.portal.client.conftest import Connect
from tests.portal.client.network import Flaky


def test_a_party_reads_its_own_once_it_has_signed_in(connect: Connect, voices: Voices) -> None:
    client = connect()
    with pytest.raises(Rejected) as caught:
        client.get("/v1/keys")
    assert caught.value.code == "session-needed"
    client.sign_in("registrar", voices.keys["registrar"][0])
    assert {row["party"] for row in client.items("/v1/keys")} == {"registrar"}
    client.sign_out()
    with pytest.raises(Rejected):
        client.get("/v1/keys")


def test_closing_ends_the_session(connect: Connect, voices: Voices, network: Flaky) -> None:
    client = connect()
    client.sign_in("registrar", voices.keys["registrar"][0])
    token: Any = client._token
    client.close()
    other = connect()
    other._token = token
    with pytest.raises(Rejected) as caught:
        other.get("/v1/keys")
    assert caught.value.status == 401


def test_a_key_that_nobody_registered_is_rejected(connect: Connect) -> None:
    with pytest.raises(Rejected):
        connect().sign_in("registrar", new_key())


def test_a_challenge_of_another_server_is_not_signed(
    connect: Connect, voices: Voices, network: Flaky
) -> None:
    """Its words name another address than the one that was asked."""
    told = {
        "challenge": "0" * 64,
        "expires_at": "2030-01-01T00:00:00.000Z",
        "message": "qingzhang sign-in v1\nother",
    }
    network.plan = [httpx2.Response(201, content=orjson.dumps(told))]
    with pytest.raises(NotProved) as caught:
        connect().sign_in("registrar", voices.keys["registrar"][0])
    assert caught.value.code == "challenge-differs"
