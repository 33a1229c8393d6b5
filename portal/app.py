"""The composition root of the web: one application over one open ledger."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from ledger.writer.clock import Clock, WallClock
from portal.doors import (
    answers,
    asking,
    attachments,
    auctions,
    books,
    certificates,
    consents,
    deadlines,
    desk,
    drafts,
    entries,
    explorer,
    facts,
    faults,
    grants,
    guide,
    health,
    history,
    inquiries,
    log,
    market,
    mirrors,
    openapi,
    orders,
    overseeing,
    own,
    parties,
    policy,
    previews,
    proofs,
    quotes,
    rehearsals,
    reports,
    resources,
    sessions,
    simulations,
    statements,
    stream,
    supervision,
    trading,
)
from portal.home.opening import Counter
from portal.ops.desk import open_ops
from portal.ops.limits import WRITE
from portal.shell import circles, headers, limits, operations, problems
from portal.shell.express import Express
from portal.shell.streams import Streams

REQUEST_BYTES_MAX = 8_000_000
FORM_BYTES_MAX = 500_000
"""What one field of a form holds; above what the parser reads at once, which files pass through."""
DOORS = (
    log,
    statements,
    entries,
    attachments,
    history,
    mirrors,
    parties,
    resources,
    certificates,
    health,
    market,
    auctions,
    quotes,
    stream,
    facts,
    grants,
    policy,
    answers,
    asking,
    inquiries,
    simulations,
    sessions,
    drafts,
    own,
    books,
    consents,
    deadlines,
    desk,
    previews,
    rehearsals,
    proofs,
    reports,
    supervision,
    overseeing,
    openapi,
    explorer,
    faults,
    guide,
    trading,
    orders,
)


def create_app(ledger: Counter, clock: Clock | None = None) -> Flask:
    """The WSGI application of a ledger; ``clock`` tells when sessions, drafts and limits end.

    Raises Unavailable where the ledger's witnesses are misnamed.
    """
    _ = ledger.watch  # read once, and before anybody can ask
    app = Flask("portal", static_folder="static", template_folder="templates")
    app.url_map.merge_slashes = False  # its redirect would repeat the Host that was sent
    app.config["MAX_CONTENT_LENGTH"] = REQUEST_BYTES_MAX
    app.config[problems.PUBLIC_URL] = ledger.settings.public_url
    app.config["MAX_FORM_MEMORY_SIZE"] = FORM_BYTES_MAX
    app.jinja_env.autoescape = True
    settings = ledger.settings
    app.extensions["ledger"] = ledger
    app.extensions["ops"] = open_ops(settings.ops_url, settings.limits, clock or WallClock())
    app.extensions["streams"] = Streams()
    problems.install(app)
    headers.install(app)
    limits.install(app)
    circles.install(app)
    operations.install(app)
    for door in DOORS:
        app.register_blueprint(door.DOOR)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's own way to wrap
            app.wsgi_app, x_for=settings.proxies, x_proto=0
        )
    if settings.limits[WRITE].quota == 0:  # the short way counts nothing
        app.wsgi_app = Express(  # type: ignore[method-assign]  # Flask's own way to wrap
            app.wsgi_app, ledger.entrance.submit, REQUEST_BYTES_MAX
        )
    return app
