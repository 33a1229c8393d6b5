"""Pages for those who have signed in: the desk of a party, its lists, and the sign-in itself."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, request
from sqlalchemy import Connection

from ledger.consents.schemas import PURPOSES, SCOPES
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date
from ledger.statements.binary import from_text
from ledger.statements.canonical import parse
from ledger.statements.instants import format_instant
from ledger.statements.types import Circle
from ledger.writer.store import Rows, read_head
from portal.api.guidance import guide, may_state
from portal.api.guidance import newest as newest_types
from portal.desk.own import NARROWED, NARROWED_BY_PARTY
from portal.desk.standing import LATEST, colleagues, names_of, newest, with_days
from portal.doors.consents import let_in, reads_asked
from portal.doors.deadlines import board_asked
from portal.doors.drafts import glances, told
from portal.doors.own import rows_asked
from portal.doors.resources import one
from portal.exchange.charting import shanghai
from portal.shell.asked import head_times
from portal.shell.circles import circle
from portal.shell.current import ledger, ops
from portal.shell.operations import operation
from portal.shell.pages import page
from portal.shell.reader import Reader, need_reader
from portal.shell.scripted import scripted

DOOR = Blueprint("desk", __name__)
HTML = "text/html"
LISTS = ("accounts", "claims", "freezes", "pledges", "disposals", "consents")
NAMES = f"<any({', '.join(LISTS)}):name>"


@DOOR.get("/sign-in")
@operation(media=HTML)
@circle(Circle.PUBLIC)
def entrance() -> Response:
    """Make, load or choose a key that the browser keeps, and sign in with it."""
    return scripted("sign_in.html", address=request.host_url.rstrip("/"))


@DOOR.get("/desk")
@operation(media=HTML)
@circle(Circle.PARTY)
def desk() -> Response:
    """What waits for the reader, what falls due, what its party has and what others claim of it."""
    who = need_reader()
    today, deadlines = board_asked()
    drafts = glances(who, waiting=True)
    reads, _ = reads_asked()
    with ledger().record.reading() as connection:
        party = Rows(connection).row(PARTY, (who.party,))
        found = {name: newest(connection, name, who.party) for name in LISTS if name != "claims"}
        warned, _ = newest(connection, "warnings", who.party)
        others = colleagues(connection, who.party, who.person)
        proved, _ = head_times(connection)
        names = names_of(connection, {row["bank"] for row in found["pledges"][0]})
    return scripted(
        "desk.html",
        proved=proved,
        names=names,
        announces=may_state(ledger().engine, "auction.announce", who.roles),
        stops=may_state(ledger().engine, "venue.halt", who.roles) and not who.supervisor,
        who=who,
        others=others,
        party=party,
        today=today,
        drafts=[draft for draft in drafts if draft["waits_for_me"]],
        deadlines=with_days(deadlines[:LATEST], today),
        more_deadlines=len(deadlines) > LATEST,
        reads=reads[:LATEST],
        warnings=[row for row in warned if row["party"] == who.party],
        shanghai=shanghai,
        found=found,
        session_end=format_instant(who.session.expires_at),
    )


@DOOR.get(f"/desk/{NAMES}")
@operation(media=HTML, query=NARROWED)
@circle(Circle.PARTY)
def listed(name: str) -> Response:
    """A page of one sort of what is the reader's, as the API tells it."""
    who = need_reader()
    with ledger().record.reading() as connection:
        items, following = rows_asked(connection, name, who.party, who.party)
        signs = name == "consents"
        form = _consent_form(connection, who) if signs else None
        others = colleagues(connection, who.party, who.person) if signs else []
        pledges = items if name == "pledges" else []
        holds = name == "accounts" or any(row["pledgor"] == who.party for row in pledges)
        proved = head_times(connection)[0] if holds else None
        names = names_of(connection, {row["bank"] for row in pledges})
    return scripted(
        "desk_list.html",
        proved=proved,
        names=names,
        who=who,
        name=name,
        items=items,
        next=following,
        form=form,
        others=others,
        of=None,
    )


@DOOR.get(f"/desk/supervision/{NAMES}")
@operation(media=HTML, query=NARROWED_BY_PARTY)
@circle(Circle.SUPERVISOR)
def supervised(name: str) -> Response:
    """The same of everybody, or of one ``?party=``, for the supervisor."""
    party = request.args.get("party")
    if party is not None:
        one(PARTY, party)
    with ledger().record.reading() as connection:
        items, following = rows_asked(connection, name, party, None)
    who = need_reader()
    return page(
        "desk_list.html",
        who=who,
        name=name,
        items=items,
        next=following,
        form=None,
        proved=None,
        of=party or "*",
    )


@DOOR.get("/desk/consents/<id>/accounts")
@operation(media=HTML, query=("limit", "cursor", "account", "asset"))
@circle(Circle.CASE)
def opened(id: str) -> Response:
    """The balances that a consent lets the reader see; the giver is told of each read."""
    giver = let_in(id, "accounts")["giver"]
    with ledger().record.reading() as connection:
        items, following = rows_asked(connection, "accounts", giver, giver)
    return page(
        "desk_list.html",
        who=need_reader(),
        name="accounts",
        items=items,
        next=following,
        form=None,
        proved=None,
        of=giver,
    )


@DOOR.get("/desk/deadlines")
@operation(media=HTML, query=("as_of",))
@circle(Circle.PARTY)
def deadlines() -> Response:
    """Every deadline of the reader's party, with the days that are left."""
    today, items = board_asked()
    return page(
        "desk_rows.html", name="deadlines", items=with_days(items, today), today=today, next=None
    )


@DOOR.get("/desk/reads")
@operation(media=HTML, query=("limit", "before"))
@circle(Circle.PARTY)
def reads() -> Response:
    """Every read of the reader's party by consent, newest first."""
    items, following = reads_asked()
    return page("desk_rows.html", name="reads", items=items, next=following, today=None)


@DOOR.get("/desk/drafts")
@operation(media=HTML)
@circle(Circle.PARTY)
def drafts() -> Response:
    """Every draft of the reader's party that is still kept, newest first."""
    items = glances(need_reader())[::-1]
    return page("desk_rows.html", name="drafts", items=items, next=None, today=None)


@DOOR.get("/desk/drafts/<id>")
@operation(media=HTML)
@circle(Circle.PARTY)
def draft(id: str) -> Response:
    """One draft in the very words that are signed, to sign, reject or take back."""
    who = need_reader()
    found = told(id, who)
    submission = found["submission"]
    payload = parse(from_text(submission["envelope"]["payload"], "/envelope/payload"))
    words = orjson.dumps(submission["body"], option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    return scripted(
        "desk_draft.html",
        who=who,
        draft=found,
        payload=payload,
        words=words.decode(),
        mine=found["author"] == who.key,
    )


def _consent_form(connection: Connection, who: Reader) -> dict[str, Any] | None:
    """What the form to give a consent offers; None for those who cannot give one."""
    head = read_head(connection, ledger().record.origin)
    if head is None or not may_state(ledger().engine, "consent.give", who.roles):
        return None
    declared = newest_types(ledger().engine)["consent.give"]
    today = business_date(ops().now())
    people = guide(connection, declared, business_date(head.at)).people
    return {
        "version": declared.version,
        "two": people.count > 1,
        "purposes": PURPOSES,
        "scopes": SCOPES,
        "today": today,
    }
