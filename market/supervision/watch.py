"""The detectors over a range of the log, as of its size; what is on the record of each finding."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select

from ledger.parties.parameters import business_date, midnight
from ledger.parties.reading import reading
from ledger.parties.stated import stated_on
from ledger.writer.concerns import entered_since
from ledger.writer.kinds import Row
from ledger.writer.store import Head, plain, read_entries
from market.supervision import holdings
from market.supervision.limits import WATCH, limits
from market.supervision.models import finding_table, referral_table
from market.supervision.rows import tell
from market.supervision.thresholds import THRESHOLDS
from market.watching.finding import DETECTORS, Found
from market.watching.history import History
from market.watching.watch import watch


def found_between(
    connection: Connection, days: tuple[str, str], stop: int, head: Head
) -> dict[str, Any]:
    """What the detectors find of the entries of two days and those between, up to size ``stop``.

    ``head`` is the log's own.  ``thresholds`` are those in force on the last day, or today where
    that lies ahead; None for a detector of which one is not stated: it is off.  Each of ``items``
    is a finding with its digest, with ``finding`` and ``state`` as it stands on the record now, and
    with the one on the record that it goes on from as ``earlier`` (`_earlier`).
    """
    first = entered_since(connection, midnight(days[0]), stop)
    last = min(stop, entered_since(connection, midnight(days[1], 1), stop))
    at = min(midnight(days[1]), head.at)
    context = reading(connection, at)
    stated = {name: limits(context, name) for name in DETECTORS}
    found = watch(_history(connection, first, last, head.size), stated)
    known = _recorded(connection, stop)
    return {
        "from": days[0],
        "to": days[1],
        "size": stop,
        "entries": [first, last],
        "thresholds": thresholds(connection, business_date(at)),
        "items": [_item(one, known) for one in found],
    }


def recorded_finding(connection: Connection, digest: str) -> dict[str, Any] | None:
    """A finding on the record by the digest of its evidence, with the ``authority`` it went to."""
    query = select(finding_table).where(finding_table.c.digest == digest)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    told = select(referral_table.c.authority).where(referral_table.c.finding == row["finding"])
    return {**plain(row), "authority": connection.execute(told.limit(1)).scalar()}


def thresholds(connection: Connection, day: str) -> dict[str, dict[str, Any] | None]:
    """By detector, each threshold on a day and whether it is verified; None where it is off."""
    codes = {
        name: {rule: f"{WATCH}{name}.{rule}" for rule in rules}
        for name, rules in THRESHOLDS.items()
    }
    rows = stated_on(connection, (c for rules in codes.values() for c in rules.values()), day)
    return {
        name: {
            rule: {field: rows[code][field] for field in ("value", "unit", "source", "verified")}
            for rule, code in rules.items()
        }
        if set(rules.values()) <= set(rows)
        else None
        for name, rules in codes.items()
    }


def _history(connection: Connection, first: int, stop: int, size: int) -> History:
    read = tell(read_entries(connection, first, stop))
    return History(
        deals=tuple(read.deals),
        withdrawn=tuple(read.withdrawn),
        moves=tuple(read.moves),
        opened=holdings.opened(connection, stop),
        retired=tuple(read.retired),
        sessions=tuple(read.sessions.values()),
        holdings=holdings.holdings(connection, stop, size),
        references=read.references,
        controls=holdings.controls(connection, stop),
        names=holdings.names(connection, stop),
    )


def _recorded(connection: Connection, stop: int) -> dict[str, Row]:
    table = finding_table
    rows = connection.execute(select(table).where(table.c.index < stop)).mappings()
    return {row["digest"]: plain(row) for row in rows}


def _item(found: Found, known: dict[str, Row]) -> dict[str, Any]:
    row = known.get(found.digest)
    on_record = {"finding": row and row["finding"], "state": row and row["state"]}
    told = {name: value for name, value in asdict(found).items() if name != "figures"}
    lists = {name: list(told[name]) for name in ("parties", "entries", "passed")}
    figures = [{"name": n, "value": v} for n, v in found.figures.items()]
    more = {"digest": found.digest, **on_record, "earlier": None if row else _earlier(found, known)}
    return {**told, **lists, "figures": figures, **more}


def _earlier(found: Found, known: dict[str, Row]) -> dict[str, Any] | None:
    """The newest finding on the record about the same parties that shares evidence with this one.

    With every further act a detector's evidence is another and so is its digest: what was opened
    or explained before is told with the entries that have come since (``beyond``).
    """
    alike = [
        row
        for row in known.values()
        if row["detector"] == found.detector
        and row["instrument"] in (None, found.instrument)
        and row["parties"] == sorted(found.parties)
        and not set(row["entries"]).isdisjoint(found.entries)
    ]
    if not alike:
        return None
    row = max(alike, key=lambda row: int(row["index"]))
    beyond = sorted(set(found.entries) - set(row["entries"]))
    return {**{name: row[name] for name in ("finding", "state", "digest")}, "beyond": beyond}
