"""Typed faults of reading a registry export: a value, a cell, a whole file."""

from __future__ import annotations

Param = str | int | tuple[str, ...]


class BadValue(ValueError):
    """A text that breaks the grammar asked of it; `code` names the rule."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class CellFault(BadValue):
    """A bad value together with the column it stands in: one row is refused."""

    def __init__(self, code: str, field: str, **params: Param) -> None:
        super().__init__(code, **params)
        self.field = field


class ImportFault(Exception):
    """A file that cannot be read as what it says it is: nothing of it is taken."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
