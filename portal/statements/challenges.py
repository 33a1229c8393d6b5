"""Signing in as a client: what a key signs is made here, from the address that was asked.

Whoever stands between and passes on another server's challenge gets a signature that only he
himself could use (`portal/ops/sessions.py`).
"""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.statements.binary import to_text
from ledger.statements.ed25519 import key_id, public_bytes
from ledger.statements.errors import StatementError
from ledger.statements.instants import parse_instant
from portal.ops.sessions import message

SESSIONS = "/v1/sessions"
CHALLENGES = f"{SESSIONS}/challenges"


class Unreadable(Exception):
    """What came is no challenge."""


class Differs(Exception):
    """The server asks for the signature of something else."""


def asking(party: str, key: Ed25519PrivateKey) -> dict[str, str]:
    """What a challenge is asked for with."""
    return {"party": party, "key": key_id(public_bytes(key))}


def answering(
    asked: Any, url: str, party: str, key: Ed25519PrivateKey, ledger: str | None = None
) -> dict[str, str]:
    """What a session is asked for with; ``ledger`` is the origin, where it is pinned.

    Raises Unreadable and Differs.
    """
    who = asking(party, key)
    try:
        end, origin = parse_instant(asked["expires_at"]), ledger or asked["ledger"]
        text = message(origin, url, party, who["key"], asked["challenge"], end)
        agrees = text.decode() == asked["message"]
    except (KeyError, TypeError, StatementError) as error:
        raise Unreadable from error
    if not agrees:
        raise Differs
    return {**who, "challenge": asked["challenge"], "signature": to_text(key.sign(text))}
