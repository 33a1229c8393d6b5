"""Reading small JSON bodies: strict in form, checked by a schema that OpenAPI shows too."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import request
from marshmallow import Schema

from ledger.statements.canonical import parse
from ledger.statements.checker import Check, compile_schema
from portal.shell.answers import MEDIA_TYPE
from portal.shell.problems import Problem

BYTES_MAX = 10_000


@cache
def _checker(schema: type[Schema]) -> Check:
    return compile_schema(schema)


def body_of(schema: type[Schema]) -> dict[str, Any]:
    """The body of this request; raises Malformed naming the field, or Problem 415."""
    if request.mimetype not in (MEDIA_TYPE, ""):
        raise Problem(415, "media-type", allowed=MEDIA_TYPE)
    value = parse(request.get_data(), max_bytes=BYTES_MAX)
    _checker(schema)(value, "")
    checked: dict[str, Any] = value
    return checked
