"""What-if: a rule's figures changed over a hundred thousand invented enterprises, or the record.

What is public is invented and says so. Over the parties of the record the regulator asks, and a
finance bureau over those of its region: sums of what it may ask of each of them alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, request
from sqlalchemy import Connection, select

from incentives.populating import recorded, standing
from incentives.population.people import GROUPS
from incentives.population.study import Found, Study
from incentives.queries import rules_at
from incentives.rules.rule import read
from ledger.parties.models import PARTY, region_table
from ledger.statements.types import Circle
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.store import Rows
from portal.doors.answers import asks_anybody
from portal.policy import beside
from portal.policy.answers import yuan
from portal.policy.simulations import UNANSWERED, nowhere
from portal.policy.studying import FAULTS, Studies, changed, knobs, settings, told, typed
from portal.shell.answers import json_resource
from portal.shell.asked import day_asked, head_times, plausible
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.pages import page
from portal.shell.problems import Problem
from portal.shell.reader import Reader, need_reader, reader
from portal.shell.spoken import say, spoken

DOOR = Blueprint("simulations", __name__)
ASKED = ("set", "cliffs")
POPULATIONS = ("synthetic", "record")
WORDS = ("refused", "unreachable", "working", "ready", "range")
"""What the page's script says of its own."""


@DOOR.get("/v1/incentives/simulations/<rule_name>")
@operation("Simulation", query=ASKED, kept=True, problems=(400, 404))
@circle(Circle.PUBLIC)
def invented(rule_name: str) -> Response:
    """``?set=`` other figures of a rule over invented enterprises: who wins or loses, the cost."""
    with ledger().record.reading() as connection:
        today, size = head_times(connection)
        found = rules_at(connection, today, size, _named(rule_name))
    if not found:
        raise Problem(404, "incentive-rule-unknown", key=rule_name)
    study = _invented(found[0], today)
    more = {"population": "synthetic", "region": None, "known_at": None}
    return json_resource({**_answer(study), **more})


@DOOR.get("/v1/supervision/simulations/<rule_name>")
@operation("Simulation", query=(*ASKED, "on"), problems=(400, 403, 404))
@circle(Circle.PARTY)
def over_record(rule_name: str) -> Response:
    """The same over the parties with facts of the newest period, or of that of the day ``?on=``.

    The regulator asks over all, a finance bureau over those in its ``region``; others get 403.
    """
    who = need_reader()
    with ledger().record.reading() as connection:
        reach = _reach(connection, who)
        study, size = _recorded(connection, _named(rule_name), reach)
    more = {"population": "record", "region": reach, "known_at": size}
    return json_resource({**_answer(study), **more})


@DOOR.get("/incentives/simulate")
@circle(Circle.PUBLIC)
def desk() -> Response:
    """Sliders and charts: what other figures of a rule would do to invented enterprises.

    The regulator and finance bureaus may ask over the record: ``?population=record``, with ``?on=``
    a day. Of the invented nobody chooses the day: for each other one they would be drawn anew.
    """
    who = _reader()
    over = request.args.get("population", "synthetic")
    days = {"as_of", "known_at"} if over == "record" else {"as_of", "known_at", "on"}
    for name in request.args.keys() & days:
        raise Problem(400, "parameter-unknown", field=name, rule="unknown")
    if over not in POPULATIONS:
        rule = "|".join(POPULATIONS)
        raise Problem(400, "parameter-invalid", field="population", rule=rule)
    with ledger().record.reading() as connection:
        desk = who is not None and asks_anybody(connection, who)
        reach = _reach(connection, who) if over == "record" else None
        today, size = head_times(connection)
        rows = rules_at(connection, today, size)
        regions = {
            row.code: row.name if spoken() == "zh" else row.name_en or row.name
            for row in connection.execute(select(region_table))
        }
        chosen = request.args.get("rule", "")
        stated = next((row for row in rows if row["rule"] == chosen), None)
        if stated is None and chosen:
            raise Problem(404, "incentive-rule-unknown", key=chosen[:60])
        stated = stated or _opening(rows)
        held = None
        if stated is not None and over == "record":
            held, _ = _recorded(connection, stated["rule"], reach)
    if stated is None:
        return page("simulate.html", rules=[], stated=None)
    study = _invented(stated, today) if held is None else held
    asked = request.args.get("set", "")
    change, fault = _tried(study, asked)
    found = told(study, change, cliffs=True)
    made = page(
        "simulate.html",
        scripts=True,
        rules=rows,
        stated=stated,
        rule=study.rule,
        on=study.on,
        found=found,
        nowhere=nowhere(found),
        unanswered=UNANSWERED,
        knobs=knobs(study, typed(asked)),
        fault=fault,
        over=over,
        desk=desk,
        reach=None if reach is None else regions.get(reach, reach),
        names=_names(found, regions),
        words={word: say(f"simulate.{word}") for word in WORDS},
        faults={code: say(f"problem.{code}") for code in FAULTS},
        yuan=yuan,
        unit=lambda of: beside.unit(of, spoken()),
    )
    made.status_code = HTTPStatus.OK if fault is None else HTTPStatus.BAD_REQUEST
    return made


def _tried(study: Study, asked: str) -> tuple[Found, dict[str, Any] | None]:
    """What the figures do, or what none of them does beside why they were refused."""
    try:
        return changed(study, settings(asked)), None
    except Problem as problem:
        return changed(study, {}), problem.params


def _answer(study: Study) -> dict[str, Any]:
    cliffs = request.args.get("cliffs", "no")
    if cliffs not in ("yes", "no"):
        raise Problem(400, "parameter-invalid", field="cliffs", rule="yes|no")
    values = settings(request.args.get("set", ""))
    return told(study, changed(study, values), cliffs=cliffs == "yes")


def _reader() -> Reader | None:
    """Who reads the page; a session that is over makes it anybody's."""
    try:
        return reader()
    except Problem as problem:
        if problem.status != HTTPStatus.UNAUTHORIZED:
            raise
        return None


def _reach(connection: Connection, who: Reader | None) -> str | None:
    """The region whose parties a reader may sum up, None for all; raises Problem 403.

    Sums tell a bureau no more than the answers, so that no consent matters and none is withheld.
    """
    if who is None or not asks_anybody(connection, who):
        raise Problem(403, "simulation-closed")
    if who.supervisor:
        return None
    desk = Rows(connection).row(PARTY, (who.party,))
    return None if desk is None else desk["region"]


def _opening(rows: Sequence[Row]) -> Row | None:
    """The rule that the page opens with: one that asks the record and comes to a sum, if any."""
    for row in rows:
        rule = read(row["text"])
        if rule.facts is not None and rule.amount is not None:
            return row
    return rows[0] if rows else None


def _recorded(connection: Connection, name: str, reach: str | None) -> tuple[Study, int]:
    """A rule over the parties with facts of a period, and the log size; raises Problem 404.

    It is the period of the day ``?on=``, without one the newest with facts.
    """
    today, size = head_times(connection)
    asked = date.fromisoformat(day_asked("on", today)) if "on" in request.args else None
    try:
        rule, on = standing(connection, name, asked, date.fromisoformat(today), size)
        people, (facts,) = recorded(connection, (rule,), on, size, reach)
    except Refusal as refusal:
        raise Problem(404, refusal.code, key=name) from refusal
    return Study(rule, people, facts, on), size


def _invented(stated: Row, today: str) -> Study:
    studies = current_app.extensions.setdefault("studies", Studies())
    found: Study = studies.of(stated["digest"], stated["text"], date.fromisoformat(today))
    return found


def _named(name: str) -> str:
    """What may be asked for as a rule; raises Problem 404."""
    if not plausible(name):
        raise Problem(404, "incentive-rule-unknown", key=name[:60])
    return name


def _names(found: dict[str, Any], regions: dict[str, str]) -> dict[str, dict[str, str]]:
    """Words of each grouping in the page's language; what has no word is shown as it is."""
    named: dict[str, dict[str, str]] = {}
    for group in GROUPS:
        codes = [share["word"] for share in found["by"][group]]
        if group == "city":
            named[group] = {code: regions.get(code, code) for code in codes}
        else:
            named[group] = {code: say(f"simulate.{group}.{code}", otherwise=code) for code in codes}
        if "" in codes:
            named[group][""] = say("simulate.unknown")
    return named
