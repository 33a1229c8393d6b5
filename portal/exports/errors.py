"""Faults of an export."""

from __future__ import annotations

from ledger.writer.errors import LedgerError


class ExportFault(LedgerError):
    """A vocabulary has no word for something, or a file is none of its exports."""
