"""The language of the request at hand, and words in it."""

from __future__ import annotations

from flask import g, request

from portal.shell import texts
from portal.shell.texts import DEFAULT, LANGUAGES


def say(key: str, language: str | None = None, *, otherwise: str | None = None) -> str:
    """The text of a key, without ``language`` in the request's own (``texts.say``)."""
    return texts.say(key, language or spoken(), otherwise=otherwise)


def spoken() -> str:
    """The language of this request: ``?lang=``, else Accept-Language, else Chinese."""
    chosen = g.get("language")
    if chosen is None:
        asked = request.args.get("lang")
        if asked in LANGUAGES:
            chosen = asked
        else:
            chosen = request.accept_languages.best_match(LANGUAGES, DEFAULT)
        g.language = chosen
    return str(chosen)
