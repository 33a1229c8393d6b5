"""Readers of registry exports: a file in, mirror acts and an account of every row out."""

from __future__ import annotations

from portal.imports.errors import ImportFault
from portal.imports.format import Format
from portal.imports.known import FORMATS
from portal.imports.plan import Act
from portal.imports.report import Report

__all__ = ["FORMATS", "Act", "Format", "ImportFault", "Report"]
