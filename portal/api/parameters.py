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
PATHS: dict[str, tuple[str, dict[str, Any]]] = {
    "text": ("index", INDEX),
    "key": ("key", NAME),
    "serial": ("serial", NAME),
    "name": ("retirement", NAME),
    "code": ("code", {"type": "string", "minLength": 1, "maxLength": 12}),
    "path": ("path", TILE),
    "fact_name": ("fact", NAME),
    "id": ("id", NAME),
    "project": ("project", NAME),
    "side": ("side", {"enum": ["registry", "trading"]}),
    "asset": ("asset", NAME),
    "rule_name": ("rule", NAME),
    "plan_name": ("plan", NAME),
    "party": ("party", NAME),
    "deal": ("deal", NAME),
    "venue": ("venue", NAME),
    "credit_class": ("class", NAME),
    "report": ("report", {"enum": list(REPORTS)}),
}
"""A route's variable: what the description calls it, and what it may be."""


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
