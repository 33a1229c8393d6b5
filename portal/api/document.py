"""The OpenAPI 3.1 document: every route below the machine's paths, from its declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from itertools import product
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from ledger.statements.types import Circle
from ledger.writer.engine import Engine
from portal.api import (
    answer_shapes,
    beside_shapes,
    examples,
    market_shapes,
    shapes,
    simulation_shapes,
    steps_shapes,
    supervision_shapes,
)
from portal.api.parameters import PATHS, QUERY, in_path
from portal.shell import circles
from portal.shell.operations import DECLARED, Operation
from portal.shell.pages import MACHINE_PATHS
from portal.shell.problems import MEDIA_TYPE as PROBLEM
from portal.shell.reader import SECURE_COOKIE

ALWAYS = (400, 406, 429, 500, 503)
PRIVATE = (401, 403, 404)
"""Nobody has signed in; not for this reader; not there, or not this reader's."""
READS_MORE = {"entries.read"}
"""Public routes that show more to those who have signed in."""
SIGNED_IN: list[dict[str, list[str]]] = [{"bearer": []}, {"cookie": []}]
SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": SECURE_COOKIE},
}
"""What any route may answer with: an unknown parameter, an unwanted type, a fault, no record."""
REASONS = {
    201: "Accepted: an entry of the log",
    304: "Unchanged since the validator that was sent",
    400: "Malformed, or asked with an unknown parameter",
    401: "A signature, key or session does not hold",
    403: "Not for this reader",
    404: "There is no such thing",
    406: "No answer of a type that is accepted",
    409: "What is there is another",
    413: "Too large",
    415: "A media type or coding that is not taken",
    410: "Erased",
    422: "Refused by the rules: an entry of the log",
    429: "Too many requests; see Retry-After",
    500: "A defect of the server",
    503: "The record cannot be read or written now; see Retry-After",
}
ANY_OF = re.compile(r"<any\(([^)]*)\):(\w+)>")
VARIABLE = re.compile(r"([^/]*)/<(?:[^<>:]+:)?(\w+)>")
SPOKEN = re.compile(r"{(\w+)}")


def describe(app: Flask, engine: Engine) -> dict[str, Any]:
    """The document."""
    paths: dict[str, Any] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
        if not rule.rule.startswith(MACHINE_PATHS):
            continue
        for path, name in _spelled(rule):
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"}):
                described = _operation(app, rule, path, name, method)
                paths.setdefault(path, {})[method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Qingzhang",
            "version": "1",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],  # where the document itself was had
        "paths": paths,
        "components": {
            "securitySchemes": SECURITY,
            "schemas": {
                **_bodies(engine),
                **shapes.schemas(),
                **market_shapes.schemas(),
                **answer_shapes.schemas(),
                **beside_shapes.schemas(),
                **simulation_shapes.schemas(),
                **steps_shapes.schemas(),
                **supervision_shapes.schemas(),
                **_union(engine),
            },
            "parameters": {name: {"name": name, **QUERY[name]} for name in QUERY},
            "examples": {"Submission": {"value": examples.submission(engine)}},
        },
    }


def _spelled(rule: Rule) -> Iterator[tuple[str, str]]:
    """A rule's paths: one for each of the collections that it serves."""
    choices = [
        [name.strip() for name in match[1].split(",")] for match in ANY_OF.finditer(rule.rule)
    ]
    for chosen in product(*choices):
        left = list(chosen)
        spelled = ANY_OF.sub(lambda _, left=left: left.pop(0), rule.rule)  # type: ignore[misc]  # bound now
        path = VARIABLE.sub(lambda m: f"{m[1]}/{{{in_path(m[1], m[2])}}}", spelled)
        yield path, "".join(chosen)


def _operation(app: Flask, rule: Rule, path: str, name: str, method: str) -> dict[str, Any]:
    view = app.view_functions[rule.endpoint]
    words = "_".join((rule.endpoint.replace(".", "_"), *([name] if name else [])))
    described: dict[str, Any] = {
        "operationId": words if method == "GET" else f"{words}_{method.lower()}",
        "summary": " ".join((view.__doc__ or "").strip().split("\n\n")[0].split()),
        "tags": [path.split("/")[2] if path.startswith("/v1/") else path.split("/")[1]],
    }
    stated: Operation | None = getattr(view, DECLARED, None)
    parameters = [{"name": text, **PATHS[text]} for text in SPOKEN.findall(path)]
    asked = (*(stated.asked(name) if stated else ()), "lang")
    parameters += [{"$ref": f"#/components/parameters/{text}"} for text in asked]
    needed = stated.needs if stated else ()
    parameters += [{"name": text, **QUERY[text], "required": True} for text in needed]
    described["parameters"] = parameters
    if stated is None:
        described["responses"] = {"200": {"description": "Answered"}, "default": _refusal(500)}
        return described
    circle = circles.declared(app, rule.endpoint)
    public = circle is Circle.PUBLIC
    described["x-circle"] = None if circle is None else circle.value
    described["security"] = SIGNED_IN
    if public:
        described["security"] = [{}, *SIGNED_IN] if rule.endpoint in READS_MORE else []
    statuses = (*stated.problems, *(() if public else PRIVATE))
    described["responses"] = _responses(replace(stated, problems=statuses), name)
    if stated.takes is not None:
        media, schema = stated.takes
        content: dict[str, Any] = {"schema": shapes.ref(schema)}
        if schema == "Submission":
            content["examples"] = {"signed": {"$ref": "#/components/examples/Submission"}}
        described["requestBody"] = {"required": True, "content": {media: content}}
    return described


def _responses(stated: Operation, name: str) -> dict[str, Any]:
    schema = shapes.ref((stated.gives or "Text").format(name=name))
    good: dict[str, Any] = {
        "description": "Answered",
        "content": {stated.media: {"schema": schema}},
    }
    if stated.kept:
        good["headers"] = {"ETag": {"schema": {"type": "string"}}}
    if (stated.gives or "").startswith("Page."):
        good.setdefault("headers", {})["Link"] = {
            "description": 'The next page, rel="next" (RFC 8288)',
            "schema": {"type": "string"},
        }
    found = {200: good}
    if stated.kept:
        found[304] = {"description": REASONS[304]}
    for status in (*ALWAYS, *stated.problems):
        found[status] = _refusal(status)
    for status, media, more in stated.more:
        content = {media: {"schema": shapes.ref(more)}}
        found[status] = {"description": _reason(status), "content": content}
    return {str(status): found[status] for status in sorted(found)}


def _refusal(status: int) -> dict[str, Any]:
    content = {PROBLEM: {"schema": shapes.ref("Problem")}}
    described: dict[str, Any] = {"description": _reason(status), "content": content}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        described["headers"] = {"Retry-After": {"schema": {"type": "integer", "minimum": 0}}}
    return described


def _reason(status: int) -> str:
    return REASONS.get(status) or HTTPStatus(status).description


def _bodies(engine: Engine) -> dict[str, Any]:
    """The body of each statement type, with an example of it."""
    found = {}
    for (name, version), declared in sorted(engine.types.items()):
        schema = {key: value for key, value in declared.json_schema().items() if key != "$schema"}
        schema["description"] = " ".join(schema["description"].split())
        if name in examples.bodies():
            schema["examples"] = [examples.bodies()[name]]
        found[f"{name}.v{version}"] = schema
    return found


def _union(engine: Engine) -> dict[str, Any]:
    names = [f"{name}.v{version}" for name, version in sorted(engine.types)]
    return {
        "Body": {
            "description": "What is stated: an object of the type that the payload names.",
            "anyOf": [shapes.ref(name) for name in names],
        }
    }
