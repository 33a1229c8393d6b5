"""Who reads: the party behind a request's token, as the key register has it at this moment."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request
from sqlalchemy import bindparam, select

from ledger.parties.models import KEY, PARTY
from ledger.writer.kinds import Row
from ledger.writer.store import plain
from ledger.writer.tables import log_head
from portal.ops.limits import SESSION
from portal.ops.sessions import Session
from portal.shell import limits
from portal.shell.address import address
from portal.shell.current import ledger, ops
from portal.shell.problems import Problem

SUPERVISORS = frozenset({"regulator"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
COOKIE, SECURE_COOKIE = "qingzhang", "__Host-qingzhang"
TOKEN_CHARACTERS = 200


@dataclass(frozen=True)
class Person:
    """Somebody behind a key: whose it is, which operator's, and whether of the supervisor."""

    party: str
    key: str
    operator: str
    person: str
    roles: tuple[str, ...]
    supervisor: bool


@dataclass(frozen=True)
class Reader(Person):
    """Somebody who has signed in."""

    session: Session


def need_reader() -> Reader:
    """The reader; raises Problem 401 where nobody has signed in."""
    found = reader()
    if found is None:
        raise Problem(401, "session-needed")
    return found


def reader() -> Reader | None:
    """The reader of this request, or None where it brings no token.

    Raises Problem 401 for a token that is over or whose key no longer holds, for otherwise its
    bearer would take what is hidden for what is not there; 403 for a cookie sent from elsewhere.
    """
    if not g.get("reader_asked"):
        g.reader_asked, g.reader = True, None
        token = _token()
        if token is not None:
            g.reader = _known(token)
    found: Reader | None = g.reader
    return found


def standing(party: str, key: str) -> Row | None:
    """``operator``, ``person``, ``roles`` and ``status`` behind a key that holds at the log's end.

    None for a key that is unknown, another party's or revoked, and for a party that is closed.
    """
    asked = {"key": key, "party": party, "origin": ledger().record.origin}
    with ledger().record.reading() as connection:
        found = connection.execute(_STANDING, asked).mappings().first()
    return None if found is None else plain(found)


def person_of(party: str, key: str) -> Person | None:
    """Who is behind a party's key at the log's end, or None where it does not hold."""
    found = standing(party, key)
    if found is None:
        return None
    roles = tuple(found["roles"])
    # A suspended party may still see its own; it supervises nobody.
    supervises = found["status"] == "active" and not SUPERVISORS.isdisjoint(roles)
    return Person(party, key, found["operator"], found["person"], roles, supervises)


_KEY, _PARTY, _HEAD = KEY.table.c, PARTY.table.c, log_head.c
_STANDING = (
    select(_KEY.operator, _KEY.person, _PARTY.roles, _PARTY.status)
    .where(_KEY.key == bindparam("key"), _KEY.party == bindparam("party"))
    .where(_PARTY.party == _KEY.party, _PARTY.status != "closed")
    .where(_HEAD.origin == bindparam("origin"))
    .where(_KEY.until.is_(None) | (_KEY.until > _HEAD.size))
)


def _token() -> str | None:
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Problem(401, "session-unknown")
        return token
    cookie = request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE)
    unsafe = cookie and request.method not in SAFE_METHODS
    # A browser sends cookies along for whoever asks it to; it says who that was.
    if unsafe and request.headers.get("Origin") != address():
        raise Problem(403, "request-from-elsewhere")
    return cookie or None


def _known(token: str) -> Reader:
    usual = len(token) <= TOKEN_CHARACTERS and token.isascii()
    session = ops().sessions.find(token, ops().now()) if usual else None
    if session is None:
        raise Problem(401, "session-unknown")
    found = person_of(session.party, session.key)
    if found is None:
        ops().sessions.end(session, every=True)
        raise Problem(401, "session-key-ended")
    limits.count(SESSION, session.token_sha256[:32])
    return Reader(**vars(found), session=session)
