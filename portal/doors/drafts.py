"""Drafts: half-signed statements of the reader's party that wait for another of its people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from ledger.statements.binary import from_text
from ledger.statements.canonical import parse
from ledger.statements.ed25519 import verify
from ledger.statements.envelope import PAYLOAD_TYPE, Submission, pae, parse_draft
from ledger.statements.errors import Unauthenticated
from ledger.statements.instants import format_instant
from ledger.statements.types import Circle
from ledger.writer.errors import NotAuthenticated, Refusal
from ledger.writer.store import entries_at, known_ids
from ledger.writer.turn import answer_of
from portal.desk.hands import Hands
from portal.doors.resources import NAME_MAX
from portal.doors.statements import entered
from portal.ops.drafts import Draft, DraftConflict, DraftsFull, DraftState
from portal.ops.schemas import CoSigning, Rejection
from portal.shell.answers import MEDIA_TYPE, json_answer
from portal.shell.bodies import body_of
from portal.shell.circles import circle
from portal.shell.current import ledger, ops
from portal.shell.operations import operation
from portal.shell.problems import Problem
from portal.shell.reader import Reader, need_reader

DOOR = Blueprint("drafts", __name__, url_prefix="/v1/drafts")
ENTERED = "entered"
STATES = (*(state.value for state in DraftState), ENTERED)


@DOOR.post("")
@operation(
    "Private",
    takes=(MEDIA_TYPE, "Submission"),
    problems=(409, 413, 415, 422),
    more=((201, MEDIA_TYPE, "Private"),),
)
@circle(Circle.PARTY)
def put() -> Response:
    """Leave a statement that still lacks signatures; its author has signed it already.

    One that the record would refuse now, were it signed, is not taken.
    """
    if request.mimetype not in (MEDIA_TYPE, ""):
        raise Problem(415, "media-type", allowed=MEDIA_TYPE)
    who, submission = need_reader(), parse_draft(request.get_data())
    envelope = submission.envelope
    payload = envelope.payload
    if payload.party != who.party:
        raise Problem(403, "draft-of-another", party=payload.party)
    if who.key not in dict(envelope.signatures):
        raise Problem(403, "draft-not-signed", key=who.key)
    if payload.expires_at <= ops().now():
        raise Problem(400, "draft-over", expires_at=format_instant(payload.expires_at))
    ledger().entrance.check_draft(submission)
    if not envelope.missing:
        raise Problem(409, "draft-complete")
    if payload.id in _on_record(who.party, [payload.id]):
        raise Problem(409, "id-spent")
    _check(submission)
    try:
        draft, new = ops().drafts.put(submission, who.key, ops().now())
    except DraftConflict as error:
        raise Problem(409, "draft-id-taken") from error
    except DraftsFull as error:
        raise Problem(409, "drafts-full") from error
    place = f"/v1/drafts/{draft.id}"
    return json_answer(_told(draft, who), 201 if new else 200, Location=place)


@DOOR.get("")
@operation("Private", query=("for", "state"))
@circle(Circle.PARTY)
def listed() -> Response:
    """The drafts of the reader's party; ``?for=me`` leaves those that wait for its own key."""
    who = need_reader()
    whose, state = request.args.get("for", "all"), request.args.get("state")
    if whose not in ("me", "all"):
        raise Problem(400, "parameter-invalid", field="for", rule="me|all")
    if state is not None and state not in STATES:
        raise Problem(400, "parameter-invalid", field="state", rule="|".join(STATES))
    items = glances(who, waiting=whose == "me")
    if whose == "me":
        items = [item for item in items if item["waits_for_me"]]
    if state is not None:
        items = [item for item in items if item["state"] == state]
    return json_answer({"items": items, "next": None})


@DOOR.get("/<id>")
@operation("Private")
@circle(Circle.PARTY)
def read(id: str) -> Response:
    """A draft with the very words that the next signature is for."""
    who = need_reader()
    return json_answer(told(id, who))


@DOOR.post("/<id>/signatures")
@operation(
    "Private",
    takes=(MEDIA_TYPE, "CoSigning"),
    problems=(409, 413, 415, 422),
    more=((201, MEDIA_TYPE, "Answer"),),
)
@circle(Circle.PARTY)
def cosign(id: str) -> Response:
    """Add one's signature; the last one submits, and the answer is that of the record.

    A draft that the record would refuse by now is not signed: it waits on, or is taken back.
    """
    who = need_reader()
    signature = from_text(body_of(CoSigning)["signature"], "/signature")
    draft = _found(id, who)
    envelope = draft.submission.envelope
    if who.key not in envelope.payload.keys:
        raise Problem(403, "draft-key-not-named", key=who.key)
    if who.key == draft.author:  # its signature is why there is a draft at all
        raise Problem(409, "draft-signed-by-maker", key=who.key, waits=list(envelope.missing))
    public = ledger().entrance.public_keys((who.key,)).get(who.key)
    message = pae(PAYLOAD_TYPE, envelope.payload_bytes)
    if public is None or not verify(public, message, signature):
        raise Unauthenticated("signature-invalid", key=who.key)
    if draft.state is DraftState.WAITING and who.key in envelope.missing:
        # Who is who, and what would be refused, may have changed since it was left.
        _check(draft.submission)
        try:
            draft = ops().drafts.sign(draft, who.key, signature, ops().now())
        except DraftConflict as error:
            raise _over(error.state) from error
    if draft.state is DraftState.WAITING:
        return json_answer(_told(draft, who))
    if draft.state is not DraftState.SIGNED:
        raise _over(draft.state)
    # Whoever asks again after a lost answer gets the same one: the record knows the id.
    return entered(ledger().entrance.submit(draft.data))


@DOOR.post("/<id>/rejection")
@operation("Private", takes=(MEDIA_TYPE, "Rejection"), problems=(409, 413, 415))
@circle(Circle.PARTY)
def reject(id: str) -> Response:
    """Refuse to sign, with a reason that the author reads; the draft is over."""
    who, reason = need_reader(), body_of(Rejection)["reason"]
    draft = _found(id, who)
    if who.key not in draft.submission.envelope.missing:
        raise Problem(403, "draft-not-asked", key=who.key)
    return _closed(draft, DraftState.REJECTED, who, reason)


@DOOR.delete("/<id>")
@operation("Private", problems=(409,))
@circle(Circle.PARTY)
def withdraw(id: str) -> Response:
    """Take one's own draft back; others can no longer sign it here."""
    who = need_reader()
    draft = _found(id, who)
    if draft.author != who.key:
        raise Problem(403, "draft-not-own", key=who.key)
    return _closed(draft, DraftState.WITHDRAWN, who, None)


def glances(who: Reader, *, waiting: bool = False) -> list[dict[str, Any]]:
    """What a list shows of each draft of the reader's party, or of those that wait."""
    drafts = ops().drafts.list(who.party, ops().now(), waiting=waiting)
    spent = _on_record(who.party, [draft.id for draft in drafts])
    with _hands() as hands:
        return [_glance(draft, who, spent, hands) for draft in drafts]


def told(id: str, who: Reader) -> dict[str, Any]:
    """A draft of the reader's party with its words; raises Problem 404."""
    return _told(_found(id, who), who)


def _check(submission: Submission) -> None:
    """Refuse what could never be completed, and what the record would refuse now.

    Raises Problem 400 ``draft-key-unknown`` for a key that is waited for, 409 ``draft-void`` for
    one that has signed and holds no more, 400 with the code that the record would give for the
    signers, and 422 with the first rule that it would have against the rest.
    """
    try:
        with _hands() as hands:
            hands.check(submission)
            faults = hands.judge(submission)
    except NotAuthenticated as error:
        key = error.params.get("key")
        if key in dict(submission.envelope.signatures):
            raise Problem(409, "draft-void", key=key) from error
        raise Problem(400, "draft-key-unknown", key=key) from error
    except Refusal as refusal:
        raise Problem(400, refusal.code, **refusal.params) from refusal
    if faults:
        raise Problem(422, faults[0].code, **faults[0].params)


@contextmanager
def _hands() -> Iterator[Hands]:
    place = ledger()
    with place.record.reading() as connection:
        yield Hands(place.engine, connection, place.record.origin, ops().now())


def _closed(draft: Draft, state: DraftState, who: Reader, reason: str | None) -> Response:
    try:
        closed = ops().drafts.close(draft, state, who.key, ops().now(), reason)
    except DraftConflict as error:
        raise _over(error.state) from error
    return json_answer(_told(closed, who))


def _found(id: str, who: Reader) -> Draft:
    draft = None
    if len(id) <= NAME_MAX and "\x00" not in id:
        draft = ops().drafts.one(who.party, id, ops().now())
    if draft is None:
        raise Problem(404, "draft-unknown", key=id[:NAME_MAX])
    return draft


def _over(state: DraftState | None) -> Problem:
    if state is None:
        return Problem(404, "draft-unknown")
    return Problem(409, "draft-closed", state=state.value)


@dataclass(frozen=True, slots=True)
class _Entered:
    """What the record made of an id."""

    digest: str
    index: int
    answer: dict[str, Any]


def _on_record(party: str, ids: list[str]) -> dict[str, _Entered]:
    """Those ids that are entries already."""
    if not ids:
        return {}
    with ledger().record.reading() as connection:
        known = known_ids(connection, ids)
        found = {id: known[party, id] for id in ids if (party, id) in known}
        entries = entries_at(connection, {index for _, index in found.values()})
        return {
            id: _Entered(digest, index, answer_of(entries[index]))
            for id, (digest, index) in found.items()
        }


def _glance(draft: Draft, who: Reader, spent: dict[str, _Entered], hands: Hands) -> dict[str, Any]:
    envelope = draft.submission.envelope
    entry = spent.get(draft.id)
    is_entry = entry is not None and entry.digest == draft.payload_sha256
    open_ = draft.state is DraftState.WAITING and not is_entry
    void = hands.ended(draft.submission) if open_ else None
    told: dict[str, Any] = {
        "id": draft.id,
        "type": draft.type,
        "state": ENTERED if is_entry else draft.state.value,
        "author": draft.author,
        "signed": [key for key, _ in envelope.signatures],
        "missing": list(envelope.missing),
        "void": void,
        "waits_for_me": open_ and not void and who.key in envelope.missing,
        **hands.told(draft.submission, draft.author, waits=open_),
        "created_at": format_instant(draft.created_at),
        "expires_at": format_instant(draft.expires_at),
    }
    if is_entry and entry is not None:
        told |= {"index": entry.index, "answer": entry.answer}
    if draft.decided_by is not None:
        told["decided_by"], told["reason"] = draft.decided_by, draft.reason
    return told


def _told(draft: Draft, who: Reader) -> dict[str, Any]:
    spent = _on_record(who.party, [draft.id])
    with _hands() as hands:
        glance = _glance(draft, who, spent, hands)
    return {**glance, "payload_sha256": draft.payload_sha256, "submission": parse(draft.data)}
