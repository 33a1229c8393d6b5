"""The days in Shanghai of what happened to projects and reports, from the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, or_, select

from ledger.parties.parameters import business_date
from ledger.statements.canonical import parse
from ledger.statements.envelope import parse_envelope
from ledger.writer.store import StoredEntry, read_entry
from ledger.writer.tables import statement

_BYTES_MAX = 1 << 30
_ABOUT = ("project.", "report.", "reduction.", "credit.issue", "batch.public")


@dataclass(frozen=True)
class Days:
    """By project and by report the day of the newest accepted act about it, and by report the day
    of its verification."""

    projects: dict[str, str] = field(default_factory=dict)
    reports: dict[str, str] = field(default_factory=dict)
    verified: dict[str, str] = field(default_factory=dict)


def days_of(connection: Connection) -> Days:
    """Read the days of everything that is on record and not erased."""
    days = Days()
    named = statement.c.type
    wanted = select(statement.c.index).where(or_(*(named.startswith(word) for word in _ABOUT)))
    for index in connection.execute(wanted.order_by(statement.c.index)).scalars():
        entry = read_entry(connection, index)
        if entry is None or not _accepted(entry):
            continue
        for type, body in _acts(entry):
            day = business_date(entry.at)
            if type.startswith("project.") and "project" in body:
                days.projects[str(body["project"])] = day
            elif "report" in body:
                days.reports[str(body["report"])] = day
                if type == "report.verify":
                    days.verified[str(body["report"])] = day
    return days


def _accepted(entry: StoredEntry) -> bool:
    outcome = parse(entry.outcome, max_bytes=_BYTES_MAX)
    return bool(outcome["public"]["result"] == "accepted")


def _acts(entry: StoredEntry) -> Iterator[tuple[str, Mapping[str, Any]]]:
    leaf, held = parse(entry.leaf), parse(entry.body, max_bytes=_BYTES_MAX)
    if "envelope" not in leaf or "body" not in held:
        return  # confidential, or erased after its time
    type = parse_envelope(leaf["envelope"]).payload.type
    yield type, held["body"]
    for operation in held["body"].get("operations", ()) if type == "batch.public" else ():
        yield operation["type"], operation["body"]
