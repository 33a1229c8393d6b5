"""The plan of a file whose rows name projects, batches and blocks of serial numbers.

Acts stand in file order and are made as the rows are read; a project or batch that only these rows
mention is opened just before the first of them (`origin` "seen"). Within one file no unit stands in
two rows, a batch is described one way, and its blocks never exceed it. Units of a batch that no row
lists stay held.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator

from portal.imports.bodies import attached_text, batch_body, holding_body, project_body
from portal.imports.errors import CellFault
from portal.imports.ground import Ground
from portal.imports.model import (
    Batch,
    BatchRow,
    BlockRow,
    CancellationRow,
    Event,
    IssuanceRow,
    Left,
    LegRow,
    Project,
    ProjectRow,
    Refused,
    RetirementRow,
)
from portal.imports.plan import Act
from portal.imports.report import Report
from portal.imports.spans import SpanBook


def kind_of(row: BlockRow) -> str:
    """The word of the report for a row: issuance, retirement, cancellation, block."""
    for kind, name in (
        (IssuanceRow, "issuance"),
        (RetirementRow, "retirement"),
        (CancellationRow, "cancellation"),
    ):
        if isinstance(row, kind):
            return name
    return "block"


def _ms(batch: Batch) -> int:
    """The time in the id of a batch: 0 where the export gives none, never that of another row,
    since another export may hold other rows of the batch."""
    return batch.issued.ms if batch.issued else 0


class _Planner:
    def __init__(self, source: str, report: Report) -> None:
        self.source = source
        self.report = report
        self._spans = SpanBook()
        self._projects: dict[str, int] = {}
        self._seen_projects: set[str] = set()
        self._batches: dict[str, tuple[int, Batch]] = {}
        self._listed: Counter[str] = Counter()

    def _project(self, project: Project, rows: tuple[int, ...]) -> Iterator[Act]:
        body = project_body(project)
        attached = {} if project.description is None else {"description": project.description}
        told = hashlib.sha256(json.dumps([body, attached], sort_keys=True).encode()).hexdigest()
        key = f"project/{project.id}/{told[:32]}"
        if rows or key not in self._seen_projects:
            self._seen_projects.add(key)
            ms = project.registered.ms if project.registered else 0
            kind, measures = ("project", (("", 0),)) if rows else ("", ())
            yield Act("mirror.project", self.source, key, ms, body, attached, kind, rows, measures)

    def project(self, row: ProjectRow) -> Iterator[Act]:
        """A project list states a project once."""
        first = self._projects.setdefault(row.project.id, row.row)
        if first != row.row:
            raise CellFault("project-repeated", "", project=row.project.id, first_row=first)
        self.report.take(row.row, "project")
        yield from self._project(row.project, (row.row,))

    def _check_batch(self, row: BlockRow) -> bool:
        """True if the batch is new to the file."""
        known = self._batches.get(row.batch.key)
        if known is None:
            return True
        if isinstance(row, IssuanceRow):
            raise CellFault("batch-repeated", "", batch=row.batch.key, first_row=known[0])
        if known[1] != row.batch:
            raise CellFault("batch-disagrees", "", batch=row.batch.key, first_row=known[0])
        return False

    def issuance(self, row: BatchRow) -> Iterator[Act]:
        """A batch of which no unit is named: all of it stays held until its units are seen."""
        batch = row.batch
        known = self._batches.setdefault(batch.key, (row.row, batch))
        if known[0] != row.row:
            raise CellFault("batch-repeated", "", batch=batch.key, first_row=known[0])
        units = batch.quantity or 0
        self.report.take(row.row, "issuance", batch.unit, units)
        yield from self._project(row.project, ())
        yield Act(
            "mirror.batch", self.source, f"batch/{batch.origin}/{batch.key}", _ms(batch),
            batch_body(batch, None), {}, "issuance", (row.row,), ((batch.unit, units),),
        )  # fmt: skip

    def holding(self, row: BlockRow) -> Iterator[Act]:
        """Judge a row as a whole before any of it is kept."""
        batch, block = row.batch, row.block
        new = self._check_batch(row)
        if batch.quantity is not None and self._listed[batch.key] + block.quantity > batch.quantity:
            raise CellFault(
                "batch-exceeded", "", batch=batch.key, quantity=batch.quantity,
                listed=self._listed[batch.key],
            )  # fmt: skip
        other = self._spans.claim(block.scope, block.first, block.last, row.row)
        if other is not None:
            raise CellFault("serial-overlap", "", serial=block.serial, other_row=other)
        self._listed[batch.key] += block.quantity
        self.report.take(row.row, kind_of(row), batch.unit, block.quantity)
        yield from self._project(row.project, ())
        if new:
            self._batches[batch.key] = (row.row, batch)
            yield self._batch(row)
        if not isinstance(row, IssuanceRow):
            yield self._block(row)

    def _batch(self, row: BlockRow) -> Act:
        batch = row.batch
        kind, key = "mirror.batch", f"batch/{batch.origin}/{batch.key}"
        if isinstance(row, IssuanceRow):
            body, measure = batch_body(batch, row.block), (batch.unit, row.block.quantity)
            rows = (row.row,)
            return Act(kind, self.source, key, _ms(batch), body, {}, "issuance", rows, (measure,))
        return Act(kind, self.source, key, _ms(batch), batch_body(batch, None))

    def _block(self, row: BlockRow) -> Act:
        kind = kind_of(row)
        at = row.at if isinstance(row, RetirementRow | CancellationRow) else None
        return Act(
            f"mirror.{kind}",
            self.source,
            f"{kind}/{row.source_key}",
            at.ms if at else _ms(row.batch),
            holding_body(row),
            attached_text(row),
            kind,
            (row.row,),
            ((row.batch.unit, row.block.quantity),),
        )


def plan_holdings(
    source: str, events: Iterable[Event], report: Report, ground: Ground
) -> Iterator[Act]:
    """Turn rows into acts, one after the other, and settle every row in the report.

    No row needs what the record holds: whether it fits there is for the ledger to decide.
    """
    planner = _Planner(source, report)
    for event in events:
        if isinstance(event, Refused):
            report.refuse(event)
        elif isinstance(event, Left):
            report.leave(event)
        elif isinstance(event, LegRow):
            raise TypeError("a leg in a file of holdings")
        else:
            try:
                if isinstance(event, ProjectRow):
                    yield from planner.project(event)
                elif isinstance(event, BatchRow):
                    yield from planner.issuance(event)
                else:
                    yield from planner.holding(event)
            except CellFault as fault:
                refusal = Refused(event.row, fault.code, fault.field, fault.params, event.raw)
                report.refuse(refusal)


def plan_unlinked(
    source: str, events: Iterable[Event], report: Report, ground: Ground
) -> Iterator[Act]:
    """As `plan_holdings`, where no row lays a unit to the issuance that it came from; it is noted,
    since the registry's issuances and the batches of its ended units are then counted apart."""
    yield from plan_holdings(source, events, report, ground)
    report.note("units-not-laid-to-issuances")
