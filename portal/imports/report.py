"""The account of an import: every data row is taken, refused or left, once, and the sums add up.

A defect of a reader (a row settled twice, or never) is a `LookupError`, not a report.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.imports.errors import Param
from portal.imports.model import Left, Refused

SAMPLE = 10
"""How many row numbers a normalisation lists; its count is always exact."""


@dataclass(slots=True)
class Normalised:
    """One step of cleaning in one column: how many cells it changed, and the first rows."""

    column: str
    rule: str
    cells: int = 0
    rows: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the file as a whole that a reader of the report should know."""

    code: str
    params: Mapping[str, Param]


class Report:
    """Counts and sums per outcome; `close` proves that they cover the file."""

    def __init__(self, format_name: str, registry: str) -> None:
        self.format_name = format_name
        self.registry = registry
        self.kind = ""
        self.rows = 0
        self.size_bytes = 0
        self.sha256 = ""
        self.unread_columns: tuple[str, ...] = ()
        self.taken: Counter[tuple[str, str]] = Counter()
        self.taken_quantity: Counter[tuple[str, str]] = Counter()
        self.stated_quantity: Counter[str] = Counter()
        self.unstated_rows = 0
        self.refused: list[Refused] = []
        self.left: list[Left] = []
        self.normalised: dict[tuple[str, str], Normalised] = {}
        self.notes: list[Note] = []
        self._settled = bytearray()
        self._lines = array("q")

    def seen(self, row: int, line: int) -> None:
        """Count a data row of the file, which begins on `line`. Rows come in order, from 1."""
        if row != self.rows + 1:
            raise LookupError(f"row {row} after row {self.rows}")
        self.rows = row
        self._settled.append(0)
        self._lines.append(line)

    def line(self, row: int) -> int:
        """The line of the file, from 1, on which a row begins: a row may span several."""
        return self._lines[row - 1]

    def stated(self, unit: str, quantity: int | None) -> None:
        """Sum what a row states, whatever becomes of it; None: it could not be read."""
        if quantity is None:
            self.unstated_rows += 1
        else:
            self.stated_quantity[unit] += quantity

    def _settle(self, row: int) -> None:
        if not 1 <= row <= self.rows or self._settled[row - 1]:
            raise LookupError(f"row {row} is unknown or settled already")
        self._settled[row - 1] = 1

    def take(self, row: int, kind: str, unit: str = "", quantity: int = 0) -> None:
        """Settle a row as taken into a statement of `kind`."""
        self._settle(row)
        self.taken[kind, unit] += 1
        self.taken_quantity[kind, unit] += quantity

    def refuse(self, refusal: Refused) -> None:
        """Settle a row as refused."""
        self._settle(refusal.row)
        self.refused.append(refusal)

    def leave(self, left: Left) -> None:
        """Settle a row as left."""
        self._settle(left.row)
        self.left.append(left)

    def cleaned(self, row: int, column: str, rule: str) -> None:
        """Count a cell that cleaning changed."""
        entry = self.normalised.setdefault((column, rule), Normalised(column, rule))
        entry.cells += 1
        if len(entry.rows) < SAMPLE:
            entry.rows.append(row)

    def note(self, code: str, **params: Param) -> None:
        """Say something about the whole file."""
        self.notes.append(Note(code, params))

    @property
    def taken_rows(self) -> int:
        """How many rows are taken."""
        return self.taken.total()

    def close(self) -> None:
        """Prove taken + refused + left = rows, row by row. Raises LookupError otherwise."""
        total = self.taken_rows + len(self.refused) + len(self.left)
        if total != self.rows or not all(self._settled):
            raise LookupError(f"{self.rows} rows, {total} settled")

    def as_json(self) -> dict[str, object]:
        """The report as plain values, lists in a fixed order."""
        taken: Counter[str] = Counter()
        for (_, unit), units in self.taken_quantity.items():
            taken[unit] += units
        codes = Counter(refusal.code for refusal in self.refused)
        return {
            "format": self.format_name,
            "registry": self.registry,
            "file": self.kind,
            "sha256": self.sha256,
            "size_bytes": self.size_bytes,
            "rows": self.rows,
            "taken": self.taken_rows,
            "refused": len(self.refused),
            "left": len(self.left),
            "taken_by_kind": [
                {"kind": kind, "unit": unit, "rows": rows,
                 "quantity": self.taken_quantity[kind, unit]}
                for (kind, unit), rows in sorted(self.taken.items())
            ],
            "stated_total": self.stated_quantity.total(),
            "sums": [
                {"unit": unit, "stated": stated, "taken": taken[unit],
                 "not_taken": stated - taken[unit]}
                for unit, stated in sorted(self.stated_quantity.items())
            ],
            "unstated_rows": self.unstated_rows,
            "refused_by_code": dict(sorted(codes.items())),
            "refusals": [
                {"row": r.row, "line": self.line(r.row), "code": r.code, "field": r.field,
                 "params": dict(r.params)}
                for r in sorted(self.refused, key=lambda r: r.row)
            ],
            "left_rows": [{"row": entry.row, "code": entry.code} for entry in self.left],
            "normalised": [
                {"column": n.column, "rule": n.rule, "cells": n.cells, "rows": list(n.rows)}
                for _, n in sorted(self.normalised.items())
            ],
            "unread_columns": list(self.unread_columns),
            "notes": [{"code": n.code, "params": dict(n.params)} for n in self.notes],
        }  # fmt: skip
