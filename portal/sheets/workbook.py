"""The bytes of an XLSX (ECMA-376): sheets of texts and whole numbers, written row by row.

openpyxl writes such a sheet too, and makes an object of each cell and an element of each text: ten
times the time of what is written here.  It reads these files in the tests, and users' files in
`portal/sheets/reading`.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from openpyxl.utils import get_column_letter

Value = str | int | None
WIDTH = 24
INTEGER_MAX = 10**15
"""A spreadsheet keeps 15 digits; a larger number is written as a text."""
TEXT_MAX = 32_767
"""Characters of a cell (Office Open XML, Excel's limits); the rest of a longer text is cut off."""
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time that every part bears, so that one table is one file of bytes."""
ROWS_A_PIECE = 500

_ILLEGAL = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_SPECIAL = re.compile(f"[&<>\r{_ILLEGAL}]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PLAIN, TEXT, BOLD = 0, 1, 2
"""Styles, by their places in the sheet of styles; 49 is the format of texts, written "@"."""
_STYLES = f"""{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/>\
<name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" \
applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>\
</cellStyles></styleSheet>"""
_PANE = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
    'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
)


def write_workbook(file: BinaryIO, names: Sequence[str], sheets: Iterable[Iterator[str]]) -> None:
    """Write sheets, each as `sheet_xml` makes it, under their names."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, pieces in enumerate(sheets, 1):
            part = _part(f"xl/worksheets/sheet{number}.xml")
            with packed.open(part, "w", force_zip64=True) as out:
                for piece in pieces:
                    out.write(piece.encode())
        for name, text in _frame(names):
            packed.writestr(_part(name), text.encode())


def sheet_xml(
    columns: Sequence[str],
    rows: Iterable[Sequence[Value]],
    choices: Mapping[str, Sequence[str]],
    last: int,
) -> Iterator[str]:
    """The pieces of a sheet: a bold heading that stays in sight, and columns of texts below it.

    ``choices`` are the words that the cells of a column offer, down to the row ``last``.
    """
    letters = [get_column_letter(place) for place in range(1, len(columns) + 1)]
    # As text, so that codes keep their zeros and long numbers their digits.
    wide = "".join(
        f'<col min="{place}" max="{place}" width="{WIDTH}" style="{TEXT}" customWidth="1"/>'
        for place in range(1, len(columns) + 1)
    )
    shape = f"<cols>{wide}</cols>" if wide else ""
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}">{_PANE}{shape}<sheetData>'
    yield _row(letters, 1, columns, BOLD)
    held: list[str] = []
    for number, row in enumerate(rows, 2):
        held.append(_row(letters, number, row, TEXT))
        if len(held) == ROWS_A_PIECE:
            yield "".join(held)
            held.clear()
    yield "".join(held) + "</sheetData>"
    yield _choices(letters, list(columns), choices, last) + "</worksheet>"


def _row(letters: Sequence[str], number: int, row: Sequence[Value], style: int) -> str:
    cells = []
    for letter, value in zip(letters, row, strict=True):
        if value is None:
            continue
        if isinstance(value, int) and abs(value) < INTEGER_MAX:
            cells.append(f'<c r="{letter}{number}"><v>{value:d}</v></c>')
            continue
        text = str(value)[:TEXT_MAX]
        if _SPECIAL.search(text):
            text = _SPECIAL.sub(lambda found: _ENTITIES.get(found[0], "\ufffd"), text)
        space = ' xml:space="preserve"' if text != text.strip() else ""
        cells.append(
            f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t{space}>{text}</t></is></c>'
        )
    return f'<row r="{number}">{"".join(cells)}</row>'


def _choices(
    letters: Sequence[str], columns: list[str], choices: Mapping[str, Sequence[str]], last: int
) -> str:
    if not choices:
        return ""
    offered = []
    for name, words in choices.items():
        letter = letters[columns.index(name)]
        listed = quoteattr(",".join(words))[1:-1]
        offered.append(
            f'<dataValidation type="list" allowBlank="1" sqref="{letter}2:{letter}{last}">'
            f'<formula1>"{listed}"</formula1></dataValidation>'
        )
    return f'<dataValidations count="{len(offered)}">{"".join(offered)}</dataValidations>'


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The parts around the sheets."""
    numbers = range(1, len(names) + 1)
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET}.worksheet+xml"/>'
        for n in numbers
    )
    yield (
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET}.styles+xml"/>{kinds}</Types>',
    )
    relations = f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    yield (
        "_rels/.rels",
        f'{relations}<Relationship Id="rId1" Type="{_RELATION}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
    )
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, 1)
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><sheets>{sheets}</sheets>'
        "</workbook>",
    )
    held = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{relations}{held}<Relationship Id="rId{len(names) + 1}" Type="{_RELATION}/styles" '
        'Target="styles.xml"/></Relationships>',
    )
    yield "xl/styles.xml", _STYLES


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, EARLIEST)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part
