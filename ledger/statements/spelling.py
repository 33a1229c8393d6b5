"""How names are compared that people type: widths, letters and brackets of one sort.

The table is written out, because an outcome must not hang on the tables of Unicode that come with
an interpreter.
"""

from __future__ import annotations

_WIDE = 0xFEE0
MARKS: dict[int, str] = {
    **{code + wide: chr(code).upper() for code in range(0x21, 0x7F) for wide in (0, _WIDE)},
    **dict.fromkeys(map(ord, "〔【[［"), "("),
    **dict.fromkeys(map(ord, "〕】]］"), ")"),
}
"""Full-width forms (Unicode, block FF00) as ASCII, capitals, and round brackets."""


def plain(name: str) -> str:
    """A name or number as it is compared: brackets and widths of one sort, without spaces.

    Keyboards write （2026）, (2026) and 〔2026〕 for one thing.  It is never longer than ``name``.
    """
    return "".join(name.translate(MARKS).split())
