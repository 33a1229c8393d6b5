"""The one rule by which the text of a cell is cleaned; each step that changes it is named.

The raw cell is kept beside the cleaned one, and the report counts each step per column, so that
nothing is changed silently. Inner runs of spaces, the joiners U+200C and U+200D (they carry meaning
in several scripts), line feeds and leading formula characters stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_WIDE = re.compile("[\u00a0\u2007\u202f]")
_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff]")
_LINE_END = re.compile("\r\n?")
# C0 without tab and line feed, DEL, C1, and the bidirectional marks and overrides.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

Step = tuple[str, Callable[[str], str]]

STEPS: tuple[Step, ...] = (
    ("no-break-space", lambda text: _WIDE.sub(" ", text)),
    ("zero-width", lambda text: _ZERO_WIDTH.sub("", text)),
    ("line-end", lambda text: _LINE_END.sub("\n", text)),
    ("control", lambda text: _CONTROL.sub("", text)),
    ("nfc", lambda text: unicodedata.normalize("NFC", text)),
    ("edge-space", lambda text: text.strip(" \t\n\u200c\u200d")),
)


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the cleaned text and the names of the steps that changed it, in order."""
    if text.isascii() and text.isprintable() and text[:1] != " " and text[-1:] != " ":
        return text, ()
    changed: list[str] = []
    for name, step in STEPS:
        after = step(text)
        if after != text:
            changed.append(name)
            text = after
    return text, tuple(changed)
