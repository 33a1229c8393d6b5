"""One form for the spellings of a site (项目地点), by which sites are compared (decision 21).

Beside widths, letters and brackets, dashes and quotation marks are of one sort, and a space counts
only between two ASCII letters or digits, where it parts words or numbers: "Plot 1 1" is no
"Plot 11".  What is shown is what the owner wrote.
"""

from __future__ import annotations

import re

from ledger.statements.spelling import MARKS

_ALIKE = {
    " ": "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "-": "‐‑‒–—―−﹣",
    ",": "﹐",
    "、": "﹑､",
    ".": "。﹒｡",
    "(": "﹙",
    ")": "﹚",
    '"': "“”„″«»「」『』《》",
    "'": "‘’‚′",
    "~": "〜",
    "·": "•‧・･∙⋅",
}
_FORM = MARKS | {ord(other): one for one, others in _ALIKE.items() for other in others}
_SPACE = re.compile(r" +")
_LOOSE = re.compile(r"(?<![A-Z0-9]) | (?![A-Z0-9])")


def site_form(site: str) -> str:
    """The form that all spellings of a site have in common, as long as the text at most."""
    return _LOOSE.sub("", _SPACE.sub(" ", site.translate(_FORM)))
