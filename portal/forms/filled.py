"""Reads a filled form: each row becomes the body of a statement, or a fault with its column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ledger.statements.errors import Malformed
from ledger.statements.types import StatementType
from portal.forms.form import SEPARATOR, Body, Form, other_separator, parts_of
from portal.sheets import Line, SheetFault, read_sheet, starts_formula
from portal.sheets.errors import CellFault

NOT_ONE_OF = "not-one-of"
ROWS_MAX = 20_000
"""Rows of one form; a longer one is split by its author, who wants to see its results."""


@dataclass(frozen=True)
class Filled:
    """A row that can be stated."""

    row: int
    line: int
    subject: str
    body: Body


@dataclass(frozen=True)
class Fault:
    """A rule that a row breaks, and the column, or no column."""

    code: str
    column: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Faulty:
    """A row that cannot be stated: every rule that it breaks, at least one."""

    row: int
    line: int
    subject: str
    faults: tuple[Fault, ...]


Row = Filled | Faulty


class Rows(NamedTuple):
    """The rows of a filled form, and how its file was encoded (nothing for a workbook)."""

    rows: list[Row]
    encoding: str


def read_form(form: Form, declared: StatementType, path: Path) -> Rows:
    """Every row that is not blank, judged; two rows about one thing are one too many.

    Raises SheetFault as `read_sheet` does, and ``columns-missing``, ``columns-unknown``,
    ``rows-too-many``, ``rows-missing``.
    """
    found: list[Row] = []
    first: dict[str, int] = {}
    with read_sheet(path) as sheet:
        _heading(form, sheet.columns)
        for line in sheet.lines:
            if len(found) == ROWS_MAX:
                raise SheetFault("rows-too-many", limit=ROWS_MAX)
            row = _judge(form, declared, len(found) + 1, line)
            earlier = first.setdefault(row.subject, row.line) if row.subject else row.line
            if earlier != row.line:
                again = Fault("row-repeated", form.subject, {"first_line": earlier})
                others = row.faults if isinstance(row, Faulty) else ()
                row = Faulty(row.row, row.line, row.subject, (again, *others))
            found.append(row)
    if not found:
        raise SheetFault("rows-missing")
    return Rows(found, sheet.encoding)


def _heading(form: Form, columns: tuple[str, ...]) -> None:
    missing = [name for name in form.required if name not in columns]
    if missing:
        raise SheetFault("columns-missing", form=form.name, columns=missing)
    known = {column.name for column in form.columns}
    unknown = [name for name in columns if name not in known]
    if unknown:
        raise SheetFault("columns-unknown", form=form.name, columns=unknown)


def _judge(form: Form, declared: StatementType, row: int, line: Line) -> Row:
    cells: dict[str, str] = {}
    faults: dict[str, Fault] = {}
    for name, cell in line.cells.items():
        if isinstance(cell, CellFault):
            faults[name] = Fault(cell.code, name)
        elif starts_formula(cell):
            # Registers are exported to spreadsheets, by us and by others who may not guard.
            faults[name] = Fault("formula-character", name)
        elif cell:
            cells[name] = cell
    for name in form.required:
        if name not in cells:
            faults.setdefault(name, Fault("cell-empty", name))
    for column in form.columns:
        found = other_separator(cells.get(column.name, "")) if column.several else None
        if found is not None:
            told = {"found": found, "separator": SEPARATOR, "value": cells[column.name]}
            faults[column.name] = Fault("list-separator", column.name, told)
    body = form.body(cells)
    for error in declared.faults(body):
        # A cell has one fault: what is read of a bad one breaks more rules that are not its own.
        name = form.column(error.field or "")
        faults.setdefault(name, Fault(error.code, name, _params(form, cells, name, error)))
    subject = cells.get(form.subject, "")
    if faults:
        places = {column.name: place for place, column in enumerate(form.columns)}
        told_in_order = sorted(faults.values(), key=lambda f: places.get(f.column, -1))
        return Faulty(row, line.line, subject, tuple(told_in_order))
    return Filled(row, line.line, subject, body)


def _params(form: Form, cells: Mapping[str, str], name: str, error: Malformed) -> dict[str, Any]:
    """What a fault tells of a cell; of a word that is not allowed also which ones are."""
    column = next((column for column in form.columns if column.name == name), None)
    if error.code != NOT_ONE_OF or column is None:
        return dict(error.params)
    value = cells.get(name, "")
    parts = parts_of(value) if column.several else [value]
    told = {"found": [part for part in parts if part not in column.choices]}
    between = {"separator": SEPARATOR} if column.several else {}
    return {**told, "allowed": list(column.choices), **between, **error.params}
