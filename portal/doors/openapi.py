"""The API in OpenAPI 3.1, made from the routes and the declared statement types."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from ledger.statements.types import Circle
from portal.api.document import describe
from portal.shell.answers import json_resource
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.pages import page

DOOR = Blueprint("openapi", __name__)


@DOOR.get("/openapi.json")
@operation("Document", kept=True)
@circle(Circle.PUBLIC)
def document() -> Response:
    """The API in OpenAPI 3.1."""
    return json_resource(describe(current_app, ledger().engine))


@DOOR.get("/docs")
@circle(Circle.PUBLIC)
def docs() -> Response:
    """The same for people."""
    return page("docs.html", scripts=True)
