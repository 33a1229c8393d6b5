"""Pages whose scripts sign: the words that the scripts show come with the page."""

from __future__ import annotations

from typing import Any

from flask import Response

from portal.shell.current import ledger
from portal.shell.pages import page
from portal.shell.spoken import spoken
from portal.shell.texts import catalogue

WORDS = "desk.script."
"""Texts of ``telling.js`` and of what every signing page does; scripts have none of their own."""


def script_words(*prefixes: str) -> dict[str, str]:
    """The texts under the prefixes by what follows, in the language of the request."""
    texts = catalogue(spoken()).items()
    return {key.removeprefix(p): text for p in prefixes for key, text in texts if key.startswith(p)}


def scripted(template: str, *, more: tuple[str, ...] = (), **values: Any) -> Response:
    """A page that runs scripts of this server, with the ledger that they sign for.

    ``more`` are prefixes of texts that only this page's scripts show.
    """
    words = script_words(WORDS, *more)
    origin = ledger().record.origin
    return page(template, scripts=True, script_words=words, origin=origin, **values)
