"""Verra's public exports: the project list, and the list of blocks of units (VCU).

Batch = (ID, vintage start and end, issuance date, total vintage quantity). A block with a date in
"Retirement/Cancellation Date" has ended, one without is held, and units of the batch that no row
lists stay held. The export does not tell a retirement from a cancellation: ended blocks are read as
retirements, and the report counts those that give neither beneficiary, reason nor details.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from portal.imports.dates import Moment, iso_date
from portal.imports.errors import CellFault
from portal.imports.format import FileSpec, Format
from portal.imports.ground import Ground
from portal.imports.holdings import plan_holdings
from portal.imports.model import (
    Batch,
    Block,
    BlockRow,
    Event,
    Project,
    ProjectRow,
    RetirementRow,
)
from portal.imports.numbers import grouped_count, grouped_quantity
from portal.imports.plan import Act
from portal.imports.report import Report
from portal.imports.rows import Cells
from portal.imports.serials import VerraSerial, check_size

REGISTRY = "verra"
UNIT = "VCU"
ENDED = "Retirement/Cancellation Date"
CLAIM = ("Retirement Beneficiary", "Retirement Reason", "Retirement Details")

PROJECT_COLUMNS = (
    "ID", "Name", "Proponent", "Project Type", "AFOLU Activities", "Methodology", "Status",
    "Country/Area", "Estimated Annual Emission Reductions", "Project Registration Date",
    "Crediting Period Start Date", "Crediting Period End Date",
)  # fmt: skip
BLOCK_COLUMNS = (
    "Issuance Date", "Vintage Start", "Vintage End", "ID", "Name", "Country/Area", "Project Type",
    "Methodology", "Total Vintage Quantity", "Quantity Issued", "Serial Number",
    "Additional Certifications", ENDED, *CLAIM,
)  # fmt: skip


def _list(cells: Cells, column: str) -> tuple[str, ...]:
    text = cells.optional(column) or ""
    return tuple(part for part in (part.strip() for part in text.split(";")) if part)


def _forward(first: Moment | None, last: Moment | None, column: str) -> None:
    if first and last and last.ms < first.ms:
        raise CellFault("period-backwards", column, start=first.text, end=last.text)


def project_row(cells: Cells) -> ProjectRow:
    """A row of projects.csv."""
    start = cells.read_optional("Crediting Period Start Date", iso_date)
    end = cells.read_optional("Crediting Period End Date", iso_date)
    _forward(start, end, "Crediting Period End Date")
    project = Project(
        registry=REGISTRY,
        id=cells.text("ID"),
        origin="listed",
        name=cells.text("Name"),
        proponent=cells.optional("Proponent"),
        country=cells.optional("Country/Area"),
        kinds=_list(cells, "Project Type") + _list(cells, "AFOLU Activities"),
        methodologies=_list(cells, "Methodology"),
        status=cells.text("Status"),
        annual_estimate=cells.read_optional("Estimated Annual Emission Reductions", grouped_count),
        registered=cells.read_optional("Project Registration Date", iso_date),
        period_from=start.text if start else None,
        period_to=end.text if end else None,
    )
    return ProjectRow(row=cells.row, raw=cells.raw, source_key=project.id, project=project)


def _project_of_block(cells: Cells) -> Project:
    return Project(
        registry=REGISTRY,
        id=cells.text("ID"),
        origin="seen",
        name=cells.text("Name"),
        country=cells.optional("Country/Area"),
        kinds=_list(cells, "Project Type"),
        methodologies=_list(cells, "Methodology"),
    )


def _batch(cells: Cells) -> Batch:
    start, end = cells.read("Vintage Start", iso_date), cells.read("Vintage End", iso_date)
    _forward(start, end, "Vintage End")
    project, issued = cells.text("ID"), cells.read("Issuance Date", iso_date)
    total = cells.read("Total Vintage Quantity", grouped_quantity)
    return Batch(
        registry=REGISTRY,
        key=f"{project}/{start.text}/{end.text}/{issued.text}/{total}",
        project=project,
        origin="listed",
        unit=UNIT,
        vintage_from=start.text,
        vintage_to=end.text,
        issued=issued,
        quantity=total,
    )


def _block(cells: Cells, batch: Batch) -> Block:
    column = "Serial Number"
    serial = cells.read(column, VerraSerial.parse)
    cells.agree(column, serial.project, batch.project)
    cells.agree(column, serial.vintage_from, batch.vintage_from or "")
    cells.agree(column, serial.vintage_to, batch.vintage_to or "")
    quantity = cells.read("Quantity Issued", grouped_quantity)
    cells.read(column, lambda _: check_size(serial.first, serial.last, quantity))
    labels = _list(cells, "Additional Certifications")
    # Units are numbered through the whole registry, so that is the scope of the range.
    return Block(str(serial), REGISTRY, serial.first, serial.last, quantity, labels)


def block_row(cells: Cells) -> BlockRow:
    """A row of transactions.csv: a held block, or an ended one."""
    batch = _batch(cells)
    block, project = _block(cells, batch), _project_of_block(cells)
    ended = cells.read_optional(ENDED, iso_date)
    if ended is None:
        for column in CLAIM:
            if cells.optional(column) is not None:
                raise CellFault("claim-without-date", column)
        return BlockRow(
            row=cells.row, raw=cells.raw, source_key=block.serial,
            project=project, batch=batch, block=block,
        )  # fmt: skip
    if batch.issued and ended.ms < batch.issued.ms:
        raise CellFault("ended-before-issue", ENDED, ended=ended.text, issued=batch.issued.text)
    beneficiary, reason, details = (cells.optional(column) for column in CLAIM)
    return RetirementRow(
        row=cells.row, raw=cells.raw, source_key=block.serial,
        project=project, batch=batch, block=block,
        at=ended, beneficiary=beneficiary, reason=reason, details=details,
    )  # fmt: skip


def measure(cells: Cells) -> tuple[str, int]:
    """What a block row states."""
    return UNIT, cells.read("Quantity Issued", grouped_quantity)


def _plan_blocks(
    source: str, events: Iterable[Event], report: Report, ground: Ground
) -> Iterator[Act]:
    bare = 0
    vintages: dict[tuple[str, str, str], set[str]] = {}

    def watched() -> Iterator[Event]:
        nonlocal bare
        for event in events:
            if isinstance(event, RetirementRow):
                bare += (event.beneficiary, event.reason, event.details) == (None, None, None)
            if isinstance(event, BlockRow):
                batch = event.batch
                vintage = (batch.project, batch.vintage_from or "", batch.vintage_to or "")
                vintages.setdefault(vintage, set()).add(batch.key)
            yield event

    yield from plan_holdings(source, watched(), report, ground)
    if bare:
        report.note("retirement-or-cancellation-not-told-apart", rows=bare)
    shared = tuple("/".join(vintage) for vintage, keys in vintages.items() if len(keys) > 1)
    if shared:
        report.note("vintage-in-several-batches", vintages=shared)


FORMAT = Format(
    name="verra",
    title_key="imports.verra.title",
    registry=REGISTRY,
    files=(
        FileSpec("projects", PROJECT_COLUMNS, ("Region",), project_row, plan_holdings),
        FileSpec(
            "transactions", BLOCK_COLUMNS, ("Sustainable Development Goals",), block_row,
            _plan_blocks, measure,
        ),
    ),
)  # fmt: skip
