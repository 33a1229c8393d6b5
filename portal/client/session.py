"""A session of the client: a key signs a challenge that is made here, never one that was sent.

Whoever stands between and passes on another server's challenge gets a signature that only he
himself could use (`portal/ops/sessions.py`).
"""

from __future__ import annotations

from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.statements.binary import to_text
from ledger.statements.ed25519 import key_id, public_bytes
from ledger.statements.errors import StatementError
from ledger.statements.instants import parse_instant
from portal.client.errors import NotProved, ServerFault, rejected
from portal.client.retrying import Sender
from portal.ops.sessions import message

_PLACE = "/v1/sessions"


def begin(sender: Sender, origin: str, party: str, key: Ed25519PrivateKey) -> str:
    """A token for what the party of a key may read.

    Raises NotProved ``challenge-differs`` where the server asks for the signature of something
    else, Rejected where it does not know the key, and what sending raises.
    """
    own = key_id(public_bytes(key))
    asked = _posted(sender, f"{_PLACE}/challenges", {"party": party, "key": own})
    try:
        end = parse_instant(asked["expires_at"])
        text = message(origin, sender.url, party, own, asked["challenge"], end)
        agrees = text.decode() == asked["message"]
    except (KeyError, TypeError, StatementError) as error:
        raise ServerFault("answer-unreadable", path=_PLACE) from error
    if not agrees:
        raise NotProved("challenge-differs", url=sender.url)
    said = {"party": party, "key": own, "challenge": asked["challenge"]}
    made = _posted(sender, _PLACE, {**said, "signature": to_text(key.sign(text))})
    return str(made["token"])


def end(sender: Sender, token: str) -> None:
    """End a session; one that has ended by itself is no fault."""
    sender.send("DELETE", _PLACE, Authorization=f"Bearer {token}")


def _posted(sender: Sender, path: str, body: dict[str, Any]) -> Any:
    response = sender.send("POST", path, orjson.dumps(body), Content_Type="application/json")
    if response.status_code >= 400:
        raise rejected(response.status_code, response.content)
    return orjson.loads(response.content)
