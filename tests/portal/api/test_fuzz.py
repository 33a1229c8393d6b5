"""Whatever is asked, no route breaks, and none answers what the description does not know."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]
PARTS = 4
"""The routes are dealt out to so many tests, so that each ends well before its timeout."""
FEW, MANY = 4, 12
"""Tries for each route and mode: always the same few, and in `make test-faults` as many more."""
BOUNDS = settings(
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@schemathesis.serializer("application/x-ndjson")
def lines(context: Any, value: Any) -> bytes:
    """A generated value as what is posted: texts as they are, others as a line of JSON."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "surrogatepass")


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_breaks_a_route(app: Flask, mode: GenerationMode, part: int) -> None:
    try_all(app, mode, part, FEW)


@pytest.mark.faults
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_many_requests_break_no_route(app: Flask, mode: GenerationMode, part: int) -> None:
    try_all(app, mode, part, MANY)


def try_all(app: Flask, mode: GenerationMode, part: int, examples: int) -> None:
    """Ask every route of a part that often; what it answers must be as it is described."""
    api = schemathesis.openapi.from_wsgi("/openapi.json", app)
    tried = 0
    for found in islice(api.get_all_operations(), part, None, PARTS):
        operation = found.ok()

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(BOUNDS, max_examples=examples)
        def attempt(case: schemathesis.Case) -> None:
            nonlocal tried
            tried += 1
            case.call_and_validate(checks=CHECKS)

        attempt()
    assert tried > 100 * examples // (MANY * PARTS)


def test_an_undescribed_status_and_a_broken_route_are_found(app: Flask) -> None:
    planted = Flask("planted")
    answers = iter([500, 418])

    @planted.get("/openapi.json")
    def document() -> Any:
        responses = {"200": {"description": "well"}}
        paths = {"/x": {"get": {"responses": responses}}}
        return {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": paths}

    @planted.get("/x")
    def broken() -> Any:
        return "", next(answers)

    api = schemathesis.openapi.from_wsgi("/openapi.json", planted)
    case = api["/x"]["GET"].Case()
    with pytest.raises(FailureGroup, match="Server error"):
        case.call_and_validate(checks=[not_a_server_error])
    with pytest.raises(FailureGroup, match="Undocumented"):
        case.call_and_validate(checks=[status_code_conformance])
