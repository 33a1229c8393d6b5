"""The API in OpenAPI 3.1, made from the routes and the declared statement types."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, current_app
from marshmallow import Schema

from ledger.statements.types import Circle, object_schema
from ledger.writer.engine import Engine
from portal.doors.drafts import STATES
from portal.ops.schemas import Answering, Asking, CoSigning, Rejection
from portal.own import COLLECTIONS
from portal.shell.answers import json_resource
from portal.shell.circles import circle, declared
from portal.shell.current import ledger
from portal.shell.paging import LIMIT_MAX
from portal.shell.reader import SECURE_COOKIE

DOOR = Blueprint("openapi", __name__)
DESCRIBED = ("/v1/", "/log/", "/healthz", "/readyz", "/metrics", "/openapi.json")
CHOICE = re.compile(r"<any\(([^)]+)\):\w+>")
METHODS = {"GET", "POST", "DELETE"}
BODIES: dict[str, type[Schema]] = {
    "sessions.challenge": Asking,
    "sessions.sign_in": Answering,
    "drafts.cosign": CoSigning,
    "drafts.reject": Rejection,
}
PAGED = {
    "limit": {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX},
    "cursor": {"type": "string"},
}
PARTY = {"party": {"type": "string"}}
QUERIES: dict[tuple[str, str], dict[str, Any]] = {
    ("GET", "own.holding"): {"as_of": {"type": "integer", "minimum": 1}},
    ("GET", "drafts.listed"): {"for": {"enum": ["me", "all"]}, "state": {"enum": list(STATES)}},
    ("GET", "resources.listed"): PAGED,
    ("DELETE", "sessions.sign_out"): {"every": {"type": "boolean"}},
}
READS_MORE = {"entries.read"}
"""Public routes that show more to those who have signed in."""
SIGNED_IN: list[dict[str, list[str]]] = [{"bearer": []}, {"cookie": []}]
SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": SECURE_COOKIE},
}
PRIVATE = {
    "401": "Nobody has signed in, or the session is over",
    "403": "Not for this reader",
    "404": "Not there, or not this reader's",
    "429": "Too many requests; see Retry-After",
    "503": "Sessions and drafts, or the record, are not available now",
}
PROBLEM = {"$ref": "#/components/responses/Problem"}
SUBMITTED = {
    "200": "The first answer again",
    "201": "Accepted: an entry of the log",
}
REFUSED = {
    "400": "Malformed or expired",
    "401": "A signature or key does not hold",
    "409": "The id was spent on another statement",
    "413": "Too large",
    "415": "Not JSON",
    "422": "Refused by the rules: an entry of the log",
    "503": "The record cannot be written now; see Retry-After",
}


@DOOR.get("/openapi.json")
@circle(Circle.PUBLIC)
def document() -> Response:
    """The description of every route below /v1 and /log."""
    return json_resource(describe(ledger().engine))


def describe(engine: Engine) -> dict[str, Any]:
    """The OpenAPI document."""
    paths: dict[str, Any] = {}
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda r: r.rule):
        if rule.rule.startswith(DESCRIBED):
            for path, words in _spelled(rule.rule):
                for method in sorted((rule.methods or set()) & METHODS):
                    asked = _asked(rule.endpoint, method, words)
                    operation = _operation(rule.endpoint, method, path, asked)
                    operation["operationId"] = "_".join((operation["operationId"], *words))
                    paths.setdefault(path, {})[method.lower()] = operation
    bodies = {
        f"{name}.v{version}": {
            key: value for key, value in declared.json_schema().items() if key != "$schema"
        }
        for (name, version), declared in sorted(engine.types.items())
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Qingzhang", "version": "1"},
        "paths": paths,
        "components": {
            "securitySchemes": SECURITY,
            "schemas": {
                **bodies,
                **{schema.__name__: object_schema(schema) for schema in BODIES.values()},
                "Problem": _PROBLEM_SCHEMA,
                "Submission": _submission(),
            },
            "responses": {
                "Problem": {
                    "description": "RFC 9457 problem",
                    "content": {
                        "application/problem+json": {
                            "schema": {"$ref": "#/components/schemas/Problem"}
                        }
                    },
                }
            },
        },
    }


def _spelled(rule: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The paths of a route: one for each word of a closed list, arguments in braces."""
    choices = [words.split(", ") for words in CHOICE.findall(rule)]
    for words in itertools.product(*choices):
        path = rule
        for word in words:
            path = CHOICE.sub(word, path, count=1)
        yield re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"{\1}", path), words


def _asked(endpoint: str, method: str, words: tuple[str, ...]) -> dict[str, Any]:
    """The query parameters of an operation with their schemas."""
    if endpoint not in ("own.listed", "supervision.listed"):
        return QUERIES.get((method, endpoint), {})
    narrowed = COLLECTIONS[words[0]].narrowed.items()
    told = {name: {"enum": list(some)} if some else {"type": "string"} for name, some in narrowed}
    return {**PAGED, **told, **(PARTY if endpoint == "supervision.listed" else {})}


def _operation(endpoint: str, method: str, path: str, asked: dict[str, Any]) -> dict[str, Any]:
    view = current_app.view_functions[endpoint]
    operation: dict[str, Any] = {
        "operationId": endpoint.replace(".", "_"),
        "summary": (view.__doc__ or "").strip().split("\n")[0],
        "responses": {"200": {"description": "Answered"}, "default": PROBLEM},
    }
    operation |= _secured(endpoint)
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]
    parameters += [
        {"name": name, "in": "query", "schema": schema} for name, schema in asked.items()
    ]
    if parameters:
        operation["parameters"] = parameters
    if path == "/v1/statements" and method == "POST":
        good = {code: {"description": text} for code, text in SUBMITTED.items()}
        bad = {code: {**_problem(text)} for code, text in REFUSED.items()}
        operation["responses"] = {**good, **bad, "default": PROBLEM}
        operation["requestBody"] = _json("Submission")
    elif path == "/v1/statements/bulk":
        lines = {"application/x-ndjson": {"schema": {"type": "string"}}}
        operation["requestBody"] = {"required": True, "content": lines}
    elif endpoint in BODIES:
        operation["requestBody"] = _json(BODIES[endpoint].__name__)
    elif endpoint == "drafts.put":
        operation["requestBody"] = _json("Submission")
    return operation


def _secured(endpoint: str) -> dict[str, Any]:
    """The circle of an operation, what it takes to be in it, and what others are told."""
    which = declared(current_app, endpoint)
    circle_of = {"x-circle": None if which is None else which.value}
    if which is Circle.PUBLIC:
        return {**circle_of, "security": [{}, *SIGNED_IN] if endpoint in READS_MORE else []}
    told = {code: _problem(text) for code, text in PRIVATE.items()}
    answers = {"200": {"description": "Answered"}, **told, "default": PROBLEM}
    return {**circle_of, "security": SIGNED_IN, "responses": answers}


def _json(name: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _problem(text: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {"application/problem+json": {"schema": schema}}}


def _submission() -> dict[str, Any]:
    signature = {
        "type": "object",
        "required": ["keyid", "sig"],
        "properties": {"keyid": {"type": "string"}, "sig": {"type": "string"}},
    }
    envelope = {
        "type": "object",
        "required": ["payload", "payloadType", "signatures"],
        "properties": {
            "payload": {"type": "string"},
            "payloadType": {"type": "string"},
            "signatures": {"type": "array", "items": signature},
        },
    }
    return {
        "type": "object",
        "required": ["envelope", "body"],
        "properties": {
            "envelope": envelope,
            "body": {"type": "object"},
            "attachments": {"type": "object"},
        },
    }


_PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "code", "params"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "params": {"type": "object"},
        "index": {"type": "integer"},
    },
}
