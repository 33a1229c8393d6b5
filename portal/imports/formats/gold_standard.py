"""Gold Standard's public exports: projects, issuances, and retirements with cancellations.

A batch is what one serial block was cut from: for VER the serial up to the batch number, for CER
(serials of the international log, which have no batch number) series, periods, activity, project,
vintage and issuance day. Extracts are partial, so a retirement may refer to an issuance that is not
in the issuances file. Rule: its batch is opened with origin "seen" and no quantity; it holds
exactly the blocks that were seen, and an issuance that comes later completes it.
A cancelled row ("Canceled") bears no date; none is made up, and its id takes the issuance day.
"""

from __future__ import annotations

from portal.imports.cells import one
from portal.imports.dates import Moment, iso_date, iso_instant
from portal.imports.errors import CellFault
from portal.imports.format import FileSpec, Format
from portal.imports.holdings import plan_holdings
from portal.imports.model import (
    Batch,
    Block,
    BlockRow,
    CancellationRow,
    IssuanceRow,
    Project,
    ProjectRow,
    RetirementRow,
)
from portal.imports.numbers import count, identifier, quantity
from portal.imports.rows import Cells
from portal.imports.serials import CerSerial, GoldSerial, check_size

REGISTRY = "gold-standard"
SERIAL = "Serial Number"

PROJECT_COLUMNS = (
    "GSID", "Project Name", "Project Developer Name", "Status", "Project Type", "Country",
    "Description", "Estimated Annual Credits", "Methodology", "Programme of Activities", "POA GSID",
)  # fmt: skip
_UNIT_COLUMNS = (
    "Vintage", "Credit Status", "Quantity", "GSID", "Project Name", "Project Developer", "Country",
    "Project Type", "Methodology", "Programme of Activities", "POA GSID", "Product Type",
    "Issuance Date", "Monitoring Period Start", "Monitoring Period End", SERIAL, "Label",
)  # fmt: skip
RETIREMENT_COLUMNS = (*_UNIT_COLUMNS, "Retirement Date", "Note", "Use Case", "Using Entity")


def _identifier(cells: Cells, column: str) -> str | None:
    value = cells.read_optional(column, identifier)
    if value is not None and value != cells.optional(column):
        cells.reshaped(column, "decimal-suffix")
    return value


def _kinds(cells: Cells) -> tuple[str, ...]:
    return one(cells.optional("Project Type")) + one(cells.optional("Programme of Activities"))


def project_row(cells: Cells) -> ProjectRow:
    """A row of projects.csv; the description is text of many lines."""
    project = Project(
        registry=REGISTRY,
        id=cells.read("GSID", identifier),
        origin="listed",
        name=cells.text("Project Name"),
        proponent=cells.optional("Project Developer Name"),
        country=cells.optional("Country"),
        kinds=_kinds(cells),
        methodologies=one(cells.optional("Methodology")),
        status=cells.text("Status"),
        programme=_identifier(cells, "POA GSID"),
        annual_estimate=cells.read_optional("Estimated Annual Credits", count),
        description=cells.optional("Description"),
    )
    return ProjectRow(row=cells.row, raw=cells.raw, source_key=project.id, project=project)


def _project_of_units(cells: Cells) -> Project:
    return Project(
        registry=REGISTRY,
        id=cells.read("GSID", identifier),
        origin="seen",
        name=cells.text("Project Name"),
        proponent=cells.optional("Project Developer"),
        country=cells.optional("Country"),
        kinds=_kinds(cells),
        methodologies=one(cells.optional("Methodology")),
        programme=_identifier(cells, "POA GSID"),
    )


def _vintage(text: str) -> str:
    return iso_date(f"{text}-01-01").text[:4]


def _units(cells: Cells, issued: Moment, units: int | None) -> tuple[Batch, Block]:
    """The batch and block of a row; `units` is the batch's quantity where the file issues it."""
    project, vintage = cells.read("GSID", identifier), cells.read("Vintage", _vintage)
    unit, number = cells.text("Product Type"), cells.read("Quantity", quantity)
    if unit == "VER":
        gold = cells.read(SERIAL, GoldSerial.parse)
        cells.agree(SERIAL, gold.project, project)
        cells.agree(SERIAL, gold.vintage, vintage)
        key = scope = gold.batch
        serial, first, last = str(gold), gold.first, gold.last
    elif unit == "CER":
        cer = cells.read(SERIAL, CerSerial.parse)
        scope, serial, first, last = cer.series, str(cer), cer.first, cer.last
        key = f"{cer.series}-{cer.tail}-{cer.project}/{project}/{vintage}/{issued.day}"
    else:
        raise CellFault("product-type-unknown", "Product Type", value=unit[:40])
    cells.read(SERIAL, lambda _: check_size(first, last, number))
    start = cells.read("Monitoring Period Start", iso_date)
    end = cells.read("Monitoring Period End", iso_date)
    if end.ms < start.ms:
        column = "Monitoring Period End"
        raise CellFault("period-backwards", column, start=start.text, end=end.text)
    batch = Batch(
        registry=REGISTRY,
        key=key,
        project=project,
        origin="seen" if units is None else "listed",
        unit=unit,
        vintage_from=vintage,
        vintage_to=vintage,
        issued=issued,
        quantity=units,
        period_from=start.text,
        period_to=end.text,
    )
    return batch, Block(serial, scope, first, last, number, _labels(cells))


def _labels(cells: Cells) -> tuple[str, ...]:
    parts = (part.strip() for part in (cells.optional("Label") or "").split(","))
    return tuple(part for part in parts if part)


def issuance_row(cells: Cells) -> IssuanceRow:
    """A row of issuances.csv: a whole batch."""
    status = cells.text("Credit Status")
    if status != "Issued":
        raise CellFault("status-unknown", "Credit Status", value=status[:40])
    issued = cells.read("Issuance Date", iso_instant)
    batch, block = _units(cells, issued, cells.read("Quantity", quantity))
    return IssuanceRow(
        row=cells.row, raw=cells.raw, source_key=block.serial,
        project=_project_of_units(cells), batch=batch, block=block,
    )  # fmt: skip


def terminal_row(cells: Cells) -> BlockRow:
    """A row of retirements.csv: retired, or cancelled (which is nobody's claim)."""
    status = cells.text("Credit Status")
    issued = cells.read("Issuance Date", iso_date)
    batch, block = _units(cells, issued, None)
    project = _project_of_units(cells)
    at = cells.read_optional("Retirement Date", iso_date)
    if at and at.ms < issued.ms:
        raise CellFault("ended-before-issue", "Retirement Date", ended=at.text, issued=issued.text)
    reason, details = cells.optional("Use Case"), cells.optional("Note")
    if status == "Canceled":
        if cells.optional("Using Entity") is not None:
            raise CellFault("cancellation-with-beneficiary", "Using Entity")
        return CancellationRow(
            row=cells.row, raw=cells.raw, source_key=block.serial,
            project=project, batch=batch, block=block, at=at, reason=reason, details=details,
        )  # fmt: skip
    if status != "Retired":
        raise CellFault("status-unknown", "Credit Status", value=status[:40])
    return RetirementRow(
        row=cells.row, raw=cells.raw, source_key=block.serial,
        project=project, batch=batch, block=block,
        at=cells.read("Retirement Date", iso_date),
        beneficiary=cells.optional("Using Entity"), reason=reason, details=details,
    )  # fmt: skip


def measure(cells: Cells) -> tuple[str, int]:
    """What a unit row states."""
    return cells.text("Product Type"), cells.read("Quantity", quantity)


_KNOWN = ("Article Six Authorization",)

FORMAT = Format(
    name="gold-standard",
    title_key="imports.gold-standard.title",
    registry=REGISTRY,
    files=(
        FileSpec(
            "projects", PROJECT_COLUMNS, ("Sustainable Development Goals", "Size"), project_row,
            plan_holdings,
        ),
        FileSpec("issuances", _UNIT_COLUMNS, _KNOWN, issuance_row, plan_holdings, measure),
        FileSpec(
            "retirements", RETIREMENT_COLUMNS, (*_KNOWN, "Aeroplane Operator Name"), terminal_row,
            plan_holdings, measure,
        ),
    ),
)  # fmt: skip
