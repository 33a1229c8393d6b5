"""A bank's file that cannot be read; nothing of it reaches the record."""

from __future__ import annotations

from ledger.writer.errors import LedgerError


class BankFileRefused(LedgerError):
    """A code, and where it is known the line and the column."""
