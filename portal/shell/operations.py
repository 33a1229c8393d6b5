"""What a route says of itself, and what every request to it is held against.

A view is declared where it stands; the description of the API and the checks are made from
the same declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, request

from portal.shell.problems import MEDIA_TYPE as PROBLEM
from portal.shell.problems import Problem
from portal.shell.texts import LANGUAGES

JSON, TEXT, NDJSON = "application/json", "text/plain; charset=utf-8", "application/x-ndjson"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LANGUAGE = "lang"
"""The query parameter of every route: the language of problems."""
COLLECTION = "name"
"""The part of a route that names one of several collections."""
DECLARED = "qingzhang_operation"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """What a view takes and gives.

    ``gives`` names the schema of the answer (``{name}`` is the collection's) and ``media`` its
    type; ``query`` are the parameters that may be asked with (by collection, where the route names
    one of several), ``needs`` those that must be;
    ``problems`` are the statuses that the view itself answers with, ``more`` the answers beside
    200 with media type and schema; ``kept`` says that a validator is sent; ``takes`` are media
    type and schema of what is posted.
    """

    gives: str | None = None
    media: str = JSON
    query: tuple[str, ...] | Mapping[str, tuple[str, ...]] = ()
    needs: tuple[str, ...] = ()
    problems: tuple[int, ...] = ()
    kept: bool = False
    takes: tuple[str, str] | None = None
    more: tuple[tuple[int, str, str], ...] = ()

    def asked(self, name: str) -> tuple[str, ...]:
        """The parameters that may be asked with, of a collection where there are several."""
        return self.query[name] if isinstance(self.query, Mapping) else self.query


def operation(gives: str | None = None, **declared: Any) -> Callable[[View], View]:
    """Declare a view; stands below the route."""

    def mark(view: View) -> View:
        setattr(view, DECLARED, Operation(gives, **declared))
        return view

    return mark


def declared_at(endpoint: str | None) -> Operation | None:
    """The declaration of a view, or None where it has none."""
    view = current_app.view_functions.get(endpoint or "")
    found: Operation | None = getattr(view, DECLARED, None)
    return found


def install(app: Flask) -> None:
    """Hold every request against the declaration of its view before anything is done."""

    @app.before_request
    def check() -> None:
        stated = declared_at(request.endpoint)
        if stated is None:
            return
        asked = stated.asked((request.view_args or {}).get(COLLECTION, ""))
        for name in request.args:
            if name not in (LANGUAGE, *asked, *stated.needs):
                raise Problem(400, "parameter-unknown", field=name[:80], rule="unknown")
            if len(request.args.getlist(name)) > 1:
                raise Problem(400, "parameter-repeated", field=name, rule="once")
        if request.args.get(LANGUAGE, LANGUAGES[0]) not in LANGUAGES:
            raise Problem(400, "parameter-invalid", field=LANGUAGE, rule="|".join(LANGUAGES))
        for name in stated.needs:
            if name not in request.args:
                raise Problem(400, "parameter-invalid", field=name, rule="needed")
        coding = request.headers.get("Content-Encoding", "identity")
        if request.method == "POST" and coding != "identity":
            raise Problem(415, "content-encoding", allowed="identity")
        if not accepts(stated):
            raise Problem(406, "not-acceptable", offered=stated.media)


def accepts(stated: Operation) -> bool:
    """Whether the answer's type is among those that the request accepts (RFC 9110 §12.5.1)."""
    wanted = request.accept_mimetypes
    media = stated.media.partition(";")[0]
    return not wanted or wanted.quality(media) > 0 or wanted.quality(PROBLEM) > 0
