"""RFC 9457 problems: every error of the doors is one of these."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from ledger.statements.errors import Malformed, StatementError, Unauthenticated
from ledger.writer.errors import ForkRefused, IntegrityFault, Unavailable
from portal.shell.pages import page, wants_page
from portal.shell.spoken import say, spoken
from portal.shell.texts import HTML_LANGUAGE

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2
PUBLIC_URL = "QINGZHANG_PUBLIC_URL"
"""In the application's settings: the address under which others know this server, or None."""
LOGGER = logging.getLogger("qingzhang.portal")


class Problem(Exception):
    """A request that cannot be answered: a status, a code and parameters."""

    def __init__(self, status: int, code: str, **params: Any) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.params = params


def described(status: int, code: str, params: dict[str, Any]) -> dict[str, Any]:
    """The members of a problem, its title in the language of the request."""
    fallback = say(f"status.{status}", otherwise=say("status.500"))
    told = {
        "type": f"{current_app.config.get(PUBLIC_URL) or ''}/problems/{code}",
        "title": say(f"problem.{code}", otherwise=fallback),
        "status": status,
        "code": code,
        "params": params,
    }
    field = params.get("field")
    place = "parameter" if code.startswith("parameter-") else "pointer"
    if isinstance(field, str) and (place == "parameter" or field.startswith("/")):
        told["errors"] = [{place: field, "code": str(params.get("rule", code))}]
    return told


def answer(status: int, code: str, params: dict[str, Any] | None = None, **more: Any) -> Response:
    """A problem as JSON, or as a page for a browser that asks for one.

    A 503 says with ``retry`` whether the same request may succeed later; it may unless told.
    """
    if status == 503:
        more.setdefault("retry", True)
    body = {**described(status, code, params or {}), **more}
    if wants_page():
        response = page("problem.html", status=status, problem=body)
    else:
        response = Response(orjson.dumps(body), status, mimetype=MEDIA_TYPE)
    response.headers["Content-Language"] = HTML_LANGUAGE[spoken()]
    response.vary.update(("Accept-Language", "Accept"))
    response.headers["Cache-Control"] = "no-store"
    if status == 401 and code.startswith("session-"):
        response.headers["WWW-Authenticate"] = "Bearer"
    if more.get("retry"):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def status_of(error: StatementError) -> int:
    """The status of what cannot be read, or is not signed as it says."""
    if error.code == "too-large":
        return 413
    return 401 if isinstance(error, Unauthenticated) else 400


def params_of(error: StatementError) -> dict[str, Any]:
    """The parameters of such an error, the field at fault among them."""
    return {**error.params, **({"field": error.field} if error.field else {})}


def others_of(error: StatementError) -> dict[str, Any]:
    """``errors`` with every fault of a body that has several; else nothing."""
    if not isinstance(error, Malformed) or not error.also:
        return {}
    return {"errors": [{"pointer": e.field, "code": e.code} for e in (error, *error.also)]}


def install(app: Flask) -> None:
    """Answer every error of the application as a problem."""

    @app.errorhandler(Problem)
    def problem(error: Problem) -> ResponseReturnValue:
        return answer(error.status, error.code, error.params)

    @app.errorhandler(StatementError)
    def unread(error: StatementError) -> ResponseReturnValue:
        return answer(status_of(error), error.code, params_of(error), **others_of(error))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400:
            return error.get_response()
        limit = {"limit": app.config["MAX_CONTENT_LENGTH"]} if status == 413 else {}
        response = answer(status, STATUS_CODES.get(status, f"http-{status}"), limit)
        allowed = getattr(error, "valid_methods", None)
        if allowed:
            response.allow.update(allowed)
        return response

    @app.errorhandler(Unavailable)
    def unavailable(error: Unavailable) -> ResponseReturnValue:
        return answer(503, error.code, error.params, retry=error.retry)

    @app.errorhandler(SQLAlchemyError)
    def database(error: SQLAlchemyError) -> ResponseReturnValue:
        LOGGER.error("record unreachable at %s", request.path, exc_info=error)
        return answer(503, "record-unavailable")

    @app.errorhandler(ForkRefused)
    @app.errorhandler(IntegrityFault)
    def fault(error: ForkRefused | IntegrityFault) -> ResponseReturnValue:
        LOGGER.critical("integrity fault %s %s", error.code, error.params)
        return answer(500, "integrity-fault")

    @app.errorhandler(Exception)
    def defect(error: Exception) -> ResponseReturnValue:
        LOGGER.error("defect at %s", request.path, exc_info=error)
        return answer(500, "defect")


STATUS_CODES = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    411: "length-required",
    413: "too-large",
    414: "uri-too-long",
    415: "media-type",
    431: "headers-too-large",
}
