"""Circles: each route says who may read it, and what says nothing answers nobody.

``public`` needs no reader.  ``party`` and ``case`` need one who has signed in, and the view shows
that party's own.  ``supervisor`` needs the regulator.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request

from ledger.statements.types import Circle
from portal.shell.problems import Problem
from portal.shell.reader import need_reader

View = TypeVar("View", bound=Callable[..., Any])
PRIVATE = "private, no-store"
STATIC = "static"
"""Flask's own route for files of the package, which anyone may have."""
_NAME = "qingzhang_circle"


def circle(which: Circle) -> Callable[[View], View]:
    """Declare a view's circle; stands below the route."""

    def declare(view: View) -> View:
        setattr(view, _NAME, which)
        return view

    return declare


def declared(app: Flask, endpoint: str) -> Circle | None:
    """The circle of an endpoint, or None where it has not said."""
    if endpoint == STATIC:
        return Circle.PUBLIC
    found: Circle | None = getattr(app.view_functions[endpoint], _NAME, None)
    return found


def install(app: Flask) -> None:
    """Let each request through that its route's circle takes in."""

    @app.before_request
    def admit() -> None:
        if request.endpoint is None:
            return  # no such route: the application says so
        which = declared(current_app, request.endpoint)
        if which is None:
            raise Problem(403, "circle-undeclared")
        if which is Circle.PUBLIC:
            return
        reader = need_reader()
        if which is Circle.SUPERVISOR and not reader.supervisor:
            raise Problem(403, "circle-closed", circle=which.value)

    @app.after_request
    def seclude(response: Response) -> Response:
        """What was made for one reader is nobody else's, and no cache's."""
        if g.get("reader") is not None or g.get("reader_asked"):
            response.vary.update(("Authorization", "Cookie"))
        if g.get("reader") is not None:
            response.headers["Cache-Control"] = PRIVATE
        return response
