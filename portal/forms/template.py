"""The empty form that people fill, and beside it what each column means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from portal.forms.form import Form
from portal.sheets import Table, Value, write_tables
from portal.shell.texts import say

NOTES = ("column", "required", "说明", "meaning", "choices", "example")


def write_template(form: Form, path: Path) -> None:
    """Write an empty form; an XLSX has a second sheet of notes, a CSV has the heading alone.

    Raises SheetFault ``sheet-suffix``.
    """
    choices = {c.name: c.choices for c in form.columns if c.choices and not c.several}
    empty = Table(form.name, [column.name for column in form.columns], (), choices)
    write_tables(path, [empty, Table("notes", NOTES, _notes(form))])


def _notes(form: Form) -> Iterator[list[Value]]:
    for column in form.columns:
        key = f"form.{form.name}.{column.text}"
        words = (say(key, "zh"), say(key, "en"))
        needed = "yes 必填" if column.required else ""
        yield [column.name, needed, *words, " ".join(column.choices), column.example]
