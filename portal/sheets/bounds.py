"""How much a workbook may ask of its reader, found before the reader builds anything of it.

A workbook is packed: a hundred kilobytes may hold a row of a million cells, which the library
builds whole before it gives any of it.  The marks of a part are counted first, which costs little;
a part with many is run through an XML parser that keeps nothing, to see how they are grouped.
"""

from __future__ import annotations

import re
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from portal.sheets.errors import SheetFault

UNPACKED_MAX = 500_000_000
MARKS_SMALL = 200_000
"""Marks, of starts and ends, in a part that is read without looking further."""
MARKS_MAX = 20_000_000
"""In all parts; 100,000 rows of 40 columns, each a cell with a value, have 16 million."""
GROUP_MAX = 70_000
"""Elements of one row: Excel has 16,384 columns at most, with up to four elements in each."""
BLOCK = 1 << 16
_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_GROUPS = (
    (re.compile(r"xl/worksheets/[^/]+", re.I), f"{_NS} row"),
    (re.compile(r"xl/sharedStrings[^/]*", re.I), f"{_NS} si"),
)
"""Parts that are read piece by piece, with the element that is a piece; others are read whole."""


def check_bounds(packed: ZipFile) -> None:
    """Raises SheetFault ``sheet-too-large`` for what nobody could mean as a table.

    Faults of the package are those of the library; those of a part are left to who reads it.
    """
    parts = packed.infolist()
    if sum(part.file_size for part in parts) > UNPACKED_MAX:
        raise SheetFault("sheet-too-large", limit=UNPACKED_MAX)
    left = MARKS_MAX
    for part in parts:
        marks = _marks(packed, part, left)
        left -= marks
        if marks > MARKS_SMALL:
            _check_groups(packed, part)


def _marks(packed: ZipFile, part: ZipInfo, limit: int) -> int:
    found = 0
    with packed.open(part) as file:
        while block := file.read(BLOCK):
            found += block.count(b"<")
            if found > limit:
                raise SheetFault("sheet-too-large", limit=MARKS_MAX, of="marks")
    return found


def _check_groups(packed: ZipFile, part: ZipInfo) -> None:
    """Count the elements within each piece of a part, and those beside them together."""
    piece = next((name for path, name in _GROUPS if path.fullmatch(part.filename)), None)
    count, depth, inside, beside = 0, 0, 0, 0

    def start(name: str, _: object) -> None:
        nonlocal count, depth, inside, beside
        depth += 1
        if inside:
            count += 1
        elif name == piece:
            count, inside = 0, depth
        else:
            beside += 1
        if count > GROUP_MAX or beside > GROUP_MAX:
            raise SheetFault("sheet-too-large", limit=GROUP_MAX, of="row", part=part.filename)

    def end(_: str) -> None:
        nonlocal depth, inside
        if depth == inside:
            inside = 0
        depth -= 1

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    with packed.open(part) as file:
        try:
            while block := file.read(BLOCK):
                parser.Parse(block)
        except expat.ExpatError:
            return  # a picture, which is not read, or broken XML, of which no reader gets further
