"""Reads a list of enterprises: whom to ask about, and what is declared of each.

Columns: ``party`` or ``uscc`` (one of them filled in a row, or both of one enterprise), ``on`` (a
day of the row's own), and inputs as ``INPUT`` or ``RULE.INPUT``. Columns that no input can be
called after (备注, Remark) are carried along and not used. A row that cannot be asked is told with
its line and column.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select

from incentives.rules.syntax import NAME
from ledger.parties.models import PARTY
from ledger.statements.errors import Malformed
from ledger.statements.instants import parse_date
from ledger.writer.store import batched
from portal.sheets import Line, SheetFault, read_sheet, starts_formula
from portal.sheets.errors import CellFault

ROWS_MAX = 20_000
"""Rows of one list; a longer one is split by whoever asks."""
OWN = ("party", "uscc", "on")
REMARKS = frozenset({"comment", "id", "memo", "name", "no", "note", "notes", "remark", "remarks"})
"""Columns that lists have for their readers; an input of that name is asked for as RULE.NAME."""
NAME_MAX = 63


@dataclass(frozen=True)
class Asked:
    """A row: about whom, on which day (None: the list's), what is declared, or what is wrong.

    ``carried`` are the cells of columns that no input could be called after, such as remarks.
    """

    line: int
    party: str
    uscc: str
    on: str | None = None
    declared: Mapping[str, Any] = field(default_factory=dict)
    code: str | None = None
    column: str = ""
    carried: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """The row as JSON, for the store."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


class Listed(NamedTuple):
    """The rows of a list, and how its file was encoded (nothing for a workbook)."""

    rows: list[Asked]
    encoding: str


def read_list(path: Path) -> Listed:
    """Every row that is not blank.

    Raises SheetFault as `read_sheet` does, and ``columns-missing``, ``rows-too-many``,
    ``rows-missing``.
    """
    found: list[Asked] = []
    with read_sheet(path) as sheet:
        if not {"party", "uscc"} & set(sheet.columns):
            raise SheetFault("columns-missing", form="incentives", columns=["party", "uscc"])
        for line in sheet.lines:
            if len(found) == ROWS_MAX:
                raise SheetFault("rows-too-many", limit=ROWS_MAX)
            found.append(_row(line))
    if not found:
        raise SheetFault("rows-missing")
    return Listed(found, sheet.encoding)


def once(connection: Connection, rows: Sequence[Asked], on: date) -> list[Asked]:
    """The rows with what they ask of each other: nothing twice, and one enterprise a row.

    Two rows ask the same by id or code, and with the list's day ``on`` or with that day of their
    own; a row that cannot be answered asks nothing.
    """
    named = _named(connection, {name for row in rows for name in (row.party, row.uscc) if name})
    found: list[Asked] = []
    seen: set[str] = set()
    for row in rows:
        if row.code is not None:
            found.append(row)
            continue
        parties = {named.get(name, name) for name in (row.party, row.uscc) if name}
        day = row.on or on.isoformat()
        asked = repr((sorted(parties), day, sorted(row.declared.items())))
        if len(parties) > 1:
            found.append(replace(row, code="list-names-differ", column="uscc"))
        elif asked in seen:
            found.append(replace(row, code="list-repeats", column="party" if row.party else "uscc"))
        else:
            found.append(row)
        seen.add(asked)
    return found


def _named(connection: Connection, names: Collection[str]) -> dict[str, str]:
    """Parties by each name that is an id or a unified code; an id goes before a code."""
    table, wanted = PARTY.table.c, sorted(names)
    ids, codes = set[str](), dict[str, str]()
    for some in batched(wanted):
        query = select(table.party, table.uscc)
        either = or_(table.party.in_(some), table.uscc.in_([name.upper() for name in some]))
        for row in connection.execute(query.where(either)):
            ids.add(row.party)
            codes[str(row.uscc)] = row.party
    return {name: name if name in ids else codes.get(name.upper(), name) for name in wanted}


def _row(line: Line) -> Asked:
    cells: dict[str, str] = {}
    fault: tuple[str, str] | None = None
    for name, cell in line.cells.items():
        if isinstance(cell, CellFault):
            fault = fault or (cell.code, name)
        elif "\x00" in cell:
            fault = fault or ("cell-not-text", name)
        elif name in OWN and starts_formula(cell):
            fault = fault or ("formula-character", name)
        elif cell:
            cells[name] = cell
    party, uscc = cells.get("party", "")[:NAME_MAX], cells.get("uscc", "")[:NAME_MAX]
    if not party and not uscc:
        fault = fault or ("cell-empty", "party" if "party" in line.cells else "uscc")
    try:
        on = parse_date(cells["on"]) if "on" in cells else None
    except Malformed as error:
        on, fault = None, fault or (error.code, "on")
    twice = [name for name in cells if "." in name and name.partition(".")[0] in cells]
    if twice:
        fault = fault or ("declared-clash", twice[0])
    code, column = fault or (None, "")
    declared = {} if twice else _declared(cells)
    carried = {name: text for name, text in cells.items() if not _means_input(name)}
    return Asked(line.line, party, uscc, on, declared, code, column, carried)


def _means_input(name: str) -> bool:
    """Whether a column is ours or is written as inputs are, as a mistyped one is too."""
    if name in REMARKS:
        return False
    return name in OWN or NAME.fullmatch(name.rpartition(".")[2]) is not None


def _declared(cells: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, text in cells.items():
        rule, dot, below = name.partition(".")
        if name in OWN or not _means_input(name):
            continue
        if dot:
            found.setdefault(rule, {})[below] = text
        else:
            found[name] = text
    return found
