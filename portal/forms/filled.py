"""Reads a filled form: each row becomes the body of a statement, or a fault with its column."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger.statements.errors import Malformed
from ledger.statements.types import StatementType
from portal.forms.form import Body, Form
from portal.sheets import Line, SheetFault, read_sheet, starts_formula
from portal.sheets.errors import CellFault

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
class Faulty:
    """A row that cannot: the rule it breaks and the column, or no column."""

    row: int
    line: int
    subject: str
    code: str
    column: str
    params: dict[str, Any] = field(default_factory=dict)


Row = Filled | Faulty


def read_form(form: Form, declared: StatementType, path: Path) -> list[Row]:
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
            if isinstance(row, Filled) and earlier != row.line:
                where = {"first_line": earlier}
                row = Faulty(row.row, row.line, row.subject, "row-repeated", form.subject, where)
            found.append(row)
    if not found:
        raise SheetFault("rows-missing")
    return found


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
    for name, cell in line.cells.items():
        if isinstance(cell, str) and cell:
            cells[name] = cell
    subject = cells.get(form.subject, "")

    def faulty(code: str, column: str, **params: Any) -> Faulty:
        return Faulty(row, line.line, subject, code, column, params)

    for name, cell in line.cells.items():
        if isinstance(cell, CellFault):
            return faulty(cell.code, name)
        if starts_formula(cell):
            # Registers are exported to spreadsheets, by us and by others who may not guard.
            return faulty("formula-character", name)
    for name in form.required:
        if name not in cells:
            return faulty("cell-empty", name)
    body = form.body(cells)
    try:
        declared.check(body)
    except Malformed as error:
        return faulty(error.code, form.column(error.field or ""), **error.params)
    return Filled(row, line.line, subject, body)
