"""Climate Action Reserve: projects, issuances, and retirements and cancellations of blocks.

An issuance names no serial, and a block says neither when its batch was issued nor how large it
was, so no block can be laid to an issuance. Rule: a listed batch is (project, vintage, day, total),
and a block's batch is its serial up to the batch number, opened with origin "seen" and no quantity.
The report notes it; the units of both are the same units, and no sum of the two is of any meaning.
"""

from __future__ import annotations

from portal.imports.apx import project_seen
from portal.imports.cells import decimal_optional, one, year
from portal.imports.dates import us_date
from portal.imports.format import FileSpec, Format
from portal.imports.holdings import plan_holdings, plan_unlinked
from portal.imports.model import (
    Batch,
    BatchRow,
    Block,
    BlockRow,
    CancellationRow,
    Project,
    ProjectRow,
    RetirementRow,
)
from portal.imports.numbers import quantity
from portal.imports.rows import Cells
from portal.imports.serials import ApxSerial, check_size

REGISTRY = "car"
UNIT = "CRT"
SERIAL, UNITS = "Offset Credit Serial Numbers", "Quantity of Offset Credits"
ENDED = "Status Effective"
TOTAL = "Total Offset Credits Issued"
RESERVE = "Offset Credits Currently in Reserve Buffer Pool"
COMPLIANCE = "Offset Credits Intended for Compliance Buffer Pool"
_PROJECT = ("Project ID", "Project Name", "Project Type", "Project Site Country")

PROJECT_COLUMNS = (
    *_PROJECT, "Compliance Program ID", "Project Developer", "Status", "Project Registered Date",
)  # fmt: skip
ISSUANCE_COLUMNS = (
    *_PROJECT, "Date Issued", "Project Developer", "Protocol and Version", "Vintage", TOTAL,
    RESERVE, COMPLIANCE,
)  # fmt: skip
_BLOCK = (
    *_PROJECT, "Vintage", SERIAL, UNITS, ENDED, "Protocol and Version",
    "Additional Certification(s)",
)  # fmt: skip
CLAIM = ("Retirement Reason", "Retirement Reason Details")
REMOVED = ("Cancellation Reason", "Export Notes")


def project_row(cells: Cells) -> ProjectRow:
    """A row of projects.csv."""
    project = Project(
        registry=REGISTRY,
        id=cells.text("Project ID"),
        origin="listed",
        name=cells.text("Project Name"),
        proponent=cells.optional("Project Developer"),
        country=cells.optional("Project Site Country"),
        kinds=one(cells.optional("Project Type")),
        status=cells.text("Status"),
        programme=cells.optional("Compliance Program ID"),
        registered=cells.read_optional("Project Registered Date", us_date),
    )
    return ProjectRow(row=cells.row, raw=cells.raw, source_key=project.id, project=project)


def _project(cells: Cells) -> Project:
    return project_seen(cells, REGISTRY, "Protocol and Version")


def issuance_row(cells: Cells) -> BatchRow:
    """A row of issuances.csv; two of one day, project and vintage differ in their total."""
    issued, vintage = cells.read("Date Issued", us_date), cells.read("Vintage", year)
    total, project = cells.read(TOTAL, quantity), cells.text("Project ID")
    buffer = (decimal_optional(cells, RESERVE) or 0) + (decimal_optional(cells, COMPLIANCE) or 0)
    batch = Batch(
        registry=REGISTRY,
        key=f"{project}/{vintage}/{issued.day}/{total}",
        project=project,
        origin="listed",
        unit=UNIT,
        vintage_from=vintage,
        vintage_to=vintage,
        issued=issued,
        quantity=total,
        buffer=buffer or None,
    )
    return BatchRow(
        row=cells.row, raw=cells.raw, source_key=batch.key, project=_project(cells), batch=batch
    )


def block_row(cells: Cells) -> BlockRow:
    """A row of retirements.csv or cancellations.csv, told apart by the column of its reason.

    No column names a beneficiary; the details may.
    """
    serial = cells.read(SERIAL, lambda text: ApxSerial.parse(text, "car"))
    project, vintage = cells.text("Project ID"), cells.read("Vintage", year)
    cells.agree(SERIAL, f"CAR{serial.project}", project)
    cells.agree(SERIAL, serial.vintage, vintage)
    number = cells.read(UNITS, quantity)
    cells.read(SERIAL, lambda _: check_size(serial.first, serial.last, number))
    labels = one(cells.optional("Additional Certification(s)"))
    block = Block(str(serial), serial.batch, serial.first, serial.last, number, labels)
    batch = Batch(
        registry=REGISTRY,
        key=serial.batch,
        project=project,
        origin="seen",
        unit=UNIT,
        vintage_from=vintage,
        vintage_to=vintage,
        issued=None,
        quantity=None,
    )
    at = cells.read(ENDED, us_date)
    if REMOVED[0] in cells.raw:
        return CancellationRow(
            row=cells.row, raw=cells.raw, source_key=block.serial, project=_project(cells),
            batch=batch, block=block, at=at, reason=cells.optional(REMOVED[0]),
            details=cells.optional(REMOVED[1]),
        )  # fmt: skip
    reason, details = (cells.optional(column) for column in CLAIM)
    return RetirementRow(
        row=cells.row, raw=cells.raw, source_key=block.serial, project=_project(cells),
        batch=batch, block=block, at=at, beneficiary=None, reason=reason, details=details,
    )  # fmt: skip


def measure_issued(cells: Cells) -> tuple[str, int]:
    """What an issuance states."""
    return UNIT, cells.read(TOTAL, quantity)


def measure(cells: Cells) -> tuple[str, int]:
    """What a block states."""
    return UNIT, cells.read(UNITS, quantity)


_SITE = ("Project Site Location", "Project Site State", "Additional Certification(s)")
_PAGES = (*_SITE, "Project Website", "Documents", "Project Owner", "Cooperative/ Aggregate ID")
_BOTH = ("Project Site Location", "Project Site State", "Reduction/Removal",
         "Reversible/Non-Reversible")  # fmt: skip

FORMAT = Format(
    name="car",
    title_key="imports.car.title",
    registry=REGISTRY,
    files=(
        FileSpec(
            "projects", PROJECT_COLUMNS,
            (*_PAGES, "ARB ID", "WA ECO", "Offset Project Operator", "Data", "SDG Impact",
             "Authorized Project Designee", "Verification Body", "Compliance Program Status",
             "ARB Project Status", "WA ECO Project Status", "Project Notes",
             "Total Number of Offset Credits Registered", "Project Listed Date"),
            project_row, plan_holdings,
        ),
        FileSpec(
            "issuances", ISSUANCE_COLUMNS,
            (*_PAGES, *_BOTH, "ARB Eligible", "WA ECO Eligible", "Corresponding Adjustment",
             "CCP Approved", "Crediting Period", "Zero-Credit Reporting Period",
             "Offset Credits Converted to VCUs", "Canceled for Compliance", "Canceled",
             "Activity Area Type", "Verification Body",
             "Eligible for CORSIA 2021-2023 Compliance Period",
             "Eligible for CORSIA 2024-2026 Compliance Period"),
            issuance_row, plan_unlinked, measure_issued,
        ),
        FileSpec(
            "retirements", (*_BLOCK, *CLAIM),
            (*_BOTH, "Activity Area Type", "Corresponding Adjustment", "CCP Approved",
             "Account Holder", "Eligible for CORSIA 2021-2023 Compliance Period",
             "Eligible for CORSIA 2024-2026 Compliance Period"),
            block_row, plan_unlinked, measure,
        ),
        FileSpec(
            "cancellations", (*_BLOCK, *REMOVED), _BOTH, block_row, plan_unlinked, measure,
        ),
    ),
)  # fmt: skip
