"""What became of each row of a form, in the order of the form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portal.forms.filled import Faulty, Row
from portal.imports.account import TAKEN, Outcome
from portal.imports.plan import Act
from portal.sheets import Table, Value, write_tables
from portal.shell.texts import say

COLUMNS = ("line", "subject", "outcome", "entry", "code", "column", "说明", "meaning")
FAULTY = "faulty"
"""The word for a row that was not stated at all."""


class Results:
    """Counts and tells rows; every row is told once, whatever became of it."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._told: dict[int, dict[str, Any]] = {}
        for row in rows:
            if isinstance(row, Faulty):
                why = {"code": row.code, "column": row.column, "params": row.params}
                self._tell(row.row, FAULTY, **why)

    def settle(self, outcome: Outcome, act: Act, **why: Any) -> None:
        """Take what the delivery says of an act, which is one row."""
        field = why.get("params", {}).get("field", "")
        self._tell(act.rows[0], outcome, **{"column": field.removeprefix("/body/"), **why})

    def _tell(self, row: int, outcome: str, **why: Any) -> None:
        if row in self._told:
            raise LookupError(f"row {row} is settled already")
        place = self._rows[row - 1]
        about = {"line": place.line, "subject": place.subject}
        kept = {name: value for name, value in why.items() if value not in (None, "", {})}
        self._told[row] = {**about, "outcome": outcome, **kept}

    @property
    def settled(self) -> int:
        """Rows that are done with."""
        return len(self._told)

    @property
    def clean(self) -> bool:
        """Whether every row is on record as it stands in the form."""
        return self.settled == len(self._rows) and all(
            told["outcome"] in TAKEN for told in self._told.values()
        )

    def as_json(self) -> dict[str, Any]:
        """Counts, then each row."""
        rows = [self._told[row.row] for row in self._rows if row.row in self._told]
        counts = Counter(told["outcome"] for told in rows)
        return {"rows": len(self._rows), "outcomes": dict(sorted(counts.items())), "results": rows}

    def lines(self) -> list[str]:
        """A line of text for each row."""
        return [
            "  ".join(str(v) for v in (t["line"], t["subject"], t["outcome"], *_why(t)) if v != "")
            for t in self.as_json()["results"]
        ]

    def write(self, path: Path) -> None:
        """Write a table of the rows with the reasons in words. Raises SheetFault."""
        write_tables(path, [Table("results", COLUMNS, map(_row, self.as_json()["results"]))])


def _why(told: dict[str, Any]) -> tuple[str, ...]:
    return (told.get("code", ""), told.get("column", ""))


def _row(told: dict[str, Any]) -> list[Value]:
    code = told.get("code")
    words = [say(f"problem.{code}", language, otherwise=code) if code else None
             for language in ("zh", "en")]  # fmt: skip
    names = ("line", "subject", "outcome", "index", "code", "column")
    return [*(told.get(name) for name in names), *words]
