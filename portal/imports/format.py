"""What a format is: the files of one registry's export, known by their headers, and their reading.

A new registry is one module with one `Format`: its columns, a function from cells to a record, and
which of the plans (holdings, transfers) the records feed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.imports.errors import BadValue, CellFault, ImportFault
from portal.imports.ground import Ground
from portal.imports.model import Event, Left, Record, Refused
from portal.imports.plan import Act
from portal.imports.report import Report
from portal.imports.rows import Cells, CsvFile, open_csv

Header = tuple[str, ...]
Planner = Callable[[str, Iterable[Event], Report, Ground], Iterator[Act]]


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One kind of file: `read` columns it must have, `known` ones it may have and that are not
    carried, what a row states (unit, quantity), how it is read and planned."""

    name: str
    read: Header
    known: Header
    record: Callable[[Cells], Record | Left]
    plan: Planner
    measure: Callable[[Cells], tuple[str, int]] | None = None

    def likeness(self, header: Header) -> tuple[int, int]:
        """(shared, -foreign) column counts: how much a header looks like this file's."""
        own = {*self.read, *self.known}
        shared = len(own & set(header))
        return shared, shared - len(own)


@dataclass(frozen=True, slots=True)
class Format:
    """A registry's exports. `title_key` names the words that portal's catalogues hold.

    `junk` matches columns that spreadsheets and data frames leave behind ("Unnamed: 19"): they are
    no sign of another file, and the report lists them as unread.
    """

    name: str
    title_key: str
    registry: str
    files: tuple[FileSpec, ...]
    junk: str = r"Unnamed: [0-9]+"

    def detect(self, header: Header) -> FileSpec:
        """Choose the file whose columns a header is nearest to, and require that it has them all.

        Nearest first, complete second: an export that lost one column is told which one, instead
        of being read as a smaller kind of file. Raises ImportFault header-unknown,
        columns-missing.
        """
        clean = tuple(name for name in header if not re.fullmatch(self.junk, name))
        spec = max(self.files, key=lambda candidate: candidate.likeness(clean))
        if not set(clean) & set(spec.read):
            known = tuple(f"{one.name}: {', '.join(one.read)}" for one in self.files)
            raise ImportFault("header-unknown", format=self.name, columns=known)
        missing = tuple(name for name in spec.read if name not in clean)
        if missing:
            raise ImportFault("columns-missing", format=self.name, file=spec.name, columns=missing)
        return spec

    def report(self) -> Report:
        """A fresh report for one file."""
        return Report(self.name, self.registry)

    def read(self, path: Path, report: Report) -> Iterator[Event]:
        """Yield one record, refusal or left row per data row, in file order, streaming."""
        with open_csv(path) as file:
            yield from self._events(file, self.detect(file.header), report)

    def _events(self, file: CsvFile, spec: FileSpec, report: Report) -> Iterator[Event]:
        report.kind = spec.name
        report.unread_columns = tuple(name for name in file.header if name not in spec.read)
        for row in file.rows(report):
            if isinstance(row, Cells):
                if spec.measure is not None:
                    _measure(spec.measure, row, report)
                yield _record(spec.record, row)
            else:
                if isinstance(row, Refused) and spec.measure is not None:
                    report.stated("", None)
                yield row

    def survey(self, path: Path) -> Report:
        """Read a file through for its rows, size and digest, before anything is done with it.

        Raises ImportFault for a file that is not, to its last byte, what it says.
        """
        report = self.report()
        with open_csv(path) as file:
            report.kind = self.detect(file.header).name
            for _ in file.rows(report):
                pass
        return report

    def acts(self, path: Path, report: Report, ground: Ground) -> Iterator[Act]:
        """Read a file into the acts that it asks for, in order; at the end the report is closed.

        Raises ImportFault.
        """
        with open_csv(path) as file:
            spec = self.detect(file.header)
            events = self._events(file, spec, report)
            yield from spec.plan(self.registry, events, report, ground)
        report.close()


def _measure(measure: Callable[[Cells], tuple[str, int]], cells: Cells, report: Report) -> None:
    try:
        unit, quantity = measure(cells)
    except BadValue:
        report.stated("", None)
    else:
        report.stated(unit, quantity)


def _record(record: Callable[[Cells], Record | Left], cells: Cells) -> Record | Refused | Left:
    try:
        return record(cells)
    except CellFault as fault:
        return Refused(cells.row, fault.code, fault.field, fault.params, cells.raw)
