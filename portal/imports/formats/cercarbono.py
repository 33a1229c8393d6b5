"""Cercarbono: projects, issuances, and retirements of ranges within a serial.

An issuance's serial is its batch; a retirement gives the serial and, in columns of their own, first
and last, which some batches count from 0 and others from 1. A retirement states no day of issue: it
opens its batch with origin "seen", and the issuance completes it. The second field of a serial is
the project's number; issuances name their project in no other way.
"""

from __future__ import annotations

import re

from portal.imports.cells import decimal_optional, forward, named_in, one, year
from portal.imports.dates import iso_date, iso_instant
from portal.imports.errors import BadValue
from portal.imports.format import FileSpec, Format
from portal.imports.holdings import plan_holdings
from portal.imports.model import Batch, BatchRow, Block, Project, ProjectRow, RetirementRow
from portal.imports.numbers import count, quantity
from portal.imports.rows import Cells
from portal.imports.serials import check_size

REGISTRY = "cercarbono"
UNIT = "CCC"
NOT_PUBLIC = "Not public"
UNSAID = ("Not defined", "Not assigned")
"""What the exports write where there is nothing to say; "Not public" hides a beneficiary."""
_SERIAL = re.compile(r"CDC_([1-9][0-9]*)(?:_[A-Z0-9]+)+", re.ASCII)
_SPAN = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) / ([0-9]{4}-[0-9]{2}-[0-9]{2})", re.ASCII)

PROJECT_COLUMNS = (
    "id", "code", "developer", "name", "description", "sector", "quantification_method", "stage",
    "locations", "annualEstimated",
)  # fmt: skip
ISSUANCE_COLUMNS = (
    "serial", "issued_quantity", "issuance_date", "year", "is_buffer", "vintage_of_credits",
)  # fmt: skip
RETIREMENT_COLUMNS = (
    "project_name", "project_id", "serial", "vintage", "certificate_destination", "end_user",
    "passive_subject", "date", "quantity", "from", "to",
)  # fmt: skip


def project_of(serial: str) -> str:
    """The project's number in a serial. Raises BadValue serial-malformed."""
    found = _SERIAL.fullmatch(serial)
    if found is None:
        raise BadValue("serial-malformed", value=serial[:100], grammar=REGISTRY)
    return found[1]


def _said(text: str | None) -> str | None:
    return None if text in UNSAID else text


def project_row(cells: Cells) -> ProjectRow:
    """A row of projects.csv; sector and locations are lists as Python writes them."""
    number = cells.text("id")
    cells.agree("code", cells.text("code"), f"CDC-{number}")
    countries = cells.read("locations", lambda text: named_in("country", text))
    project = Project(
        registry=REGISTRY,
        id=number,
        origin="listed",
        name=cells.text("name"),
        proponent=cells.optional("developer"),
        country="; ".join(countries) or None,
        kinds=cells.read("sector", lambda text: named_in("description", text)),
        methodologies=one(_said(cells.optional("quantification_method"))),
        status=cells.text("stage"),
        annual_estimate=decimal_optional(cells, "annualEstimated"),
        description=cells.optional("description"),
    )
    return ProjectRow(row=cells.row, raw=cells.raw, source_key=number, project=project)


def _flag(text: str) -> bool:
    if text not in ("True", "False"):
        raise BadValue("flag-malformed", value=text[:40])
    return text == "True"


def _span(text: str) -> tuple[str, str]:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise BadValue("date-malformed", value=text[:40], style="iso-span")
    return iso_date(found[1]).text, iso_date(found[2]).text


def issuance_row(cells: Cells) -> BatchRow:
    """A row of issuances.csv; a buffer batch has a serial of its own and is buffer as a whole."""
    serial, vintage = cells.text("serial"), cells.read("year", year)
    number = cells.read("serial", project_of)
    start, end = cells.read("vintage_of_credits", _span)
    forward(start, end, "vintage_of_credits")
    units = cells.read("issued_quantity", quantity)
    batch = Batch(
        registry=REGISTRY,
        key=serial,
        project=number,
        origin="listed",
        unit=UNIT,
        vintage_from=vintage,
        vintage_to=vintage,
        issued=cells.read("issuance_date", iso_instant),
        quantity=units,
        period_from=start,
        period_to=end,
        buffer=units if cells.read("is_buffer", _flag) else None,
    )
    # No column names the project: its number stands for the name until a list or a retirement does.
    project = Project(REGISTRY, number, "seen", number)
    return BatchRow(row=cells.row, raw=cells.raw, source_key=serial, project=project, batch=batch)


def retirement_row(cells: Cells) -> RetirementRow:
    """A row of retirements.csv; the taxed party of a tax use is told with the details."""
    serial, vintage = cells.text("serial"), cells.read("vintage", year)
    project = cells.text("project_id")
    cells.agree("serial", cells.read("serial", project_of), project)
    first, last = cells.read("from", count), cells.read("to", count)
    units = cells.read("quantity", quantity)
    cells.read("quantity", lambda _: check_size(first, last, units))
    user = cells.optional("end_user")
    batch = Batch(
        registry=REGISTRY,
        key=serial,
        project=project,
        origin="seen",
        unit=UNIT,
        vintage_from=vintage,
        vintage_to=vintage,
        issued=None,
        quantity=None,
    )
    block = Block(f"{serial}-{first}-{last}", serial, first, last, units)
    return RetirementRow(
        row=cells.row, raw=cells.raw, source_key=block.serial,
        project=Project(REGISTRY, project, "seen", cells.text("project_name")),
        batch=batch, block=block, at=cells.read("date", iso_instant),
        beneficiary=None if user == NOT_PUBLIC else user,
        reason=cells.optional("certificate_destination"),
        details=cells.optional("passive_subject"),
    )  # fmt: skip


def measure_issued(cells: Cells) -> tuple[str, int]:
    """What an issuance states."""
    return UNIT, cells.read("issued_quantity", quantity)


def measure(cells: Cells) -> tuple[str, int]:
    """What a retirement states."""
    return UNIT, cells.read("quantity", quantity)


FORMAT = Format(
    name="cercarbono",
    title_key="imports.cercarbono.title",
    registry=REGISTRY,
    files=(
        FileSpec(
            "projects", PROJECT_COLUMNS,
            ("is_public", "owner", "owner_id", "developer_id", "validator", "verifier",
             "credits_type", "standard", "evaluation_criteria", "serials"),
            project_row, plan_holdings,
        ),
        FileSpec(
            "issuances", ISSUANCE_COLUMNS, ("verification", "global_goals", "elegible"),
            issuance_row, plan_holdings, measure_issued,
        ),
        FileSpec(
            "retirements", RETIREMENT_COLUMNS, ("public_consult", "industry"), retirement_row,
            plan_holdings, measure,
        ),
    ),
)  # fmt: skip
