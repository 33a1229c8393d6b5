"""Tables as files that people open: CSV and XLSX, read strictly and written without formulas."""

from portal.sheets.errors import SheetFault
from portal.sheets.reading import Line, Sheet, read_sheet
from portal.sheets.safety import bare, guarded, starts_formula
from portal.sheets.workbook import Value
from portal.sheets.writing import BOM, Table, csv_line, pack_tables, write_tables

__all__ = [
    "BOM",
    "Line",
    "Sheet",
    "SheetFault",
    "Table",
    "Value",
    "bare",
    "csv_line",
    "guarded",
    "pack_tables",
    "read_sheet",
    "starts_formula",
    "write_tables",
]
