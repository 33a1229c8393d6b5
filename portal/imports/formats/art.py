"""ART TREES: programmes of jurisdictions, issuances, and retirements and cancellations of blocks.

A batch is (programme, vintage, day of approval): an issuance names no serial and gives the day, a
block gives the instant, and several blocks of other prefixes may stand in one batch. The exports
say "approved" where other registries say "issued".
"""

from __future__ import annotations

from portal.imports.cells import flags, one, year
from portal.imports.dates import Moment, us_date, us_instant_gmt
from portal.imports.errors import CellFault
from portal.imports.format import FileSpec, Format
from portal.imports.holdings import plan_holdings
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
from portal.imports.numbers import count, quantity
from portal.imports.rows import Cells
from portal.imports.serials import ApxSerial, check_size

REGISTRY = "art"
UNIT = "TREES"
SERIAL, UNITS, ENDED = "Credit Serial Numbers", "Quantity of Credits", "Status Effective"
ISSUED, TOTAL = "Date Approved", "Total Emission Reductions/Removals"
BUFFER = "Credits Deposited in Buffer"
STANDARD = "Crediting Program and Standard"
PILOT = "Eligible for CORSIA 2021-2023 Compliance Period (Pilot Phase)"
FIRST = "Eligible for CORSIA 2024-2026 Compliance Period (First Phase)"
FLAGS = (PILOT, FIRST, "CCP Approved")
_PROGRAMME = ("Program ID", "Program Name", "Program Type", STANDARD, "Program Country")

PROJECT_COLUMNS = (*_PROGRAMME, "Sovereign Program Developer", "Status")
ISSUANCE_COLUMNS = (
    *_PROGRAMME, "Sovereign Program Developer", "Vintage", ISSUED, TOTAL, BUFFER,
    "Credits Verified",
)  # fmt: skip
_BLOCK = (*_PROGRAMME, SERIAL, UNITS, ENDED, "Vintage", ISSUED, *FLAGS)
CLAIM = ("Retired on Behalf of", "Retirement Reason", "Purpose of Retirement")
REMOVED = ("Cancellation Reason", "Cancellation Details")


def _project(cells: Cells, listed: bool) -> Project:
    return Project(
        registry=REGISTRY,
        id=cells.text("Program ID"),
        origin="listed" if listed else "seen",
        name=cells.text("Program Name"),
        proponent=cells.optional("Sovereign Program Developer"),
        country=cells.optional("Program Country"),
        kinds=one(cells.optional("Program Type")),
        methodologies=one(cells.optional(STANDARD)),
        status=cells.text("Status") if listed else None,
    )


def project_row(cells: Cells) -> ProjectRow:
    """A row of projects.csv."""
    project = _project(cells, listed=True)
    return ProjectRow(row=cells.row, raw=cells.raw, source_key=project.id, project=project)


def _batch(cells: Cells, issued: Moment, units: int | None, buffer: int | None) -> Batch:
    programme, vintage = cells.text("Program ID"), cells.read("Vintage", year)
    return Batch(
        registry=REGISTRY,
        key=f"{programme}/{vintage}/{issued.day}",
        project=programme,
        origin="seen" if units is None else "listed",
        unit=UNIT,
        vintage_from=vintage,
        vintage_to=vintage,
        issued=issued,
        quantity=units,
        buffer=buffer,
    )


def issuance_row(cells: Cells) -> BatchRow:
    """A row of issuances.csv; verified and buffer credits make up the total."""
    total, buffer = cells.read(TOTAL, quantity), cells.read(BUFFER, count)
    cells.agree(TOTAL, str(total), str(cells.read("Credits Verified", count) + buffer))
    batch = _batch(cells, cells.read(ISSUED, us_date), total, buffer or None)
    return BatchRow(
        row=cells.row, raw=cells.raw, source_key=batch.key,
        project=_project(cells, listed=False), batch=batch,
    )  # fmt: skip


def block_row(cells: Cells) -> BlockRow:
    """A row of retirements.csv or cancellations.csv, told apart by the column of its reason."""
    batch = _batch(cells, cells.read(ISSUED, us_instant_gmt), None, None)
    at = cells.read(ENDED, us_date)
    if batch.issued and at.day < batch.issued.day:
        raise CellFault("ended-before-issue", ENDED, ended=at.text, issued=batch.issued.text)
    serial = cells.read(SERIAL, lambda text: ApxSerial.parse(text, "art"))
    cells.agree(SERIAL, f"ART{serial.project}", batch.project)
    cells.agree(SERIAL, serial.vintage, batch.vintage_from or "")
    number = cells.read(UNITS, quantity)
    cells.read(SERIAL, lambda _: check_size(serial.first, serial.last, number))
    block = Block(str(serial), serial.batch, serial.first, serial.last, number, flags(cells, FLAGS))
    project = _project(cells, listed=False)
    if REMOVED[0] in cells.raw:
        reason, details = (cells.optional(column) for column in REMOVED)
        return CancellationRow(
            row=cells.row, raw=cells.raw, source_key=block.serial, project=project,
            batch=batch, block=block, at=at, reason=reason, details=details,
        )  # fmt: skip
    beneficiary, reason, details = (cells.optional(column) for column in CLAIM)
    return RetirementRow(
        row=cells.row, raw=cells.raw, source_key=block.serial, project=project, batch=batch,
        block=block, at=at, beneficiary=beneficiary, reason=reason, details=details,
    )  # fmt: skip


def measure_issued(cells: Cells) -> tuple[str, int]:
    """What an issuance states."""
    return UNIT, cells.read(TOTAL, quantity)


def measure(cells: Cells) -> tuple[str, int]:
    """What a block states."""
    return UNIT, cells.read(UNITS, quantity)


_KNOWN = ("Standard Version", "Program Jurisdiction(s)", "CORSIA Eligible", "Account Holder")
_SITE = ("Verification Body", "Program Website", "Documents", "Program Jurisdiction(s)")

FORMAT = Format(
    name="art",
    title_key="imports.art.title",
    registry=REGISTRY,
    files=(
        FileSpec(
            "projects", PROJECT_COLUMNS,
            (*_SITE, "Initial Crediting Period Start Date", "Program Notes", "Numberoffiles"),
            project_row, plan_holdings,
        ),
        FileSpec(
            "issuances", ISSUANCE_COLUMNS,
            (*_SITE, "Standard Version", "CCP Approved", "CORSIA Eligible", "fiID"),
            issuance_row, plan_holdings, measure_issued,
        ),
        FileSpec("retirements", (*_BLOCK, *CLAIM), _KNOWN, block_row, plan_holdings, measure),
        FileSpec("cancellations", (*_BLOCK, *REMOVED), _KNOWN, block_row, plan_holdings, measure),
    ),
)  # fmt: skip
