"""Sign-in: a challenge that a key signs once, and the session that follows from it.

What is signed names the ledger, the address that the reader believes to speak with, the party,
the key, the nonce and its end.  A statement's signature is over DSSE's own encoding, which begins
with other bytes, so that neither can ever be taken for the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, select, update

from ledger.statements.instants import format_instant
from portal.ops.store import Store
from portal.ops.tables import challenge, session

DOMAIN = "qingzhang sign-in v1"
"""No log can have a name with spaces, so no tree head begins like this either."""
CHALLENGE_MS = 120_000
SESSION_MS = 4 * 3600 * 1000
IDLE_MS = 30 * 60 * 1000
NOTICED_MS = 60_000
"""How stale the time of last use may be, so that a read does not always write."""
SESSIONS_A_KEY = 20
NONCE_BYTES, TOKEN_BYTES = 32, 32
TOKEN_PREFIX = "qzs_"
Entropy = Callable[[int], bytes]


def message(ledger: str, url: str, party: str, key: str, nonce: str, expires_at: int) -> bytes:
    """The bytes that a key signs to sign in; ``expires_at`` in UTC milliseconds."""
    lines = (ledger, url, party, key, nonce, format_instant(expires_at))
    return "\n".join((DOMAIN, *lines)).encode()


@dataclass(frozen=True)
class Challenge:
    """What was asked of a key: to sign ``nonce`` for ``url`` before ``expires_at``."""

    party: str
    key: str
    url: str
    expires_at: int


@dataclass(frozen=True)
class Session:
    """Who signed in and until when; times in UTC milliseconds."""

    token_sha256: str
    party: str
    key: str
    created_at: int
    expires_at: int


class Sessions:
    """Challenges and sessions of a store; every method may raise Unavailable."""

    def __init__(self, store: Store, entropy: Entropy) -> None:
        self._store = store
        self._entropy = entropy

    def challenge(self, party: str, key: str, url: str, now: int) -> tuple[str, int]:
        """A nonce for one sign-in, and its end."""
        nonce, expires_at = self._entropy(NONCE_BYTES).hex(), now + CHALLENGE_MS
        row = {"nonce_sha256": _digest(nonce), "party": party, "key": key, "url": url}

        def work(connection: Connection) -> None:
            connection.execute(delete(challenge).where(challenge.c.expires_at <= now))
            connection.execute(challenge.insert(), {**row, "expires_at": expires_at})

        self._store.run(work)
        return nonce, expires_at

    def answer(self, nonce: str, now: int) -> Challenge | None:
        """Take a challenge away, whatever comes of it; None where it is unknown or over."""
        asked = delete(challenge).where(challenge.c.nonce_sha256 == _digest(nonce))
        query = asked.returning(challenge)
        row = self._store.run(lambda connection: connection.execute(query).first())
        if row is None or row.expires_at <= now:
            return None
        return Challenge(row.party, row.key, row.url, row.expires_at)

    def begin(self, party: str, key: str, now: int) -> tuple[str, Session]:
        """A token, told once and kept as a digest, and its session."""
        token = TOKEN_PREFIX + self._entropy(TOKEN_BYTES).hex()
        made = Session(_digest(token), party, key, now, now + SESSION_MS)

        def work(connection: Connection) -> None:
            table = session
            over = (table.c.expires_at <= now) | (table.c.seen_at <= now - IDLE_MS)
            connection.execute(delete(table).where(over))
            own = select(table.c.token_sha256).where(table.c.party == party, table.c.key == key)
            newest = own.order_by(table.c.created_at.desc()).offset(SESSIONS_A_KEY - 1)
            surplus = list(connection.execute(newest).scalars())
            connection.execute(delete(table).where(table.c.token_sha256.in_(surplus)))
            connection.execute(table.insert(), {**vars(made), "seen_at": now})

        self._store.run(work)
        return token, made

    def find(self, token: str, now: int) -> Session | None:
        """The session of a token, or None where it is unknown, over, or idle too long."""
        table = session
        asked = {"digest": _digest(token)}
        row = self._store.run(lambda c: c.execute(_FIND, asked).first(), reads=True)
        if row is None or row.expires_at <= now or row.seen_at <= now - IDLE_MS:
            return None
        if row.seen_at <= now - NOTICED_MS:
            seen = update(table).where(table.c.token_sha256 == row.token_sha256)
            self._store.run(lambda connection: connection.execute(seen.values(seen_at=now)))
        return Session(row.token_sha256, row.party, row.key, row.created_at, row.expires_at)

    def end(self, found: Session, *, every: bool = False) -> int:
        """End a session, or every one of its key; gives how many."""
        table = session
        query = delete(table).where(table.c.token_sha256 == found.token_sha256)
        if every:
            query = delete(table).where(table.c.party == found.party, table.c.key == found.key)
        return self._store.run(lambda connection: connection.execute(query).rowcount)


_FIND = select(session).where(session.c.token_sha256 == bindparam("digest"))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
