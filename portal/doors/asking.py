"""Pages of questions about incentives: what a party can get, and how far it is from the rest.

They show what `/v1/incentives/answers` answers, to the same readers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from incentives.queries import laws_at, rules_at
from ledger.facts.queries import newest_end
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date
from ledger.parties.queries import party_named
from ledger.statements.types import Circle
from ledger.writer.errors import Refusal
from ledger.writer.store import Head, Rows
from portal.doors.answers import answered, head_of
from portal.doors.facts import value_of
from portal.policy.answering import READING, grouped, openings, unfit
from portal.policy.questions import Asking
from portal.shell.asked import day_asked, plausible, size_asked
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.pages import page
from portal.shell.problems import Problem
from portal.shell.reader import need_reader

DOOR = Blueprint("asking", __name__, url_prefix="/desk/incentives")
HTML = "text/html"
ENTERPRISE = "enterprise"
WORDS_MAX = 200
ASKED = ("party", "on", "rule", "known_at")
FIELDS = {"party-unknown": "party", "incentive-rule-unknown": "rule"}
"""The field of the question that a refusal is about, where its parameters do not say."""
Given = Mapping[str, Mapping[str, str]]


@DOOR.get("")
@operation(media=HTML, query=("on",))
@circle(Circle.PARTY)
def own() -> Response:
    """What the reader's party can get on a day, and how far it is from the rest.

    Without a day the last one of the newest period with facts of the party, else today.
    """
    who, problem = need_reader(), None
    with ledger().record.reading() as connection:
        head = head_of(connection)
        today = business_date(head.at)
        newest = _newest(connection, who.party, head.size, today)
        on = newest or today
        try:
            on = day_asked("on", on)
        except Problem as fault:
            problem = fault
        asking = Asking(date.fromisoformat(on), head.size, explain=True)
        found = _found(connection, who.party, asking)
        party = Rows(connection).row(PARTY, (who.party,))
    return page(
        "asking_own.html",
        status=problem.status if problem else 200,
        who=who,
        party=party,
        on=on,
        typed=_typed("on", on),
        faulty="on" if problem else None,
        today=today,
        newest=newest,
        known_at=asking.known_at,
        exact=value_of,
        found=found,
        groups=grouped(found["answers"]),
        **READING,
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
        if dot and value.strip():  # one character too many is told, and not cut off in silence
            given.setdefault(rule, {})[below] = value.strip()[: WORDS_MAX + 1]
    return _questioned(given)


def _questioned(given: Given) -> Response:
    """The page of a question: what is wrong with it stays in its form, told beside its field."""
    who, party = need_reader(), request.args.get("party", "").strip()
    shown: dict[str, Any] = {"found": None, "openings": {}, "subject": None}
    problem: Problem | None = None
    with ledger().record.reading() as connection:
        head = head_of(connection)
        today = business_date(head.at)
        rules = rules_at(connection, today, head.size)
        own = who.party if ENTERPRISE in who.roles else ""
        try:
            asking = _asking(head, given)
            if party:
                shown, problem = _shown(connection, party, asking)
        except Problem as fault:
            problem = fault
    wrong = unfit(shown["found"]) if given and shown["found"] else []
    response = page(
        "asking.html",
        status=problem.status if problem else 400 if wrong else 200,
        who=who,
        asked=party,
        typed={name: _typed(name, text) for name, text in _usual(own, today, head.size).items()},
        rules=rules,
        problem=problem,
        faulty=None if problem is None else FIELDS.get(problem.code, problem.params.get("field")),
        head=head.size,
        declared=given,
        misfits={(item["rule"], item["input"]): item for item in wrong},
        exact=value_of,
        **shown,
        **READING,
    )
    # A form is sent with its origin only where the page may say where it was.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _usual(own: str, today: str, size: int) -> dict[str, str]:
    """What the question's form holds before anybody typed: an enterprise asks about itself."""
    return {"party": own, "on": today, "rule": "", "known_at": str(size)}


def _typed(name: str, otherwise: str) -> str:
    """What was typed into a field, right or wrong, so that a mistake costs nobody the rest."""
    return request.args.get(name, otherwise).strip()[:WORDS_MAX]


def _shown(
    connection: Connection, party: str, asking: Asking
) -> tuple[dict[str, Any], Problem | None]:
    """What a page shows of an answer; with a problem where inputs are declared that no rule has.

    The answer is then that without any of them.  Raises Problem 404.
    """
    if not plausible(party):
        raise Problem(404, "party-unknown", key=party[:WORDS_MAX])
    problem = None
    try:
        found = answered(connection, need_reader(), party, asking)
    except Problem as fault:
        if fault.code != "declared-unknown":
            raise
        found, problem = asking.without().of(connection, party_named(connection, party)), fault
    subject = Rows(connection).row(PARTY, (found["party"],))
    return {
        "found": found,
        "openings": openings(found),
        "subject": subject,
    }, problem


def _asking(head: Head, given: Given) -> Asking:
    """The question of this request; raises Problem 400 for a day or a size that is none."""
    on = date.fromisoformat(day_asked("on", business_date(head.at)))
    rule = request.args.get("rule", "").strip()[:WORDS_MAX] or None
    return Asking(on, size_asked(head.size), rule, explain=True, declared=given)


def _newest(connection: Connection, party: str, size: int, today: str) -> str | None:
    """The last day of the newest period of which a rule of today finds a fact about a party."""
    bindings = (law.facts for _, law in laws_at(connection, today, size))
    names = {name for binding in bindings if binding for name in binding.indicators}
    return newest_end(connection, names, size, today, party) if names else None


def _found(connection: Connection, party: str, asking: Asking) -> dict[str, Any]:
    """The answers to a party; none where no rule holds on the day."""
    try:
        return asking.of(connection, party)
    except Refusal as error:
        if error.code != "incentive-rule-unknown":
            raise Problem(404, error.code, **error.params) from error
        none = {"rules": [], "amount_fen": 0, "left": []}
        return {"answers": [], "combination": none, "beside": {}}
