"""Signing in to an application under test."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.statements.binary import to_text
from ledger.statements.ed25519 import key_id, public_bytes

Headers = dict[str, str]


def ask(client: FlaskClient, party: str, key: Ed25519PrivateKey) -> dict[str, Any]:
    """A challenge for a party's key."""
    body = {"party": party, "key": key_id(public_bytes(key))}
    answer = client.post("/v1/sessions/challenges", json=body)
    assert answer.status_code == 201, answer.text
    challenge: dict[str, Any] = answer.json
    return challenge


def answer(
    client: FlaskClient, challenge: dict[str, Any], key: Ed25519PrivateKey, **more: Any
) -> TestResponse:
    """What the server says to a challenge that this key signs."""
    body = {
        "party": challenge["party"],
        "key": challenge["key"],
        "challenge": challenge["challenge"],
        "signature": to_text(key.sign(challenge["message"].encode())),
    }
    return client.post("/v1/sessions", json={**body, **more})


def sign_in(client: FlaskClient, party: str, key: Ed25519PrivateKey) -> Headers:
    """The headers of somebody who has signed in."""
    made = answer(client, ask(client, party, key), key)
    assert made.status_code == 201, made.text
    return bearer(made.json["token"])


def bearer(token: str) -> Headers:
    return {"Authorization": f"Bearer {token}"}
