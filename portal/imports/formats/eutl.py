"""The EU registry's transfer blocks: rows of one transactionID are one atomic act.

The file is in the order of the source's row ids, not of dates: acts are applied by (date, first
row), legs in file order, and the report says so. The extract is partial: it names units that it
never issued, so the least opening balances that keep every account from debt are stated first, as
acts of their own. Equal rows are separate blocks and are never taken for one another.
The date's zone is not stated by the source and is kept as unstated.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from portal.imports.dates import iso_instant
from portal.imports.errors import CellFault
from portal.imports.format import FileSpec, Format
from portal.imports.model import Leg, LegRow
from portal.imports.numbers import identifier, quantity
from portal.imports.openings import Effect
from portal.imports.rows import Cells
from portal.imports.transfers import OTHER, plan_transfers

REGISTRY = "eutl"

COLUMNS = (
    "id", "transactionID", "date", "transactionTypeMain_id", "transactionTypeSupplementary_id",
    "transferringAccount_id", "acquiringAccount_id", "unitType_id", "project_id", "amount",
)  # fmt: skip

OPERATIONS: Mapping[str, tuple[str, Effect]] = MappingProxyType(
    {
        "10-52": ("issue", "issue"),
        "10-53": ("allocation", "move"),
        "10-0": ("transfer", "move"),
        "10-2": ("surrender", "end"),
        "10-1": ("cancellation", "end"),
        "10-41": ("cancel-replace", "end"),
        "5-1": ("phase-end-retirement", "end"),
        "10-55": ("correction", "move"),
    }
)
"""Main and supplementary transaction type → (operation, what it does to units), as the published
description of the extract identifies them. A type that is not here, 4-3 for one, is "other": its
units move as the row says and no meaning is guessed. 5-1 ends units at the end of a phase and is no
buyer's claim; the units that 10-41 puts in place of the cancelled ones are not in its rows."""


def _identifier(cells: Cells, column: str) -> str:
    value = cells.read(column, identifier)
    if value != cells.optional(column):
        cells.reshaped(column, "decimal-suffix")
    return value


def leg_row(cells: Cells) -> LegRow:
    """One block of a transaction."""
    main = cells.read("transactionTypeMain_id", identifier)
    supplementary = cells.read("transactionTypeSupplementary_id", identifier)
    project = cells.optional("project_id")
    leg = Leg(
        row=cells.row,
        id=cells.read("id", identifier),
        sender=_identifier(cells, "transferringAccount_id"),
        receiver=_identifier(cells, "acquiringAccount_id"),
        unit=cells.text("unitType_id"),
        quantity=cells.read("amount", quantity),
        project=None if project is None else _identifier(cells, "project_id"),
    )
    kind = f"{main}-{supplementary}"
    _, effect = OPERATIONS.get(kind, OTHER)
    if effect == "issue" and leg.sender != leg.receiver:
        raise CellFault("issue-between-accounts", "acquiringAccount_id", account=leg.receiver)
    return LegRow(
        row=cells.row,
        raw=cells.raw,
        source_key=leg.id,
        transaction=cells.text("transactionID"),
        at=cells.read("date", iso_instant),
        type=kind,
        leg=leg,
    )


def measure(cells: Cells) -> tuple[str, int]:
    """What a block states."""
    return cells.text("unitType_id"), cells.read("amount", quantity)


plan = partial(plan_transfers, OPERATIONS, "transactionID")

FORMAT = Format(
    name="eutl",
    title_key="imports.eutl.title",
    registry=REGISTRY,
    files=(
        FileSpec("transfers", COLUMNS, ("transferringAccountID_2024",), leg_row, plan, measure),
    ),
)
