"""Parameters of the API: what may stand in a path and in a query."""

from __future__ import annotations

from typing import Any

from market.quotes.candles import INTERVALS
from market.quotes.feed import CHANNELS
from market.readers import LISTING, METHODS
from portal.api.shapes import DATE
from portal.reports.making import NAMES as REPORTS
from portal.shell.paging import CURSOR_CHARACTERS, LIMIT, LIMIT_MAX
from portal.shell.texts import LANGUAGES

INDEX = {"type": "string", "pattern": "^(?:0|[1-9][0-9]{0,15})$"}
NAME = {"type": "string", "minLength": 1, "maxLength": 120}
TILE = {"type": "string", "pattern": r"^[0-9a-z/.]+$"}
MEMBERS = {
    "parties": "party",
    "projects": "project",
    "batches": "batch",
    "retirements": "retirement",
    "certificates": "retirement",
    "duties": "duty",
    "locks": "lock",
    "withdrawals": "withdrawal",
    "halts": "venue",
    "consents": "consent",
    "drafts": "draft",
    "statements": "statement",
    "entries": "index",
    "attachments": "attachment",
    "facts": "fact",
    "recorded": "answer",
    "grants": "grant",
    "rules": "rule",
    "simulations": "rule",
    "quotas": "plan",
    "instruments": "instrument",
    "tickers": "instrument",
    "auctions": "auction",
}
"""What the variable behind a collection is called, whatever its route calls it."""


def _path(description: str, schema: dict[str, Any] = NAME) -> dict[str, Any]:
    return {"in": "path", "required": True, "description": description, "schema": schema}


PATHS: dict[str, dict[str, Any]] = {
    "answer": _path("The name of an answer on the record."),
    "asset": _path("A batch, or CNY for cash."),
    "attachment": _path("The name of an attachment, as its statement's type has it."),
    "auction": _path("The code of an auction.", {**NAME, "maxLength": 40}),
    "batch": _path("The id of a batch of credits."),
    "consent": _path("The id of a consent: of the statement that gave it."),
    "credit_class": _path("The code of a class of credits."),
    "deal": _path("The name of a deal, as trades of one's own and its events have it."),
    "draft": _path("The id of a draft: of the statement that it will be."),
    "duty": _path("The id of a duty to replace units: of the statement that made it due."),
    "fact": _path("The name of a fact."),
    "grant": _path("The id of a grant: of the statement that applied for it."),
    "index": _path("The number of an entry of the log, from 0.", INDEX),
    "instrument": _path("The code of an instrument.", {**NAME, "maxLength": 12}),
    "lock": _path("The id of a lock on serials: of the statement that set it."),
    "party": _path("The id of a party."),
    "path": _path("The path of a tile, as c2sp.org/tlog-tiles spells it.", TILE),
    "plan": _path("The name of a plan of quotas."),
    "project": _path("The id of a project, of a mirrored one behind its registry and a colon."),
    "report": _path("Which report.", {"enum": list(REPORTS)}),
    "retirement": _path("The id of a retirement: of the statement that retired."),
    "rule": _path("The name of a rule of the policy."),
    "serial": _path("The serial of one unit."),
    "statement": _path("The id of a statement, which its author gave it."),
    "type": _path("A type of statement."),
    "venue": _path("The code of a venue."),
    "withdrawal": _path("The id of a withdrawal of an opinion: of the statement that withdrew it."),
}
"""What may stand in a path: each variable of a route by the name that the description gives it."""


def in_path(segment: str, variable: str) -> str:
    """What a route's variable is called that stands behind a segment of its path."""
    return MEMBERS.get(segment, variable)


def _query(description: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"in": "query", "required": required, "description": description, "schema": schema}


QUERY: dict[str, dict[str, Any]] = {
    "limit": _query(
        "How many items a page holds at most.",
        {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT},
    ),
    "cursor": _query(
        "Where a page goes on: taken from the link of the page before, and opaque.",
        {"type": "string", "maxLength": CURSOR_CHARACTERS},
    ),
    "before": _query(
        "Where a list that runs backwards goes on: below this number, of candles an instant.",
        {"type": "integer", "minimum": 1},
    ),
    "first": _query("The first entry.", {"type": "integer", "minimum": 0, "default": 0}),
    "on": _query("The day whose law counts; facts are of the period it lies in.", DATE),
    "as_of": _query(
        "The day whose law is asked; without it the day of the newest entry in Asia/Shanghai.",
        DATE,
    ),
    "known_at": _query(
        "The log size at which it was known; without it the whole log.",
        {"type": "integer", "minimum": 0},
    ),
    "from": _query("The first day, in Asia/Shanghai.", DATE),
    "to": _query("The last day, in Asia/Shanghai.", DATE),
    "indicator": _query("The name of one indicator.", NAME),
    "subject": _query("A party or a region.", NAME),
    "account": _query("One account of a party.", NAME),
    "registry": _query("One mirrored registry.", {"type": "string", "maxLength": 40}),
    "asset": _query("A batch, or CNY for cash.", NAME),
    "batch": _query("One batch.", NAME),
    "state": _query("Only what is in this state.", NAME),
    "type": _query("One type of statement.", NAME),
    "party": _query("One party.", NAME),
    "pledge": _query("One pledge.", NAME),
    "detector": _query("One detector of surveillance.", NAME),
    "operator": _query("One operator of a party.", NAME),
    "for": _query(
        "Drafts of the whole party, or those that wait for the reader's own key.",
        {"enum": ["me", "all"], "default": "all"},
    ),
    "date": _query("Only of this day.", DATE),
    "every": _query("End every session of the key.", {"enum": ["true", "false"]}),
    "instrument": _query("The code of one instrument.", {"type": "string", "maxLength": 12}),
    "price_fen": _query("Price of one credit in fen.", {"type": "integer", "minimum": 1}),
    "quantity": _query("How many credits.", {"type": "integer", "minimum": 1}),
    "method": _query("The trade method.", {"enum": sorted(METHODS), "default": LISTING}),
    "auction": _query("The code of one auction.", {"type": "string", "maxLength": 40}),
    "interval": _query(
        "How long a candle is; days and hours are those of Asia/Shanghai.",
        {"enum": list(INTERVALS), "default": "1d"},
    ),
    "channels": _query(
        "What is told, separated by commas; without it everything.",
        {"type": "string", "pattern": f"^({'|'.join(CHANNELS)})(,({'|'.join(CHANNELS)}))*$"},
    ),
    "after": _query(
        "The number of the last trade that is known; the header Last-Event-ID goes before it.",
        {"type": "integer", "minimum": 0},
    ),
    "set": _query(
        "Other figures of a rule, NAME:VALUE, separated by commas; values are exact decimals.",
        {"type": "string", "maxLength": 600},
    ),
    "cliffs": _query(
        "Whether to work out how far amounts jump at each threshold.",
        {"enum": ["yes", "no"], "default": "no"},
    ),
    "partial": _query(
        "Whether the answers so far are wanted of a list that is not finished.",
        {"enum": ["yes", "no"], "default": "no"},
    ),
    "lang": _query(
        "The language of problems; without it Accept-Language decides.",
        {"type": "string", "enum": list(LANGUAGES)},
    ),
}
