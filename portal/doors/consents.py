"""Reading by consent: what a bank or a verifier may see of an enterprise, and who saw what."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from ledger.consents.models import CONSENT, ConsentState
from ledger.parties.models import PARTY
from ledger.statements.instants import format_instant
from ledger.statements.types import Circle
from ledger.writer.kinds import Row
from ledger.writer.store import Rows
from portal.doors.answers import other_scope
from portal.doors.own import paged
from portal.doors.resources import NAME_MAX
from portal.shell.answers import json_resource
from portal.shell.circles import circle
from portal.shell.current import ledger, ops
from portal.shell.operations import operation
from portal.shell.paging import NUMBER_MAX, limit_asked
from portal.shell.problems import Problem
from portal.shell.reader import Reader, need_reader

DOOR = Blueprint("consents", __name__, url_prefix="/v1")
BEFORE_DIGITS = 19


@DOOR.get("/consents/<id>/<any(accounts):name>")
@operation("Private", query=("limit", "cursor", "account", "asset"))
@circle(Circle.CASE)
def opened(id: str, name: str) -> Response:
    """What the giver of a consent lets the reader's party see; the giver is told of each read."""
    giver = let_in(id, name)["giver"]
    return paged(name, of=giver, viewer=giver)


@DOOR.get("/reads")
@operation("Private", query=("limit", "before"))
@circle(Circle.PARTY)
def read() -> Response:
    """Who read what of the reader's party by consent, newest first."""
    items, following = reads_asked()
    response = json_resource({"items": items, "next": following})
    if following is not None:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def let_in(id: str, name: str) -> Row:
    """The consent by which the reader may see ``name`` of its giver; the read is noted.

    Raises Problem 404 where no such consent holds.
    """
    who = need_reader()
    consent = _standing(id, name, who)
    # Noted first: where that cannot be done nothing is shown.
    ops().reads.note(
        giver=consent["giver"],
        reader=who.party,
        operator=who.operator,
        key=who.key,
        consent=consent["consent"],
        purpose=consent["purpose"],
        what=name,
        asked=request.query_string.decode("ascii", "replace")[:NAME_MAX],
        at=ops().now(),
    )
    return consent


def reads_asked() -> tuple[list[Row], str | None]:
    """A page of the reads of the reader's party, newest first, and where the next one is."""
    limit = limit_asked()
    rows = ops().reads.of(need_reader().party, limit + 1, _before_asked())
    following = None
    if len(rows) > limit:
        words = {**request.args.to_dict(), "limit": limit, "before": rows[limit - 1]["number"]}
        following = f"{request.path}?{urlencode(words)}"
    return [{**row, "at": format_instant(row["at"])} for row in rows[:limit]], following


def _standing(id: str, name: str, who: Reader) -> Row:
    """The consent, if it holds now for this reader and scope; raises Problem 404 for any other.

    403 ``consent-other-scope`` for one of the reader's own that does not cover ``name``.
    It is over with its last day, even where the scheduler has not said so yet.
    """
    refused = Problem(404, "consent-unknown", key=id[:NAME_MAX])
    if len(id) > NAME_MAX or "\x00" in id:
        raise refused
    with ledger().record.reading() as connection:
        rows = Rows(connection)
        row, party = rows.row(CONSENT, (id,)), rows.row(PARTY, (who.party,))
    if row is None or row["reader"] != who.party:
        raise refused
    if row["state"] != ConsentState.GIVEN or row["until_at"] <= ops().now():
        raise refused
    if party is None or party["status"] != "active":
        raise refused
    if name not in row["scope"]:
        raise other_scope(id, name, [row])
    return row


def _before_asked() -> int | None:
    text = request.args.get("before")
    if text is None:
        return None
    plain = text.isascii() and text.isdigit() and len(text) <= BEFORE_DIGITS
    if not plain or not 0 < int(text) < NUMBER_MAX:
        raise Problem(400, "parameter-invalid", field="before", rule="number")
    return int(text)
