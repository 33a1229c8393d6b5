"""The API in OpenAPI 3.1, made from the routes and the declared statement types."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, current_app

from ledger.statements.types import Circle
from ledger.writer.engine import Engine
from portal.shell.answers import json_resource
from portal.shell.circles import circle
from portal.shell.current import ledger

DOOR = Blueprint("openapi", __name__)
DESCRIBED = ("/v1/", "/log/", "/healthz", "/readyz", "/metrics", "/openapi.json")
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
            path = re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"{\1}", rule.rule)
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                operation = _operation(rule.endpoint, method, path)
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
            "schemas": {**bodies, "Problem": _PROBLEM_SCHEMA, "Submission": _submission()},
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


def _operation(endpoint: str, method: str, path: str) -> dict[str, Any]:
    view = current_app.view_functions[endpoint]
    operation: dict[str, Any] = {
        "operationId": endpoint.replace(".", "_"),
        "summary": (view.__doc__ or "").strip().split("\n")[0],
        "responses": {"200": {"description": "Answered"}, "default": PROBLEM},
    }
    names = re.findall(r"{(\w+)}", path)
    if names:
        operation["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in names
        ]
    if path == "/v1/statements" and method == "POST":
        good = {code: {"description": text} for code, text in SUBMITTED.items()}
        bad = {code: {**_problem(text)} for code, text in REFUSED.items()}
        operation["responses"] = {**good, **bad, "default": PROBLEM}
        schema = {"$ref": "#/components/schemas/Submission"}
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    elif path == "/v1/statements/bulk":
        lines = {"application/x-ndjson": {"schema": {"type": "string"}}}
        operation["requestBody"] = {"required": True, "content": lines}
    return operation


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
