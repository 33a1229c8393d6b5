"""Answers about incentives for those who may ask: the party, the bureau, a bank by consent.

To everybody else a party is one that is not there. Exploring leaves no trace on the record; a read
by consent is noted and told to its giver before anything is answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from incentives.errors import DeclarationRefused
from incentives.rules.declared import Declared
from ledger.consents.queries import holding, standing
from ledger.parties.models import PARTY
from ledger.parties.queries import party_named
from ledger.statements.canonical import parse
from ledger.statements.types import Circle
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.store import Head, Rows, read_head
from portal.doors.resources import NAME_MAX
from portal.policy.questions import Asking, Comparison, Question, checked, sided, why
from portal.shell.answers import MEDIA_TYPE, json_answer
from portal.shell.circles import circle
from portal.shell.current import ledger, ops
from portal.shell.operations import operation
from portal.shell.problems import Problem
from portal.shell.reader import Person, need_reader

DOOR = Blueprint("answers", __name__, url_prefix="/v1/incentives/answers")
FINANCE = "finance"
SCOPE = "incentives"
BYTES_MAX = 200_000
WORK_MAX = 3_000
"""Declared items of lists, times the parties that they are put to."""
NOT_FOUND = ("party-unknown", "incentive-rule-unknown")


@DOOR.post("")
@operation("IncentiveAnswers", takes=(MEDIA_TYPE, "Question"), problems=(403, 404, 413, 415))
@circle(Circle.PARTY)
def answers() -> Response:
    """The answers to one ``party``, or to ``parties`` one after another, each with its reasons.

    ``beside`` tells by rule what it gives, which papers to bring and what is open. Of several, one
    that is not there or may not be asked about has a ``problem`` instead.
    """
    asked, declared = checked(Question, _body())
    if ("party" in asked) == ("parties" in asked):
        raise Problem(400, "parameter-invalid", field="party", rule="party or parties")
    _bound(asked.get("parties", ()), declared)
    who = need_reader()
    with ledger().record.reading() as connection:
        head = head_of(connection)
        more = {"rule": asked.get("rule"), "explain": asked.get("explain", False)}
        with faults():
            question = sided(asked, head, declared=declared, **more)
            if "party" in asked:
                return json_answer(answered(connection, who, asked["party"], question))
        known = {party_named(connection, name) for name in asked["parties"]}
        if len(known) < len(asked["parties"]):
            raise Problem(400, "list-repeats", field="parties")
        items = [_item(connection, who, party, question) for party in asked["parties"]]
    return json_answer({"items": items})


@DOOR.post("/comparison")
@operation("IncentiveComparison", takes=(MEDIA_TYPE, "Comparison"), problems=(403, 404, 413, 415))
@circle(Circle.PARTY)
def comparison() -> Response:
    """Why the answers to a party differ between two days or log sizes, by what they rest on."""
    asked, declared = checked(Comparison, _body())
    who, more = need_reader(), {"rule": asked.get("rule")}
    with ledger().record.reading() as connection, faults():
        head = head_of(connection)
        sides = [sided(asked[n], head, declared=declared, **more) for n in ("before", "after")]
        told = " ".join(side.told() for side in sides)
        party = let_ask(connection, who, asked["party"], told)
        return json_answer(why(connection, party, *sides))


def _bound(parties: Sequence[str], declared: Declared) -> None:
    """Refuse a party named twice, and more declared items than one request may cost.

    Raises Problem 400 ``list-repeats`` or ``parameter-invalid``.
    """
    if len(set(parties)) < len(parties):
        raise Problem(400, "list-repeats", field="parties")
    if max(1, len(parties)) * _items(declared) > WORK_MAX:
        raise Problem(400, "parameter-invalid", field="declared", rule=f"items*parties<={WORK_MAX}")


def _items(tree: object) -> int:
    if isinstance(tree, Mapping):
        return sum(_items(value) for value in tree.values())
    return len(tree) if isinstance(tree, list) else 0


def head_of(connection: Connection) -> Head:
    """Where the log stands."""
    return read_head(connection, ledger().record.origin) or Head(0, "", 0, 0)


def answered(connection: Connection, who: Person, named: str, question: Asking) -> dict[str, Any]:
    """The answers to a party that the reader may ask about; raises Problem 404, 400."""
    party = let_ask(connection, who, named, question.told())
    with faults():
        return question.of(connection, party)


def let_ask(connection: Connection, who: Person, named: str, asked: str) -> str:
    """The id of a party, named by it or by its code, that the reader may ask about.

    Raises Problem 404 as for one that is not there, which repeats the name as it was given: else
    a code of nobody would be told from one of somebody; 403 ``consent-other-scope`` for one who
    holds a consent of that party for something else.
    """
    party = party_named(connection, named)
    if still_asks(connection, who, party, asked):
        return party
    if len(party) <= NAME_MAX and _active(connection, who.party):
        held = standing(connection, party, who.party, ops().now())
        if held:
            raise other_scope(named, SCOPE, held)
    raise Problem(404, "party-unknown", key=named[:NAME_MAX])


def other_scope(key: str, needed: str, held: Sequence[Row]) -> Problem:
    """What a reader is told whose consents do not cover what it asks for: what they do cover."""
    scopes = sorted({scope for row in held for scope in row["scope"]})
    purposes = sorted({row["purpose"] for row in held})
    more = {"needed": needed, "scopes": scopes, "purposes": purposes}
    return Problem(403, "consent-other-scope", key=key, **more)


def still_asks(connection: Connection, who: Person, party: str, asked: str | None) -> bool:
    """Whether the reader may be told of a party; a read by consent is noted as what was ``asked``.

    It is noted first: where that cannot be done nothing is shown.
    """
    if may_ask(connection, who, party):
        return True
    consent = None
    if len(party) <= NAME_MAX and _active(connection, who.party):
        consent = holding(connection, party, who.party, SCOPE, ops().now())
    if consent is None or asked is None:
        return consent is not None
    ops().reads.note(
        giver=party,
        reader=who.party,
        operator=who.operator,
        key=who.key,
        consent=consent["consent"],
        purpose=consent["purpose"],
        what=SCOPE,
        asked=asked[:NAME_MAX],
        at=ops().now(),
    )
    return True


def may_ask(connection: Connection, who: Person, party: str) -> bool:
    """Whether the reader needs nobody's consent: its own party, supervisor or finance bureau."""
    return who.party == party or asks_anybody(connection, who)


def asks_anybody(connection: Connection, who: Person) -> bool:
    """Whether the reader may be told of every party: the supervisor, and a finance bureau."""
    if who.supervisor:
        return True
    return FINANCE in who.roles and _active(connection, who.party)


def _active(connection: Connection, party: str) -> bool:
    row = Rows(connection).row(PARTY, (party,))
    return row is not None and row["status"] == "active"


def _item(connection: Connection, who: Person, party: str, question: Asking) -> dict[str, Any]:
    try:
        return answered(connection, who, party, question)
    except Problem as problem:
        if problem.status not in (403, 404):
            raise
        return {"party": party, "problem": problem.code}


def _body() -> Any:
    if request.mimetype not in (MEDIA_TYPE, ""):
        raise Problem(415, "media-type", allowed=MEDIA_TYPE)
    return parse(request.get_data(), max_bytes=BYTES_MAX)


@contextmanager
def faults() -> Iterator[None]:
    """What refuses a question becomes a problem."""
    try:
        yield
    except DeclarationRefused as error:
        raise Problem(400, error.code, **error.params) from error
    except Refusal as error:
        status = 404 if error.code in NOT_FOUND else 400
        raise Problem(status, error.code, **error.params) from error
