"""Sign-in: ask for a challenge, answer it with a signature, and leave again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from ledger.parties.models import KEY
from ledger.statements.binary import from_text
from ledger.statements.ed25519 import verify
from ledger.statements.instants import format_instant
from ledger.statements.types import Circle
from ledger.writer.store import Rows
from portal.ops.schemas import Answering, Asking
from portal.ops.sessions import SESSION_MS, Session, message
from portal.shell.address import address
from portal.shell.answers import MEDIA_TYPE, json_answer
from portal.shell.bodies import body_of
from portal.shell.circles import circle
from portal.shell.current import ledger, ops
from portal.shell.operations import operation
from portal.shell.problems import Problem
from portal.shell.reader import COOKIE, SECURE_COOKIE, need_reader, standing

DOOR = Blueprint("sessions", __name__, url_prefix="/v1/sessions")


@DOOR.post("/challenges")
@operation(takes=(MEDIA_TYPE, "Asking"), problems=(413, 415), more=((201, MEDIA_TYPE, "Private"),))
@circle(Circle.PUBLIC)
def challenge() -> Response:
    """Ask for a challenge: the text that the key is to sign, once, within two minutes."""
    asked, url = body_of(Asking), address()
    party, key = asked["party"], asked["key"]
    nonce, expires_at = ops().sessions.challenge(party, key, url, ops().now())
    text = message(ledger().record.origin, url, party, key, nonce, expires_at)
    told = {
        "challenge": nonce,
        "ledger": ledger().record.origin,
        "url": url,
        "party": party,
        "key": key,
        "expires_at": format_instant(expires_at),
        "message": text.decode(),
    }
    return json_answer(told, 201)


@DOOR.post("")
@operation(
    takes=(MEDIA_TYPE, "Answering"),
    problems=(401, 403, 413, 415),
    more=((201, MEDIA_TYPE, "Private"),),
)
@circle(Circle.PUBLIC)
def sign_in() -> Response:
    """Answer a challenge and get a bearer token; with ``cookie`` a cookie as well."""
    said, url = body_of(Answering), address()
    signature = from_text(said["signature"], "/signature")
    party, key, nonce = said["party"], said["key"], said["challenge"]
    if said.get("cookie") and request.headers.get("Origin", url) != url:
        raise Problem(403, "request-from-elsewhere")
    asked = ops().sessions.answer(nonce, ops().now())
    if asked is None or (asked.party, asked.key, asked.url) != (party, key, url):
        raise Problem(401, "challenge-unknown")
    text = message(ledger().record.origin, url, party, key, nonce, asked.expires_at)
    public = _public_key(key)
    # An unknown key, another's key and a bad signature are one answer.
    if public is None or not verify(public, text, signature) or standing(party, key) is None:
        raise Problem(401, "sign-in-refused")
    token, session = ops().sessions.begin(party, key, ops().now())
    response = json_answer({"token": token, **_told(session)}, 201)
    if said.get("cookie"):
        _set_cookie(response, token, url)
    return response


@DOOR.get("")
@operation("Private")
@circle(Circle.PARTY)
def current() -> Response:
    """Who the reader is: party, key, operator, roles, and until when."""
    who = need_reader()
    told = {**_told(who.session), "operator": who.operator, "roles": list(who.roles)}
    return json_answer({**told, "supervisor": who.supervisor})


@DOOR.delete("")
@operation("Private", query=("every",))
@circle(Circle.PARTY)
def sign_out() -> Response:
    """End this session; with ``?every=true`` every session of its key."""
    every = request.args.get("every", "false")
    if every not in ("true", "false"):
        raise Problem(400, "parameter-invalid", field="every", rule="true|false")
    ended = ops().sessions.end(need_reader().session, every=every == "true")
    response = json_answer({"ended": ended})
    for name in (COOKIE, SECURE_COOKIE):
        if name in request.cookies:
            secure = name == SECURE_COOKIE
            response.delete_cookie(name, secure=secure, httponly=True, samesite="Strict")
    return response


def _set_cookie(response: Response, token: str, url: str) -> None:
    secure = url.startswith("https://")
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        token,
        max_age=SESSION_MS // 1000,
        secure=secure,
        httponly=True,
        samesite="Strict",
    )


def _told(session: Session) -> dict[str, Any]:
    expires_at = format_instant(session.expires_at)
    return {"party": session.party, "key": session.key, "expires_at": expires_at}


def _public_key(key: str) -> bytes | None:
    with ledger().record.reading() as connection:
        row = Rows(connection).row(KEY, (key,))
    return None if row is None else bytes.fromhex(row["public"])
