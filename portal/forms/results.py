"""What became of each row of a form, in the order of the form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from ledger.writer.errors import LedgerError
from ledger.writer.kinds import Kind
from ledger.writer.store import entries_at
from portal.forms.filled import Fault, Faulty, Rows
from portal.forms.form import SEPARATOR, Form
from portal.imports.account import TAKEN, Outcome
from portal.imports.plan import Act
from portal.sheets import Table, Value, write_tables
from portal.shell.texts import LANGUAGES, say
from portal.statements.made import made, payload_of, whole_view

COLUMNS = (
    "line", "subject", "outcome", "entry", "statement", "made",
    "code", "column", "found", "说明", "meaning",
)  # fmt: skip
FORM_ALONE, RECORD = "form", "record"
FAULTY, READY, LEFT = "faulty", "ready", "left"
"""Words for a row that was not stated: it cannot be; a rehearsal says that the record would take
it; or the work stopped before it, and nobody can say more until the form is submitted again."""
GOOD = (*TAKEN, READY)
READ_TOGETHER = 500
"""Entries that are read back at a time for what they made."""


class Results:
    """Counts and tells rows; every row is told once, whatever became of it.

    ``judged`` tells of a rehearsal by what the rows were judged: the form alone, or the record.
    """

    def __init__(self, form: Form, rows: Rows, judged: str | None = None) -> None:
        self._form = form
        self._rows = rows.rows
        self._encoding = rows.encoding
        self._judged = judged
        self._told: dict[int, dict[str, Any]] = {}
        self.stopped: LedgerError | None = None
        for row in rows.rows:
            if isinstance(row, Faulty):
                self.fail(row.row, FAULTY, row.faults)

    def settle(self, outcome: Outcome, act: Act, **why: Any) -> None:
        """Take what the delivery says of an act, which is one row."""
        column = self._form.column_of(why.get("params", {}).get("field", ""))
        self._tell(act.rows[0], outcome, **{"column": column, **why})

    def ready(self, act: Act) -> None:
        """A row that the record would take."""
        self._tell(act.rows[0], READY)

    def fail(self, row: int, outcome: str, faults: Sequence[Fault], **why: Any) -> None:
        """A row with every rule that it breaks; the first is the answer."""
        first = faults[0]
        told = {"code": first.code, "column": first.column, "params": first.params}
        several = [vars(fault) for fault in faults] if len(faults) > 1 else None
        self._tell(row, outcome, **told, **why, faults=several)

    def stop(self, error: LedgerError) -> None:
        """Tell the rows that were not reached, and why; submitting again goes on from there."""
        self.stopped = error
        for row in self._rows:
            if row.row not in self._told:
                self._tell(row.row, LEFT, code=error.code)

    def told_made(self, connection: Connection, kinds: Mapping[str, Kind]) -> None:
        """Add to each row that is on record its statement's id and what came to be with it."""
        on_record = {t["index"]: t for t in self._told.values() if t["outcome"] in TAKEN}
        indexes = sorted(on_record)
        for start in range(0, len(indexes), READ_TOGETHER):
            entries = entries_at(connection, indexes[start : start + READ_TOGETHER])
            for index, entry in entries.items():
                view = whole_view(entry)
                payload = payload_of(view)
                named = {} if payload is None else {"statement": payload.id}
                on_record[index] |= {**named, "made": made(view, kinds)}

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
        """Whether every row is on record as it stands in the form, or would be."""
        whole = self.settled == len(self._rows) or self._judged == FORM_ALONE
        return whole and all(told["outcome"] in GOOD for told in self._told.values())

    def as_json(self) -> dict[str, Any]:
        """Counts, then each row."""
        rows = [self._told[row.row] for row in self._rows if row.row in self._told]
        counts = Counter(told["outcome"] for told in rows)
        named = {"judged": self._judged, "encoding": self._encoding}
        told = {"rows": len(self._rows), "outcomes": dict(sorted(counts.items())), "results": rows}
        return {**{name: value for name, value in named.items() if value}, **told}

    def lines(self) -> list[str]:
        """How the form was read and judged, then a line of text for each row and fault."""
        read = f"{_both('form.read_as')} {self._encoding.upper()}" if self._encoding else ""
        judged = _both(f"form.judged.{self._judged}") if self._judged else ""
        rows = [
            "  ".join(
                str(part)
                for part in (
                    *(t["line"], t["subject"], t["outcome"]),
                    *_place(t),
                    *_why(fault),
                    _found(fault),
                )
                if part != ""
            )
            for t in self.as_json()["results"]
            for fault in _faults(t)
        ]
        return [line for line in (read, judged) if line] + rows

    def write(self, path: Path) -> None:
        """Write a table of rows and faults with the reasons in words. Raises SheetFault."""
        rows = [_row(t, fault) for t in self.as_json()["results"] for fault in _faults(t)]
        write_tables(path, [Table("results", COLUMNS, rows)])


def _faults(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The faults of a row; of one that has none itself."""
    return told.get("faults") or [told]


def _why(fault: dict[str, Any]) -> tuple[str, ...]:
    return (fault.get("code", ""), fault.get("column", ""))


def _found(fault: dict[str, Any]) -> str:
    """What the rule tells beside its code, such as what was found and what is allowed."""
    params = {name: value for name, value in fault.get("params", {}).items() if name != "field"}
    return orjson.dumps(params).decode() if params else ""


def _place(told: dict[str, Any]) -> tuple[str, ...]:
    """Where a row that was taken is on record, and what it made."""
    ids = _made(told)
    return (f"entry {told['index']}", *([f"made {ids}"] if ids else [])) if "made" in told else ()


def _made(told: dict[str, Any]) -> str:
    return f"{SEPARATOR} ".join(f"{row['kind']} {row['id']}" for row in told.get("made", ()))


def _row(told: dict[str, Any], fault: dict[str, Any]) -> list[Value]:
    code = fault.get("code")
    words = [say(f"problem.{code}", language, otherwise=code) if code else None
             for language in ("zh", "en")]  # fmt: skip
    names = ("line", "subject", "outcome", "index", "statement")
    place = (*(told.get(name) for name in names), _made(told) or None, code, fault.get("column"))
    return [*place, _found(fault) or None, *words]


def _both(key: str) -> str:
    return " / ".join(say(key, language) for language in LANGUAGES)
