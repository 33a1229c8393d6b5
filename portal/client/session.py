"""A session of the client, by which it reads what is a party's own."""

from __future__ import annotations

from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.client.errors import NotProved, ServerFault, rejected
from portal.client.retrying import Sender
from portal.statements.challenges import (
    CHALLENGES,
    SESSIONS,
    Differs,
    Unreadable,
    answering,
    asking,
)


def begin(sender: Sender, origin: str, party: str, key: Ed25519PrivateKey) -> str:
    """A token for what the party of a key may read.

    Raises NotProved ``challenge-differs`` where the server asks for the signature of something
    else, Rejected where it does not know the key, and what sending raises.
    """
    asked = _posted(sender, CHALLENGES, asking(party, key))
    try:
        said = answering(asked, sender.url, party, key, origin)
    except Unreadable as error:
        raise ServerFault("answer-unreadable", path=CHALLENGES) from error
    except Differs as error:
        raise NotProved("challenge-differs", url=sender.url) from error
    return str(_posted(sender, SESSIONS, said)["token"])


def end(sender: Sender, token: str) -> None:
    """End a session; one that has ended by itself is no fault."""
    sender.send("DELETE", SESSIONS, Authorization=f"Bearer {token}")


def _posted(sender: Sender, path: str, body: dict[str, str]) -> Any:
    response = sender.send("POST", path, orjson.dumps(body), Content_Type="application/json")
    if response.status_code >= 400:
        raise rejected(response.status_code, response.content)
    return orjson.loads(response.content)
