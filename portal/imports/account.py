"""What became of each row once the ledger was asked, and the sums that must add up to the file.

A row that was read is settled by exactly one act. A defect (a row settled twice, or never) is a
`LookupError`, as in the reader's own report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal

from portal.imports.plan import Act
from portal.imports.report import Report

Outcome = Literal["written", "already", "refused", "conflict"]
"""written: stated in this run; already: on record before, the same; refused: by the ledger;
conflict: the row's act is on record in another form, and nothing was written."""
OUTCOMES: tuple[Outcome, ...] = ("written", "already", "refused", "conflict")
TAKEN: tuple[Outcome, ...] = ("written", "already")
Row = dict[str, Any]


class Account:
    """Counts per outcome over a reader's report; `close` proves that they cover what was read."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.acts: Counter[tuple[str, Outcome]] = Counter()
        self.rows: Counter[tuple[Outcome, str, str]] = Counter()
        self.quantity: Counter[tuple[Outcome, str, str]] = Counter()
        self.not_taken: list[Row] = []
        self._settled = bytearray()

    def settle(self, outcome: Outcome, act: Act, **why: Any) -> None:
        """Count an act and its rows; `why` is kept where it was not taken."""
        self.acts[act.type, outcome] += 1
        missing = self.report.rows - len(self._settled)
        self._settled.extend(bytes(missing))
        for row, (unit, quantity) in zip(act.rows, act.measures, strict=True):
            if self._settled[row - 1]:
                raise LookupError(f"row {row} is settled already")
            self._settled[row - 1] = 1
            self.rows[outcome, act.kind, unit] += 1
            self.quantity[outcome, act.kind, unit] += quantity
        if outcome not in TAKEN:
            lines = [self.report.line(row) for row in act.rows]
            place = {"rows": list(act.rows), "lines": lines, "type": act.type, "key": act.key}
            self.not_taken.append({"outcome": outcome, **place, **why})

    def count(self, *outcomes: Outcome) -> int:
        """How many rows came to these outcomes."""
        return sum(rows for (outcome, *_), rows in self.rows.items() if outcome in outcomes)

    @property
    def settled(self) -> int:
        """Rows that are done with, by the reader or by the ledger."""
        return self.count(*OUTCOMES) + len(self.report.refused) + len(self.report.left)

    @property
    def clean(self) -> bool:
        """Whether everything in the file is on record."""
        return not self.not_taken and not self.report.refused

    def close(self) -> None:
        """Prove that what was read was settled, rows and quantities. Raises LookupError."""
        rows: Counter[tuple[str, str]] = Counter()
        quantity: Counter[tuple[str, str]] = Counter()
        for (_, kind, unit), count in self.rows.items():
            rows[kind, unit] += count
        for (_, kind, unit), units in self.quantity.items():
            quantity[kind, unit] += units
        read = self.report.taken, +self.report.taken_quantity
        if (rows, +quantity) != read or self.settled != self.report.rows:
            raise LookupError(f"{self.report.rows} rows, {self.settled} settled")

    def as_json(self) -> Row:
        """The reader's report with what the ledger made of it, lists in a fixed order."""
        told = self.report.as_json()
        refused_by_ledger, conflicts = self.count("refused"), self.count("conflict")
        told |= {
            "taken": self.count(*TAKEN),
            "written": self.count("written"),
            "already": self.count("already"),
            "refused": len(self.report.refused) + refused_by_ledger + conflicts,
            "refused_by_reader": len(self.report.refused),
            "refused_by_ledger": refused_by_ledger,
            "conflicts": conflicts,
            "taken_by_kind": self._by_kind(TAKEN),
            "sums": self._sums(),
            "refused_by_code": dict(sorted(self._codes().items())),
            "not_taken_by_ledger": self.not_taken,
            "acts": self._acts(),
        }
        return told

    def _by_kind(self, outcomes: tuple[Outcome, ...]) -> list[Row]:
        rows: Counter[tuple[str, str]] = Counter()
        units: Counter[tuple[str, str]] = Counter()
        for key, count in self.rows.items():
            if key[0] in outcomes:
                rows[key[1:]] += count
                units[key[1:]] += self.quantity[key]
        return [
            {"kind": kind, "unit": unit, "rows": count, "quantity": units[kind, unit]}
            for (kind, unit), count in sorted(rows.items())
        ]

    def _sums(self) -> list[Row]:
        taken: Counter[str] = Counter()
        for (outcome, _, unit), quantity in self.quantity.items():
            taken[unit] += quantity if outcome in TAKEN else 0
        return [
            {"unit": unit, "stated": stated, "taken": taken[unit],
             "not_taken": stated - taken[unit]}
            for unit, stated in sorted(self.report.stated_quantity.items())
        ]  # fmt: skip

    def _codes(self) -> Mapping[str, int]:
        codes = Counter(refusal.code for refusal in self.report.refused)
        for item in self.not_taken:
            codes[item["code"]] += len(item["rows"])
        return +codes

    def _acts(self) -> Row:
        told: dict[str, dict[str, int]] = {}
        for (name, outcome), count in sorted(self.acts.items()):
            told.setdefault(name, {})[outcome] = count
        return told
