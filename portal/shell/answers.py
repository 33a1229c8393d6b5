"""JSON answers with validators: ETag over the bytes, conditional requests answered 304."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from flask import Response, request

MEDIA_TYPE = "application/json"
IMMUTABLE = "public, max-age=31536000, immutable"


def tagged(response: Response) -> Response:
    """Set a strong ETag from the content and honour If-None-Match."""
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)
    return response


def json_answer(value: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer that must not be stored."""
    response = Response(
        orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS), status, mimetype=MEDIA_TYPE
    )
    response.headers["Cache-Control"] = "no-store"
    for name, text in headers.items():
        response.headers[name.replace("_", "-")] = text
    return response


def json_resource(value: Any) -> Response:
    """A JSON answer to a read: revalidated at each use."""
    response = Response(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS), mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-cache"
    return tagged(response)
