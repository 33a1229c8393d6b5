"""American Carbon Registry: projects, issuances, and retirements and cancellations of blocks.

A batch is what its issuance describes: project, instant of issue, vintage, reporting period, and
whether its units are verified removals, for an issuance of both is listed in two rows. A block says
the same five things, so both files name the same batch; one batch may have several serial prefixes
(units of the project and of the buffer pool), and a range counts within its prefix.
"""

from __future__ import annotations

from portal.imports.apx import project_seen
from portal.imports.cells import flags, forward, one, year
from portal.imports.dates import us_date, us_instant_gmt
from portal.imports.errors import CellFault
from portal.imports.format import FileSpec, Format
from portal.imports.holdings import plan_holdings
from portal.imports.model import (
    Batch,
    BatchRow,
    Block,
    CancellationRow,
    Project,
    ProjectRow,
    RetirementRow,
)
from portal.imports.numbers import count, quantity
from portal.imports.rows import Cells
from portal.imports.serials import ApxSerial, check_size

REGISTRY = "acr"
UNIT = "ERT"
SERIAL, UNITS, ENDED = "Credit Serial Numbers", "Quantity of Credits", "Status Effective (GMT)"
ISSUED, METHOD, REMOVAL = "Date Issued (GMT)", "Project Methodology/Protocol", "Verified Removal"
BUFFER = "Credits Issued to Buffer Pool"
FLAGS = ("ARB Eligible", "Ecology Eligible", "CORSIA Eligible", "CCP Approved", REMOVAL)
_PROJECT = ("Project ID", "Project Name", "Project Type", METHOD, "Project Site Country")

PROJECT_COLUMNS = (
    *_PROJECT, "Compliance Program ID (ARB or Ecology)", "Project Developer", "Voluntary Status",
    "Compliance Program Status (ARB or Ecology)", "Current Crediting Period Start Date",
    "Current Crediting Period End Date",
)  # fmt: skip
ISSUANCE_COLUMNS = (
    *_PROJECT, ISSUED, "Vintage", "ReportingPeriodBegin", "ReportingPeriodEnd",
    "Total Credits Issued", "Credits Issued to Project", BUFFER, "Project Developer", REMOVAL,
)  # fmt: skip
PERIOD = ("Vintage Assignment Period Start Date", "Vintage Assignment Period End Date")
_BLOCK = (*_PROJECT, SERIAL, ISSUED, "Vintage", *PERIOD, UNITS, *FLAGS, ENDED)
CLAIM = ("Retired on Behalf of", "Retirement Reason", "Purpose of Retirement")
REMOVED = ("Cancellation Type", "Cancellation Details")


def project_row(cells: Cells) -> ProjectRow:
    """A row of projects.csv; a compliance project has no voluntary status."""
    start = cells.read_optional("Current Crediting Period Start Date", us_date)
    end = cells.read_optional("Current Crediting Period End Date", us_date)
    period = (start.text if start else None, end.text if end else None)
    forward(*period, "Current Crediting Period End Date")
    compliance = "Compliance Program Status (ARB or Ecology)"
    project = Project(
        registry=REGISTRY,
        id=cells.text("Project ID"),
        origin="listed",
        name=cells.text("Project Name"),
        proponent=cells.optional("Project Developer"),
        country=cells.optional("Project Site Country"),
        kinds=one(cells.optional("Project Type")),
        methodologies=one(cells.optional(METHOD)),
        status=cells.optional("Voluntary Status") or cells.text(compliance),
        programme=cells.optional("Compliance Program ID (ARB or Ecology)"),
        period_from=period[0],
        period_to=period[1],
    )
    return ProjectRow(row=cells.row, raw=cells.raw, source_key=project.id, project=project)


def _project(cells: Cells) -> Project:
    return project_seen(cells, REGISTRY, METHOD)


def _batch(cells: Cells, period: tuple[str, str], units: int | None, buffer: int | None) -> Batch:
    start, end = (cells.read(column, us_date).text for column in period)
    forward(start, end, period[1])
    project, vintage = cells.text("Project ID"), cells.read("Vintage", year)
    issued = cells.read(ISSUED, us_instant_gmt)
    removal = "/removal" if flags(cells, (REMOVAL,)) else ""
    return Batch(
        registry=REGISTRY,
        key=f"{project}/{vintage}/{start}/{end}/{issued.text}{removal}",
        project=project,
        origin="seen" if units is None else "listed",
        unit=UNIT,
        vintage_from=vintage,
        vintage_to=vintage,
        issued=issued,
        quantity=units,
        period_from=start,
        period_to=end,
        buffer=buffer,
    )


def issuance_row(cells: Cells) -> BatchRow:
    """A row of issuances.csv: a batch, of which it names no serial."""
    total = cells.read("Total Credits Issued", quantity)
    buffer = cells.read(BUFFER, count)
    parts = cells.read("Credits Issued to Project", count) + buffer
    cells.agree("Total Credits Issued", str(total), str(parts))
    batch = _batch(cells, ("ReportingPeriodBegin", "ReportingPeriodEnd"), total, buffer or None)
    return BatchRow(
        row=cells.row, raw=cells.raw, source_key=batch.key, project=_project(cells), batch=batch
    )


def _block(cells: Cells, batch: Batch) -> Block:
    serial = cells.read(SERIAL, lambda text: ApxSerial.parse(text, "acr"))
    cells.agree(SERIAL, f"ACR{serial.project}", batch.project)
    cells.agree(SERIAL, serial.vintage, batch.vintage_from or "")
    number = cells.read(UNITS, quantity)
    cells.read(SERIAL, lambda _: check_size(serial.first, serial.last, number))
    labels = flags(cells, FLAGS)
    return Block(str(serial), serial.batch, serial.first, serial.last, number, labels)


def retirement_row(cells: Cells) -> RetirementRow:
    """A row of retirements.csv."""
    batch = _batch(cells, PERIOD, None, None)
    at = cells.read(ENDED, us_instant_gmt)
    if batch.issued and at.ms < batch.issued.ms:
        raise CellFault("ended-before-issue", ENDED, ended=at.text, issued=batch.issued.text)
    block = _block(cells, batch)
    beneficiary, reason, details = (cells.optional(column) for column in CLAIM)
    return RetirementRow(
        row=cells.row, raw=cells.raw, source_key=block.serial, project=_project(cells),
        batch=batch, block=block, at=at, beneficiary=beneficiary, reason=reason, details=details,
    )  # fmt: skip


def cancellation_row(cells: Cells) -> CancellationRow:
    """A row of cancellations.csv: nobody's claim, often a conversion to a compliance programme."""
    batch = _batch(cells, PERIOD, None, None)
    at = cells.read(ENDED, us_instant_gmt)
    if batch.issued and at.ms < batch.issued.ms:
        raise CellFault("ended-before-issue", ENDED, ended=at.text, issued=batch.issued.text)
    block = _block(cells, batch)
    reason, details = (cells.optional(column) for column in REMOVED)
    return CancellationRow(
        row=cells.row, raw=cells.raw, source_key=block.serial, project=_project(cells),
        batch=batch, block=block, at=at, reason=reason, details=details,
    )  # fmt: skip


def measure_issued(cells: Cells) -> tuple[str, int]:
    """What an issuance states."""
    return UNIT, cells.read("Total Credits Issued", quantity)


def measure(cells: Cells) -> tuple[str, int]:
    """What a block states."""
    return UNIT, cells.read(UNITS, quantity)


_SITE = (
    "Project Site Location", "Project Site State", "Sustainable Development Goal(s)",
    "Project Website", "Documents",
)  # fmt: skip
_ENDS = (
    *_SITE, "Account Holder", "Methodology/Protocol Version", "fiid", "Numberoffiles",
    "Eligible for CORSIA 2021-2023 Compliance Period (Pilot Phase)",
    "Eligible for CORSIA 2024-2026 Compliance Period (First Phase)",
)  # fmt: skip

FORMAT = Format(
    name="acr",
    title_key="imports.acr.title",
    registry=REGISTRY,
    files=(
        FileSpec(
            "projects", PROJECT_COLUMNS,
            (*_SITE, "Initial Crediting Period Start Date", "Project Status Date", "Current VVB",
             "ACR Project Validation", "Total Number of Credits Registered"),
            project_row, plan_holdings,
        ),
        FileSpec(
            "issuances", ISSUANCE_COLUMNS,
            (*_SITE, "Credits Transferred to Buffer Pool", "Methodology/Protocol Version",
             "Project VVB", "ARB Eligible", "Ecology Eligible", "CCP Approved",
             "Project Crediting Period Start Date"),
            issuance_row, plan_holdings, measure_issued,
        ),
        FileSpec(
            "retirements", (*_BLOCK, *CLAIM), _ENDS, retirement_row, plan_holdings, measure,
        ),
        FileSpec(
            "cancellations", (*_BLOCK, *REMOVED), (*_ENDS, "ahID"), cancellation_row,
            plan_holdings, measure,
        ),
    ),
)  # fmt: skip
