"""What a form is: columns with their rules, and how a row becomes the body of a statement."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.imports.plan import Json

SEPARATOR = ";"
"""Between the parts of a cell that is a list; the full-width form is taken as well."""

Cells = Mapping[str, str]
Body = dict[str, Json]


@dataclass(frozen=True)
class Column:
    """A column: whether a row must fill it, an example, and the only words it takes, if any:
    one of them, or ``several``, as of any list with semicolons between.

    What it means stands in the texts under ``form.FORM.NAME``, without a number at its end.
    """

    name: str
    required: bool
    example: str
    choices: Sequence[str] = ()
    several: bool = False

    @property
    def text(self) -> str:
        """The last part of its text's key: `operator` for ``operator_2``."""
        return re.sub(r"_[0-9]$", "", self.name)


@dataclass(frozen=True)
class Form:
    """A kind of rows: the type that each states, and the column that names what it is about.

    `body` makes the body of the cells that are filled, `column` tells in which column a field of
    the body stands, by its JSON pointer.
    """

    name: str
    type: str
    subject: str
    columns: tuple[Column, ...]
    body: Callable[[Cells], Body]
    column: Callable[[str], str]

    def column_of(self, field: str) -> str:
        """The column of a field that a rule names, from the body or as a pointer; "" for none."""
        return self.column(field if field.startswith("/") else f"/body/{field}") if field else ""

    @property
    def required(self) -> tuple[str, ...]:
        """Columns without which no row can be whole."""
        return tuple(column.name for column in self.columns if column.required)


def parts_of(cell: str) -> list[str]:
    """The parts of a cell that is a list."""
    return [part.strip() for part in re.split("[;；]", cell) if part.strip()]


def other_separator(cell: str) -> str | None:
    """What a cell has between its parts where that is no semicolon, or None."""
    found = re.search("[,，、|｜\n\t]", cell)
    return None if found is None else found[0]
