"""Faults of a table: of the whole file, which is then not taken, or of one cell."""

from __future__ import annotations

from ledger.writer.errors import LedgerError


class SheetFault(LedgerError):
    """A file that cannot be read as a table, with a code and parameters."""


class CellFault(Exception):
    """A cell that holds no plain text; `code` names the rule."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
