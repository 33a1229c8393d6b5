"""Submitting from the shell: one way to tell what became of a statement, at home and from afar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from ledger.statements.envelope import Payload, parse_draft
from ledger.statements.errors import StatementError
from ledger.writer.errors import Unavailable
from portal.cli.places import Place, at_home, away
from portal.cli.remote import Remote
from portal.cli.shared import (
    AGAIN_LATER,
    DEFECT,
    ENTERED,
    INTEGRITY,
    REFUSED,
    UNTRACED,
    USAGE,
    Failed,
    all_faults,
    explained,
)
from portal.client.errors import ClientError, ServerFault
from portal.client.retrying import Patience, Sender
from portal.config import from_environment
from portal.house import make_engine
from portal.processes.entering import entrance
from portal.statements.made import made

GOOD = ("accepted", "replayed")
BROKEN = "broken"
WORDS = {
    200: "replayed",
    201: "accepted",
    401: "unauthenticated",
    409: "conflict",
    422: "refused",
    500: BROKEN,
    503: "unavailable",
}
"""What the writer calls that with which a server answers; every other one is malformed."""
AGAIN = {BROKEN: DEFECT, "unavailable": AGAIN_LATER}
SHOWN_MOST = 50
"""Of so many statements at most each entry is read back for what it made."""
TIMEOUT_SECONDS = 30


def deliver(statements: list[bytes]) -> Iterator[dict[str, Any]]:
    """Submit to the ledger of QINGZHANG_HOME: through its writer where one holds the home."""
    with entrance(from_environment()) as way, at_home() as place:
        for data in statements:
            told = _named(data)
            try:
                reply = way.submit(data)
            except StatementError as error:
                field = {"field": error.field} if error.field else {}
                yield {
                    **told,
                    "status": "malformed",
                    "code": error.code,
                    "params": {**field, **error.params},
                    "errors": all_faults(error),
                }
                continue
            status = "malformed" if reply.status == "unsupported" else reply.status
            answer = {"status": status, "index": reply.index, "outcome": reply.answer}
            told |= {**answer, "checkpoint_size": reply.checkpoint_size}
            yield read_back(told, place, len(statements))


def deliver_away(statements: list[bytes], url: str, token: str | None) -> Iterator[dict[str, Any]]:
    """Submit to a serving ledger, each again until its fate is known; raises Unavailable."""
    try:
        sender = Sender(url, Patience(timeout=TIMEOUT_SECONDS))
    except ValueError as error:
        raise Failed(USAGE, "url-malformed", {"url": url}) from error
    place = away(Remote(url.rstrip("/"), token))
    try:
        for data in statements:
            told = _named(data)
            try:
                response = sender.send(
                    "POST", "/v1/statements", data, Content_Type="application/json"
                )
            except ServerFault as error:
                yield {**told, "status": BROKEN, "code": error.code, "params": error.params}
                continue
            answer = orjson.loads(response.content)
            told |= {name: answer[name] for name in _KEPT if name in answer}
            told["status"] = WORDS.get(response.status_code, "malformed")
            yield read_back(told, place, len(statements))
    except (ClientError, orjson.JSONDecodeError, TypeError) as error:
        raise Unavailable("server-unreachable", url=url) from error
    finally:
        sender.close()


_KEPT = ("index", "outcome", "checkpoint_size", "code", "params", "errors")


def accepted(answer: Mapping[str, Any]) -> bool:
    """Whether a statement stands on the record as accepted; a first answer may be a refusal."""
    result = (answer.get("outcome") or {}).get("result", "accepted")
    return answer["status"] in GOOD and result == "accepted"


def failure(answer: Mapping[str, Any]) -> Failed:
    """The error of a statement that was not accepted: its code, and whether to try again."""
    exit_code = INTEGRITY if answer["status"] == BROKEN else REFUSED
    errors = answer.get("errors", ())
    return Failed(exit_code, _code(answer), _why(answer), again=_again(answer), errors=errors)


def need_accepted(answer: Mapping[str, Any]) -> None:
    """Raise Failed for a statement that was not accepted."""
    if not accepted(answer):
        raise failure(answer)


def line(answer: Mapping[str, Any]) -> str:
    """What became of a statement, in lines for people: what it is called, its entry, what it made.

    Of several, those that were not accepted say why at once.
    """
    state = answer["status"] if accepted(answer) else f"{answer['status']}: {_code(answer)}"
    head = (state, answer.get("type", "-"), answer.get("id", "-"))
    lines = ["  ".join(head)]
    if answer.get("index") is not None:
        lines.append(f"  entry {answer['index']}  receipt {answer['receipt']}")
    lines += [f"  made {row['kind']} {row['id']}" for row in answer.get("made", ())]
    return "\n".join(lines)


def reasons(answer: Mapping[str, Any]) -> str:
    """Below the line of one of several statements: why it was not accepted."""
    if accepted(answer):
        return ""
    found = explained(_code(answer), _why(answer), _again(answer), answer.get("errors", ()))
    return "".join(f"\n  {words}" for words in found)


def _code(answer: Mapping[str, Any]) -> str:
    return str(answer.get("code") or (answer.get("outcome") or {}).get("code") or answer["status"])


def _why(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a refusal with its own ``entry``; ``index`` is that of an earlier one."""
    params = answer.get("params") or (answer.get("outcome") or {}).get("params") or {}
    place = {} if answer.get("index") is None else {"entry": answer["index"]}
    return {**params, **place}


def _again(answer: Mapping[str, Any]) -> str:
    if answer.get("index") is not None and answer["status"] != "conflict":
        return ENTERED
    return AGAIN.get(answer["status"], UNTRACED)


def named(payload: Payload) -> dict[str, Any]:
    """What an answer calls its statement: id, type and party."""
    return {"id": payload.id, "type": payload.type, "party": payload.party}


def _named(data: bytes) -> dict[str, Any]:
    """The same of bytes; nothing where they cannot be read."""
    try:
        return named(parse_draft(data).envelope.payload)
    except StatementError:
        return {}


def read_back(told: dict[str, Any], place: Place, count: int = 1) -> dict[str, Any]:
    """The answer with where its receipt is and, of an accepted one, what its entry made."""
    index = told.get("index")
    if index is None or told["status"] == "conflict":
        return told
    told["receipt"] = place.receipt(index)
    if accepted(told) and count <= SHOWN_MOST and "id" in told:
        try:
            told["made"] = made(place.view(index), make_engine().kinds)
        except (Failed, Unavailable):
            return told  # it is on the record, whatever the reading back has met
    return told
