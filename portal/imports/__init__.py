"""Readers of registry exports: a file in, mirror acts and an account of every row out."""

from __future__ import annotations

from portal.imports.errors import ImportFault
from portal.imports.format import Format
from portal.imports.formats import eutl, gold_standard, verra
from portal.imports.plan import Act, Plan
from portal.imports.report import Report

FORMATS: tuple[Format, ...] = (verra.FORMAT, gold_standard.FORMAT, eutl.FORMAT)

__all__ = ["FORMATS", "Act", "Format", "ImportFault", "Plan", "Report"]
