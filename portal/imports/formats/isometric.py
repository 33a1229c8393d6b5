"""Isometric: projects, issuances and retirements of removed carbon, counted in kilograms.

Credits are tonnes of up to three decimals and are kept as whole kilograms, the unit "kg". Neither
file names serials, and a retirement names no issuance. Rule: an issuance is a listed batch under
its own id, without a vintage, since it states none; a retirement opens the batch (project, day of
sequestration) with origin "seen" and is a block of its own numbers, from 1, under its own id. The
report notes that the two cannot be laid to each other.
"""

from __future__ import annotations

from portal.imports.cells import forward, one, texts_of
from portal.imports.dates import iso_date, iso_instant
from portal.imports.errors import CellFault
from portal.imports.format import FileSpec, Format
from portal.imports.holdings import plan_holdings, plan_unlinked
from portal.imports.model import Batch, BatchRow, Block, Project, ProjectRow, RetirementRow
from portal.imports.numbers import count, quantity, thousandths
from portal.imports.rows import Cells

REGISTRY = "isometric"
UNIT = "kg"
WHOLE, SUPPLIER, BUFFER = (
    "credit_batch_size_total", "supplier_credit_batch_size_total",
    "buffer_pool_credit_batch_size_total",
)  # fmt: skip

PROJECT_COLUMNS = (
    "id", "name", "status", "pathway", "protocol_slug", "supplier.organisation.name",
    "location.country_name", "crediting_period_start", "crediting_period_end",
)  # fmt: skip
ISSUANCE_COLUMNS = (
    "id", "issued_at", "project_id", "supplier.organisation.name",
    *(f"{name}.{unit}" for name in (WHOLE, SUPPLIER, BUFFER) for unit in ("credits", "credit_kgs")),
)  # fmt: skip
RETIREMENT_COLUMNS = (
    "retirement_id", "retired_at", "purposes", "notes", "beneficiary.name", f"{WHOLE}.credits",
    f"{WHOLE}.credit_kgs", "project_id", "sequestered_on",
)  # fmt: skip


def _kilograms(cells: Cells, name: str) -> int:
    """An amount that is stated twice, in tonnes and in kilograms."""
    mass = cells.read(f"{name}.credit_kgs", count)
    cells.agree(f"{name}.credits", str(cells.read(f"{name}.credits", thousandths)), str(mass))
    return mass


def project_row(cells: Cells) -> ProjectRow:
    """A row of projects.csv."""
    start = cells.read_optional("crediting_period_start", iso_date)
    end = cells.read_optional("crediting_period_end", iso_date)
    period = (start.text if start else None, end.text if end else None)
    forward(*period, "crediting_period_end")
    project = Project(
        registry=REGISTRY,
        id=cells.text("id"),
        origin="listed",
        name=cells.text("name"),
        proponent=cells.optional("supplier.organisation.name"),
        country=cells.optional("location.country_name"),
        kinds=one(cells.optional("pathway")),
        methodologies=one(cells.optional("protocol_slug")),
        status=cells.text("status"),
        period_from=period[0],
        period_to=period[1],
    )
    return ProjectRow(row=cells.row, raw=cells.raw, source_key=project.id, project=project)


def issuance_row(cells: Cells) -> BatchRow:
    """A row of issuances.csv: supplier and buffer pool make up the batch."""
    units, buffer = _kilograms(cells, WHOLE), _kilograms(cells, BUFFER)
    column = f"{WHOLE}.credit_kgs"
    cells.agree(column, str(units), str(_kilograms(cells, SUPPLIER) + buffer))
    if units == 0:
        raise CellFault("quantity-not-positive", column)
    project = cells.text("project_id")
    batch = Batch(
        registry=REGISTRY,
        key=cells.text("id"),
        project=project,
        origin="listed",
        unit=UNIT,
        vintage_from=None,
        vintage_to=None,
        issued=cells.read("issued_at", iso_instant),
        quantity=units,
        buffer=buffer or None,
    )
    # No column names the project: its id stands for the name until the project list says it.
    return BatchRow(
        row=cells.row, raw=cells.raw, source_key=batch.key,
        project=Project(REGISTRY, project, "seen", project), batch=batch,
    )  # fmt: skip


def retirement_row(cells: Cells) -> RetirementRow:
    """A row of retirements.csv; its purposes are a list as Python writes it."""
    name, project = cells.text("retirement_id"), cells.text("project_id")
    units = _kilograms(cells, WHOLE)
    if units == 0:
        raise CellFault("quantity-not-positive", f"{WHOLE}.credit_kgs")
    day = cells.read("sequestered_on", iso_date).text
    at = cells.read("retired_at", iso_instant)
    if at.day < day:
        raise CellFault("ended-before-issue", "retired_at", ended=at.text, issued=day)
    purposes = cells.read_optional("purposes", texts_of) or ()
    batch = Batch(
        registry=REGISTRY,
        key=f"{project}/{day}",
        project=project,
        origin="seen",
        unit=UNIT,
        vintage_from=day,
        vintage_to=day,
        issued=None,
        quantity=None,
    )
    return RetirementRow(
        row=cells.row, raw=cells.raw, source_key=name,
        project=Project(REGISTRY, project, "seen", project), batch=batch,
        block=Block(name, name, 1, units, units), at=at,
        beneficiary=cells.optional("beneficiary.name"),
        reason=", ".join(purposes) or None, details=cells.optional("notes"),
    )  # fmt: skip


def measure(cells: Cells) -> tuple[str, int]:
    """What an issuance or a retirement states."""
    return UNIT, cells.read(f"{WHOLE}.credit_kgs", quantity)


def _place(name: str) -> tuple[str, ...]:
    parts = ("", ".country_code", ".country_name", ".latitude", ".longitude", ".description")
    return tuple(f"{name}{part}" for part in parts)


_SUPPLIER = (
    "supplier.id", "supplier.short_description", "supplier.long_description",
    "supplier.organisation.id", "supplier.organisation.domain", *_place("supplier.location"),
)  # fmt: skip
_PARTIES = ("beneficiary.id", "beneficiary.domain", "owner.id", "owner.name", "owner.domain")
_TOTALS = tuple(
    f"{act}_{pool}credits_total.{unit}"
    for act in ("issued", "retired") for pool in ("", "buffer_pool_")
    for unit in ("credits", "credit_kgs")
)  # fmt: skip

FORMAT = Format(
    name="isometric",
    title_key="imports.isometric.title",
    registry=REGISTRY,
    files=(
        FileSpec(
            "projects", PROJECT_COLUMNS,
            (*_SUPPLIER, *_TOTALS, *_place("location"), "short_code", "url", "process_key",
             "country_code", "validator_name", "current_verifier_name"),
            project_row, plan_holdings,
        ),
        FileSpec(
            "issuances", ISSUANCE_COLUMNS, _SUPPLIER, issuance_row, plan_unlinked, measure,
        ),
        FileSpec(
            "retirements", RETIREMENT_COLUMNS, ("url", *_PARTIES), retirement_row, plan_unlinked,
            measure,
        ),
    ),
)  # fmt: skip
