"""Formula injection: what a spreadsheet would run when it opens a table.

A text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break may be run when a CSV is
opened (OWASP, CSV Injection). Tables for people are written with an apostrophe before such a text,
and before one that begins with an apostrophe, so that reading takes away exactly what writing gave.
"""

from __future__ import annotations

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""The last four are the full-width forms, which some spreadsheets take for the plain ones."""
GUARD = "'"


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet might run the text."""
    return text.startswith(_STARTS)


def guarded(text: str) -> str:
    """The text as it is written into a CSV for people."""
    return GUARD + text if starts_formula(text) or text.startswith(GUARD) else text


def bare(text: str) -> str:
    """The text that `guarded` was given."""
    return text.removeprefix(GUARD)
