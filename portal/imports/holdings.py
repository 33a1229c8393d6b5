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


def kind_of(row: ProjectRow | BlockRow) -> str:
    """The word of the report for a row: project, issuance, retirement, cancellation, block."""
    if isinstance(row, ProjectRow):
        return "project"
    for kind, name in (
        (IssuanceRow, "issuance"),
        (RetirementRow, "retirement"),
        (CancellationRow, "cancellation"),
    ):
        if isinstance(row, kind):
            return name
    return "block"


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
            return Act(
                kind, self.source, key, batch.issued.ms, body, {}, "issuance", rows, (measure,)
            )
        return Act(kind, self.source, key, batch.issued.ms, batch_body(batch, None))

    def _block(self, row: BlockRow) -> Act:
        kind = kind_of(row)
        at = row.at if isinstance(row, RetirementRow | CancellationRow) else None
        return Act(
            f"mirror.{kind}",
            self.source,
            f"{kind}/{row.source_key}",
            (at or row.batch.issued).ms,
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
                else:
                    yield from planner.holding(event)
            except CellFault as fault:
                refusal = Refused(event.row, fault.code, fault.field, fault.params, event.raw)
                report.refuse(refusal)
