"""The composition root of the web: one application over one open ledger."""

from __future__ import annotations

from flask import Flask

from portal.doors import (
    entries,
    explorer,
    facts,
    health,
    history,
    log,
    market,
    mirrors,
    openapi,
    policy,
    resources,
    statements,
)
from portal.opening import Counter
from portal.shell import headers, problems
from portal.shell.express import Express

REQUEST_BYTES_MAX = 8_000_000
DOORS = (
    log,
    statements,
    entries,
    history,
    mirrors,
    resources,
    health,
    market,
    facts,
    policy,
    openapi,
    explorer,
)


def create_app(ledger: Counter) -> Flask:
    """The WSGI application of a ledger."""
    app = Flask("portal", static_folder="static", template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = REQUEST_BYTES_MAX
    app.config["MAX_FORM_MEMORY_SIZE"] = 64_000
    app.jinja_env.autoescape = True
    app.extensions["ledger"] = ledger
    problems.install(app)
    headers.install(app)
    for door in DOORS:
        app.register_blueprint(door.DOOR)
    app.wsgi_app = Express(  # type: ignore[method-assign]  # Flask's own way to wrap
        app.wsgi_app, ledger.entrance.submit, REQUEST_BYTES_MAX
    )
    return app
