"""Pages of questions about incentives: what a party can get, and how far it is from the rest.

They show what `/v1/incentives/answers` answers, to the same readers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date
from ledger.statements.types import Circle
from ledger.writer.errors import Refusal
from ledger.writer.store import Head, Rows
from portal.answering import grouped, openings, wanted
from portal.doors.answers import answered, head_of
from portal.doors.facts import value_of
from portal.questions import Asking
from portal.shell.asked import day_asked, plausible, size_asked
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.pages import page
from portal.shell.problems import Problem
from portal.shell.reader import need_reader

DOOR = Blueprint("asking", __name__, url_prefix="/desk/incentives")
HTML = "text/html"
WORDS_MAX = 200
ASKED = ("party", "on", "rule", "known_at")


@DOOR.get("")
@operation(media=HTML, query=("on",))
@circle(Circle.PARTY)
def own() -> Response:
    """What the reader's party can get on a day, and how far it is from the rest."""
    who = need_reader()
    with ledger().record.reading() as connection:
        head = head_of(connection)
        asking = _asking(head, {})
        found = _found(connection, who.party, asking)
        party = Rows(connection).row(PARTY, (who.party,))
    return page(
        "asking_own.html",
        who=who,
        party=party,
        on=asking.on.isoformat(),
        known_at=asking.known_at,
        exact=value_of,
        wanted=wanted,
        found=found,
        groups=grouped(found["answers"]),
    )


@DOOR.get("/ask")
@operation(media=HTML, query=ASKED)
@circle(Circle.PARTY)
def question() -> Response:
    """The bureau's question: an enterprise and a day, answered with reasons and evidence."""
    return _questioned({})


@DOOR.post("/ask")
@operation(media=HTML, query=ASKED)
@circle(Circle.PARTY)
def declared() -> Response:
    """The same with inputs that no fact holds, as ``RULE.INPUT`` of a form; none is kept."""
    given: dict[str, dict[str, str]] = {}
    for name, value in request.form.items():
        rule, dot, below = name.partition(".")
        if dot and value.strip():
            given.setdefault(rule, {})[below] = value.strip()[:WORDS_MAX]
    return _questioned(given)


def _questioned(given: Mapping[str, Mapping[str, str]]) -> Response:
    who, party = need_reader(), request.args.get("party", "").strip()
    with ledger().record.reading() as connection:
        head = head_of(connection)
        asking = _asking(head, given)
        shown: dict[str, Any] = {"found": None, "openings": {}, "subject": None, "problem": None}
        if party:
            try:
                shown = _shown(connection, party, asking)
            except Problem as problem:
                shown["problem"] = problem
    response = page(
        "asking.html",
        status=shown["problem"].status if shown["problem"] else 200,
        who=who,
        asked=party,
        on=asking.on.isoformat(),
        rule=asking.rule,
        known_at=asking.known_at,
        head=head.size,
        declared=given,
        exact=value_of,
        wanted=wanted,
        **shown,
    )
    # A form is sent with its origin only where the page may say where it was.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _shown(connection: Connection, party: str, asking: Asking) -> dict[str, Any]:
    if not plausible(party):
        raise Problem(404, "party-unknown", key=party[:WORDS_MAX])
    found = answered(connection, need_reader(), party, asking)
    return {
        "found": found,
        "openings": openings(connection, found),
        "subject": Rows(connection).row(PARTY, (found["party"],)),
        "problem": None,
    }


def _asking(head: Head, given: Mapping[str, Mapping[str, str]]) -> Asking:
    """The question of this request; raises Problem 400 for a day or a size that is none."""
    on = date.fromisoformat(day_asked("on", business_date(head.at)))
    rule = request.args.get("rule", "").strip()[:WORDS_MAX] or None
    return Asking(on, size_asked(head.size), rule, explain=True, declared=given)


def _found(connection: Connection, party: str, asking: Asking) -> dict[str, Any]:
    """The answers to a party; none where no rule holds on the day."""
    try:
        return asking.of(connection, party)
    except Refusal as error:
        if error.code != "incentive-rule-unknown":
            raise Problem(404, error.code, **error.params) from error
        return {"answers": [], "combination": {"rules": [], "amount_fen": 0, "left": []}}
