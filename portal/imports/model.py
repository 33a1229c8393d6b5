"""What one data row of an export says, normalised and still tied to its raw cells.

Facts (`Project`, `Batch`, `Block`, `Leg`) say what; rows say where it stood: `row` is the 1-based
number of the data row, `raw` its cells untouched, `source_key` what the statement's id is made of
(it names the thing and not the place, so a re-sorted or longer export gives the same ids).
Dates are ISO 8601 text; quantities are whole units of the named unit.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from portal.imports.dates import Moment
from portal.imports.errors import Param

Raw = Mapping[str, str]
Origin = Literal["listed", "seen"]
"""listed: the registry's own list says it; seen: only rows about something else mention it."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project of another registry. Empty cells are None; nothing is filled in."""

    registry: str
    id: str
    origin: Origin
    name: str
    proponent: str | None = None
    country: str | None = None
    kinds: tuple[str, ...] = ()
    methodologies: tuple[str, ...] = ()
    status: str | None = None
    programme: str | None = None
    annual_estimate: int | None = None
    registered: Moment | None = None
    period_from: str | None = None
    period_to: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """An issuance of another registry. `quantity` None: the export does not say how many.

    `vintage_*` and `issued` are None where it says neither; `buffer` is how many of the quantity
    stand in a reserve against reversals.
    """

    registry: str
    key: str
    project: str
    origin: Origin
    unit: str
    vintage_from: str | None
    vintage_to: str | None
    issued: Moment | None
    quantity: int | None
    period_from: str | None = None
    period_to: str | None = None
    buffer: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A contiguous inclusive range of units; `scope` names the numbers that it counts within."""

    serial: str
    scope: str
    first: int
    last: int
    quantity: int
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """One block of a registry transaction, in file order. `id` is the source's own."""

    row: int
    id: str
    sender: str
    receiver: str
    unit: str
    quantity: int
    project: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    row: int
    raw: Raw
    source_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRow(_Placed):
    """A row of a project list."""

    project: Project


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow(_Placed):
    """A row that issues a batch of stated quantity and names none of its units."""

    project: Project
    batch: Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRow(_Placed):
    """A row that lists a block of a batch as existing and not ended."""

    project: Project
    batch: Batch
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuanceRow(BlockRow):
    """A row that issues a whole batch: its block is the batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetirementRow(BlockRow):
    """A terminal act. `beneficiary` is None where the registry publishes none."""

    at: Moment
    beneficiary: str | None
    reason: str | None
    details: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationRow(BlockRow):
    """A terminal act that is nobody's claim. `at` is None where the export gives no date."""

    at: Moment | None
    reason: str | None
    details: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRow(_Placed):
    """A row of a transaction file; rows of one `transaction` are one atomic act."""

    transaction: str
    at: Moment
    type: str
    leg: Leg


@dataclass(frozen=True, slots=True)
class Transaction:
    """One atomic act of a registry: all of its legs, in file order, or none."""

    id: str
    at: Moment
    type: str
    operation: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken, with the rule it breaks, the column ("" is the row as a whole) and
    what was found; `raw` holds what cells could be told apart."""

    row: int
    code: str
    field: str
    params: Mapping[str, Param] = dataclasses.field(default_factory=dict)
    raw: Raw = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Left:
    """A row that says nothing that a mirror could take (a blank line, a period without units)."""

    row: int
    code: str
    raw: Raw = dataclasses.field(default_factory=dict)


Record = ProjectRow | BatchRow | BlockRow | LegRow
Event = Record | Refused | Left
