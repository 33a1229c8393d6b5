"""The register as anyone may see it, in our own words: what every vocabulary is made of.

Holders of living units are no part of it: a unit that has not ended is held, by whom is not said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from ledger.credits.ending import RETIRED
from ledger.credits.models import batch_table, fate_table, retirement_table
from ledger.parties.models import party_table, region_table
from ledger.parties.parameters import business_date
from ledger.projects.models import project_table, report_table
from ledger.writer.store import read_entry
from portal.exports.days import Days, days_of

Record = dict[str, Any]
HELD = "held"


class Register:
    """Reads projects, reports, batches and units of one state of the record, sorted by name.

    ``origin`` is the ledger's name, ``url`` the address under which others know it.
    """

    def __init__(self, connection: Connection, origin: str, url: str) -> None:
        self._connection = connection
        self.origin = origin
        self.url = url

    def records(self, kind: str) -> Iterator[Record]:
        """The records of a kind: projects, reports, batches or units."""
        kinds: dict[str, Callable[[], Iterator[Record]]] = {
            "projects": self._projects,
            "reports": self._reports,
            "batches": self._batches,
            "units": self._units,
        }
        for record in kinds[kind]():
            yield {**record, "origin": self.origin, "url": self.url}

    @cached_property
    def _names(self) -> dict[str, str]:
        rows = self._connection.execute(select(party_table.c.party, party_table.c.name))
        return {row.party: row.name for row in rows}

    @cached_property
    def _regions(self) -> dict[str, str]:
        query = select(region_table.c.code, region_table.c.name).order_by(region_table.c.valid_from)
        return {row.code: row.name for row in self._connection.execute(query)}

    @cached_property
    def _days(self) -> Days:
        return days_of(self._connection)

    @cached_property
    def _by_project(self) -> dict[str, Record]:
        return {record["project"]: record for record in self._projects()}

    @cached_property
    def _by_report(self) -> dict[str, Record]:
        return {record["report"]: record for record in self._reports()}

    def _rows(self, table: Any) -> list[Record]:
        query = select(table).order_by(*table.primary_key.columns)
        return [dict(row) for row in self._connection.execute(query).mappings()]

    def _projects(self) -> Iterator[Record]:
        for row in self._rows(project_table):
            yield {
                **row,
                "owner_name": self._names.get(row["owner"], row["owner"]),
                "province": self._regions.get(f"{row['region'][:2]}0000", ""),
                "state_day": self._days.projects.get(row["project"], ""),
            }

    def _reports(self) -> Iterator[Record]:
        for row in self._rows(report_table):
            of = self._by_project[row["project"]]
            vintages = row["vintages"] or []
            certified = sum(vintage["quantity"] for vintage in vintages) if vintages else None
            named = ("name", "owner_name", "class", "methodology", "province")
            yield {
                **{name: of[name] for name in named},
                **row,
                "certified": certified,
                "verifier_name": self._names.get(row["verifier"] or "", ""),
                "state_day": self._days.reports.get(row["report"], ""),
                "verified_day": self._days.verified.get(row["report"], ""),
            }

    def _batches(self) -> Iterator[Record]:
        for row in self._rows(batch_table):
            report = self._by_report[row["report"]]
            entry = read_entry(self._connection, row["index"])
            yield {
                **row,
                **{
                    name: report[name] for name in ("start", "end", "verifier_name", "verified_day")
                },
                "issued_day": business_date(entry.at) if entry else "",
            }

    def _units(self) -> Iterator[Record]:
        purposes = {
            row.retirement: row.purpose
            for row in self._connection.execute(
                select(retirement_table.c.retirement, retirement_table.c.purpose)
            )
        }
        for batch in self._rows(batch_table):
            for first, last, state, act in self._spans(batch["batch"], batch["issued"]):
                yield {
                    **{name: batch[name] for name in ("batch", "project", "class", "vintage")},
                    "first": first,
                    "last": last,
                    "count": last - first + 1,
                    "state": state,
                    "purpose": purposes.get(act, "") if state == RETIRED else "",
                }

    def _spans(self, batch: str, issued: int) -> Iterator[tuple[int, int, str, str]]:
        """The ended blocks of a batch, and between them what is held."""
        query = select(fate_table).where(fate_table.c.batch == batch).order_by(fate_table.c.first)
        start = 1
        for fate in self._connection.execute(query).mappings():
            if fate["first"] > start:
                yield start, fate["first"] - 1, HELD, ""
            yield fate["first"], fate["last"], fate["fate"], fate["act"]
            start = fate["last"] + 1
        if start <= issued:
            yield start, issued, HELD, ""
