"""The empty form that people fill, and beside it what each column means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from portal.forms.form import SEPARATOR, Form
from portal.sheets import Table, Value, write_tables
from portal.shell.texts import say

NOTES = ("column", "required", "说明", "meaning", "choices", "separator 分隔符", "example")
CSV = ".csv"


def notes_beside(path: Path) -> Path | None:
    """The file of notes that goes with an empty form, or None where they are a sheet of it."""
    return path.with_name(f"{path.stem}-notes{CSV}") if path.suffix.lower() == CSV else None


def write_template(form: Form, path: Path) -> None:
    """Write an empty form and what its columns mean: a second sheet, of a CSV a second file.

    Raises SheetFault ``sheet-suffix``.
    """
    choices = {c.name: c.choices for c in form.columns if c.choices and not c.several}
    empty = Table(form.name, [column.name for column in form.columns], (), choices)
    notes = Table("notes", NOTES, _notes(form))
    beside = notes_beside(path)
    if beside is None:
        write_tables(path, [empty, notes])
        return
    write_tables(path, [empty])
    write_tables(beside, [notes])


def _notes(form: Form) -> Iterator[list[Value]]:
    for column in form.columns:
        key = f"form.{form.name}.{column.text}"
        words = (say(key, "zh"), say(key, "en"))
        needed = "yes 必填" if column.required else ""
        between = SEPARATOR if column.several else ""
        choices = f"{SEPARATOR if column.several else ''} ".join(column.choices)
        yield [column.name, needed, *words, choices, between, column.example]
