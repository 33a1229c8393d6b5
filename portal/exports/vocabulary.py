"""A vocabulary: sheets of columns, each with the way from our record to its cell.

Where a cell holds a fact of ours, its column knows the way back too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from ledger.parties.strict_yaml import Tree, read
from portal.exports.errors import ExportFault
from portal.exports.register import Record, Register
from portal.sheets import Table, Value, read_sheet, write_tables
from portal.sheets.errors import CellFault

SUFFIX = ".xlsx"


@dataclass(frozen=True)
class Column:
    """A column; `key` names the fact of ours that `back` reads from its text.

    What follows from facts has no key; `elsewhere` is what follows from where an export was made.
    """

    name: str
    to: Callable[[Record], Value]
    key: str = ""
    back: Callable[[str], Any] = str
    elsewhere: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet with one row for each record of a kind of the register."""

    name: str
    kind: str
    columns: Sequence[Column]


@dataclass(frozen=True)
class Vocabulary:
    """Somebody else's words for the register; `source` and `confidence` say where they are from."""

    name: str
    sheets: tuple[Sheet, ...]
    source: str
    confidence: str

    def write(self, register: Register, path: Path) -> dict[str, int]:
        """Write an export, whose last sheet says what it is; gives the rows of each sheet.

        Raises SheetFault ``sheet-too-long``, ExportFault ``export-suffix``, ``vocabulary-lacks``.
        """
        _suffix(path)
        rows: Counter[str] = Counter()
        tables = [self._table(sheet, register, rows) for sheet in self.sheets]
        about = [
            ("vocabulary", self.name),
            ("register", register.origin),
            ("source", self.source),
            ("confidence", self.confidence),
        ]
        write_tables(path, [*tables, Table("about", ("name", "value"), about)])
        return {sheet.name: rows[sheet.name] for sheet in self.sheets}

    def read(self, path: Path) -> dict[str, list[Record]]:
        """The facts of ours that an export holds, by sheet.

        Raises ExportFault ``export-suffix``, ``export-columns``, ``export-cell``, and SheetFault.
        """
        _suffix(path)
        return {sheet.name: list(_read(sheet, path)) for sheet in self.sheets}

    def carried(self, register: Register) -> dict[str, list[Record]]:
        """The facts that an export of this register would hold."""
        return {
            sheet.name: [
                {column.key: record[column.key] for column in sheet.columns if column.key}
                for record in register.records(sheet.kind)
            ]
            for sheet in self.sheets
        }

    def altered(self, register: Register, path: Path) -> dict[str, list[Record]]:
        """Cells that do not say what their row's facts are told by, by sheet.

        A row of facts that the register does not hold is not judged.  Raises as ``read``.
        """
        return {sheet.name: list(_altered(sheet, register, path)) for sheet in self.sheets}

    def _table(self, sheet: Sheet, register: Register, rows: Counter[str]) -> Table:
        def lines() -> Iterator[list[Value]]:
            for record in register.records(sheet.kind):
                rows[sheet.name] += 1
                yield [column.to(record) for column in sheet.columns]

        return Table(sheet.name, [column.name for column in sheet.columns], lines())


def _suffix(path: Path) -> None:
    if path.suffix.lower() != SUFFIX:
        raise ExportFault("export-suffix", suffix=path.suffix, allowed=SUFFIX)


def _altered(sheet: Sheet, register: Register, path: Path) -> Iterator[Record]:
    keyed = [column for column in sheet.columns if column.key]
    told = [column for column in sheet.columns if not column.elsewhere]
    wanted = {
        _facts({column.key: record[column.key] for column in keyed}): {
            column.name: "" if (value := column.to(record)) is None else str(value)
            for column in told
        }
        for record in register.records(sheet.kind)
    }
    with read_sheet(path, sheet.name) as opened:
        for line, record in zip(opened.lines, _read(sheet, path), strict=True):
            for name, expected in wanted.get(_facts(record), {}).items():
                found = line.cells.get(name, "")
                if found != expected:
                    place = {"line": line.line, "column": name}
                    yield {**place, "found": str(found), "expected": expected}


def _facts(record: Record) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(record.items()))


def _read(sheet: Sheet, path: Path) -> Iterator[Record]:
    keyed = [column for column in sheet.columns if column.key]
    with read_sheet(path, sheet.name) as opened:
        missing = [column.name for column in keyed if column.name not in opened.columns]
        if missing:
            raise ExportFault("export-columns", sheet=sheet.name, columns=missing)
        for line in opened.lines:
            record: Record = {}
            for column in keyed:
                cell = line.cells[column.name]
                place = {"sheet": sheet.name, "line": line.line, "column": column.name}
                if isinstance(cell, CellFault):
                    raise ExportFault("export-cell", **place, rule=cell.code)
                try:
                    record[column.key] = column.back(cell)
                except (ValueError, KeyError) as error:
                    raise ExportFault("export-cell", **place, rule="not-a-value") from error
            yield record


def difference(
    ours: Sequence[Record], theirs: Sequence[Record]
) -> tuple[list[Record], list[Record]]:
    """Records that only the register holds, and records that only the export holds."""
    left, right = ([tuple(sorted(r.items())) for r in records] for records in (ours, theirs))
    return (
        [dict(item) for item in (Counter(left) - Counter(right)).elements()],
        [dict(item) for item in (Counter(right) - Counter(left)).elements()],
    )


class Words:
    """A vocabulary's words from its file; each list that is read back says a word once."""

    def __init__(self, name: str) -> None:
        text = resources.files("portal.exports").joinpath(f"data/{name}.yaml").read_text("utf-8")
        self._tree = _mapping(read(text))
        self.source, self.confidence = str(self._tree["source"]), str(self._tree["confidence"])

    def list(self, name: str) -> Mapping[str, Tree]:
        """A list of words by ours."""
        return _mapping(self._tree[name])

    def word(self, name: str, ours: str) -> str:
        """The word for ours. Raises ExportFault ``vocabulary-lacks``."""
        found = self.list(name).get(ours)
        if not isinstance(found, str):
            raise ExportFault("vocabulary-lacks", list=name, word=ours)
        return found

    def ours(self, name: str) -> dict[str, str]:
        """Our words by theirs."""
        return {str(theirs): ours for ours, theirs in self.list(name).items()}


def _mapping(tree: Tree) -> Mapping[str, Tree]:
    assert isinstance(tree, dict)
    return tree
