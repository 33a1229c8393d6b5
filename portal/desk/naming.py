"""Names that people know things by: a project's title, a report's period, a party's name.

All of them are public; whose matter it is, is for the caller to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, select

from ledger.credits.models import batch_table
from ledger.parties.models import party_table
from ledger.projects.models import project_table, report_table
from ledger.projects.steps import PROJECTS
from ledger.writer.kinds import Row

UNITS = ("batch", "asset", "instrument")
POSITION = ("class", "vintage")
CHUNK = 500


def about(
    connection: Connection, rows: Sequence[Row], others: Sequence[Sequence[str]]
) -> list[Row]:
    """What each row is about, with the members that there are; ``others`` are its other parties.

    ``project`` and ``project_name``; ``report`` with ``start`` and ``end``; ``units`` (a batch, an
    asset, an instrument) and ``quantity`` in tonnes, of a duty what is missing still, and for a
    large position ``class`` and ``vintage`` with it; ``rule``, ``document``, ``amount_fen``,
    ``reasons`` (why it was sent back); ``party`` and ``party_name``.
    """
    batches = _found(connection, batch_table.c.batch, (row.get("batch") for row in rows))
    reports = _found(connection, report_table.c.report, (_report(row) for row in rows))
    of = [_project(row, batches, reports) for row in rows]
    projects = _found(connection, project_table.c.project, of)
    parties = _found(connection, party_table.c.party, (p[0] for p in others if p))
    told = []
    for row, name, between in zip(rows, of, others, strict=True):
        item: Row = {}
        if name in projects:
            item |= {"project": name, "project_name": projects[name]["name"]}
        if report := reports.get(_report(row)):
            item |= {key: report[key] for key in ("report", "start", "end")}
        for key in UNITS:
            if key in row:
                item["units"] = row[key]
        known = ("rule", "document", "reasons", "amount_fen")
        item |= {key: row[key] for key in known if row.get(key)}
        if "batch" in row:
            item["quantity"] = row["quantity"]
        if "discharged" in row:
            item["quantity"] = row["quantity"] - row["discharged"] - row["remitted"]
        if "held" in row:
            item |= {**{key: row[key] for key in POSITION}, "quantity": row["held"]}
        if between:
            item |= {"party": between[0], "party_name": parties[between[0]]["name"]}
        told.append(item)
    return told


def line(item: Mapping[str, Any]) -> str:
    """The same in one line for people, in no language; empty where nothing is known."""
    parts = [item.get("project_name")]
    if "report" in item:
        parts.append(f"{item['report']} {item['start']} – {item['end']}")
    if "vintage" in item:
        parts.append(f"{item['class']} {item['vintage']}")
    if "quantity" in item:
        parts.append(f"{item['quantity']:,} t")
    if "amount_fen" in item:
        parts.append(f"CNY {item['amount_fen'] // 100:,}.{item['amount_fen'] % 100:02d}")
    parts += [item.get(key) for key in ("units", "rule", "document", "reasons", "party_name")]
    return " · ".join(str(part) for part in parts if part)


def _report(row: Row) -> str | None:
    """The report that a row names, or None."""
    if "subject" in row:
        return None if row["subject"] == PROJECTS else row["name"]
    return row.get("report")


def _project(row: Row, batches: Mapping[Any, Row], reports: Mapping[Any, Row]) -> str | None:
    """The project that a row is about: its own, its report's or its batch's."""
    if row.get("subject") == PROJECTS:
        return str(row["name"])
    known = reports.get(_report(row)) or batches.get(row.get("batch")) or {}
    return known.get("project")


def _found(connection: Connection, key: Column[Any], names: Iterable[str | None]) -> dict[Any, Row]:
    """The rows of these keys by key, a few hundred at a time."""
    wanted, found = sorted({name for name in names if name}), {}
    for first in range(0, len(wanted), CHUNK):
        query = select(key.table).where(key.in_(wanted[first : first + CHUNK]))
        for row in connection.execute(query).mappings():
            found[row[key.name]] = dict(row)
    return found
