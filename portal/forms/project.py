"""The form of projects: a row submits the design of a project of the party that signs."""

from __future__ import annotations

from ledger.projects.schemas import CLASSES
from portal.forms.form import Body, Cells, Column, Form

_COLUMNS = (
    Column("project", True, "HZ-AC-001"),
    Column("credit_class", True, "ZJ_AC", CLASSES),
    Column("name", True, "示例活性炭再生项目"),
    Column("methodology", True, "ZJ-AC-DESIGN-PROPOSAL"),
    Column("region", True, "330100"),
    Column("site", True, "1 Example Road"),
    Column("construction_start", True, "2024-01-01"),
    Column("crediting_start", True, "2024-06-01"),
    Column("crediting_end", True, "2031-05-31"),
    Column("design_sha256", True, "64 × 0-9a-f"),
)


def body(cells: Cells) -> Body:
    """The body of ``project.submit``: every column is a field of its name."""
    return {column.name: cells[column.name] for column in _COLUMNS if column.name in cells}


def column(pointer: str) -> str:
    """The column of a field of the body."""
    return pointer.split("/")[2] if pointer.count("/") > 1 else ""


PROJECT = Form("project", "project.submit", "project", _COLUMNS, body, column)
