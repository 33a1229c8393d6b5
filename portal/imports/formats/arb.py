"""California's Air Resources Board: the table of compliance offsets that it has issued.

One file: a row is an issuance, and its columns of ends are running totals, which have neither
serials nor dates and grow from one edition to the next. They are no acts, so the mirror takes the
issuances, and the report sums each column of ends as a note. A reporting period for which nothing
was issued is a row without an issuance id; it is left, and a reversal in it is summed like an end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from portal.imports.cells import decimal_optional, forward, one
from portal.imports.dates import iso_date
from portal.imports.errors import CellFault
from portal.imports.format import FileSpec, Format
from portal.imports.ground import Ground
from portal.imports.holdings import plan_holdings
from portal.imports.model import Batch, BatchRow, Event, Left, Project
from portal.imports.numbers import decimal_count, decimal_quantity
from portal.imports.plan import Act
from portal.imports.report import Report
from portal.imports.rows import Cells

REGISTRY = "arb"
UNIT = "ARBOC"
ID, TOTAL = "CARB Issuance ID", "ARB Offset Credits Issued"
BUFFER = "Forest Buffer Account Contribution"
PERIOD = ("Reporting Period Start Date", "Reporting Period End Date")
REVERSALS = ("Intentional Reversal", "Unintentional Reversal")
"""Written as negative amounts."""
ENDS = (
    "Invalidated or Canceled", "Buffer Pool Retired", "Retired for Intentional Reversal",
    "Retired Voluntarily", *(
        f"Retired {nth} Compliance Period (CA)" for nth in ("1st", "2nd", "3rd", "4th", "5th")
    ), "Retired for Compliance in Quebec",
)  # fmt: skip
COLUMNS = (
    "CARB Project ID", "OPR Project ID", "Project Type", *PERIOD, "Vintage", TOTAL, BUFFER,
    "Issuance Date", "Offset Project Name", "Offset Project Operator", ID, *REVERSALS, *ENDS,
)  # fmt: skip


def _vintage(text: str) -> str:
    return iso_date(f"{decimal_count(text)}-01-01").text[:4]


def row_of(cells: Cells) -> BatchRow | Left:
    """A row of the table."""
    name = cells.optional(ID)
    for column in REVERSALS:
        cells.read_optional(column, lambda text: decimal_count(text.removeprefix("-")))
    for column in ENDS:
        decimal_optional(cells, column)
    if name is None:
        if cells.optional(TOTAL) is not None:
            raise CellFault("cell-empty", ID)
        return Left(cells.row, "nothing-issued", cells.raw)
    project = cells.text("CARB Project ID")
    if not name.startswith(f"{project}-"):
        raise CellFault("cells-disagree", ID, value=name[:100], expected=project[:100])
    start, end = (cells.read(column, iso_date).text for column in PERIOD)
    forward(start, end, PERIOD[1])
    vintage, total = cells.read("Vintage", _vintage), cells.read(TOTAL, decimal_quantity)
    for column in ("Vintage", TOTAL):
        decimal_optional(cells, column)
    batch = Batch(
        registry=REGISTRY,
        key=name,
        project=project,
        origin="listed",
        unit=UNIT,
        vintage_from=vintage,
        vintage_to=vintage,
        issued=cells.read("Issuance Date", iso_date),
        quantity=total,
        period_from=start,
        period_to=end,
        buffer=decimal_optional(cells, BUFFER) or None,
    )
    return BatchRow(
        row=cells.row, raw=cells.raw, source_key=name, project=_project(cells), batch=batch
    )


def _project(cells: Cells) -> Project:
    return Project(
        registry=REGISTRY,
        id=cells.text("CARB Project ID"),
        origin="seen",
        name=cells.text("Offset Project Name"),
        proponent=cells.optional("Offset Project Operator"),
        kinds=one(cells.optional("Project Type")),
        programme=cells.optional("OPR Project ID"),
    )


def measure(cells: Cells) -> tuple[str, int]:
    """What a row states: nothing, where nothing was issued."""
    return UNIT, cells.read_optional(TOTAL, decimal_count) or 0


def _plan(source: str, events: Iterable[Event], report: Report, ground: Ground) -> Iterator[Act]:
    ends: Counter[str] = Counter()

    def watched() -> Iterator[Event]:
        for event in events:
            if isinstance(event, BatchRow | Left):
                for column in (*REVERSALS, *ENDS):
                    cell = event.raw.get(column, "").strip().removeprefix("-")
                    ends[column] += decimal_count(cell) if cell else 0
            yield event

    yield from plan_holdings(source, watched(), report, ground)
    for column, units in sorted((+ends).items()):
        report.note("ends-without-date-or-serial", column=column, quantity=units)


FORMAT = Format(
    name="arb",
    title_key="imports.arb.title",
    registry=REGISTRY,
    files=(
        FileSpec(
            "issuances", COLUMNS,
            ("Reporting Period", "Early Action/ Compliance", "Invalidation Timeframe",
             "Date Invalidation Period Reduced", "Start of Invalidation Timeframe",
             "Verification Body", "State", "Provides DEBS", "Project Documentation", "Comment",
             "Section 95989(b) Documentation, if applicable"),
            row_of, _plan, measure,
        ),
    ),
)  # fmt: skip
