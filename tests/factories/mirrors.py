"""Bodies of the mirror registrar's statements, all of one foreign batch unless told otherwise."""

from __future__ import annotations

from typing import Any

MIRROR = ("mirror-1",)
SCOPE = "GS1-1-GH-GS501-16-2023-900"
Body = dict[str, Any]


def project(**changes: Any) -> Body:
    """The body of mirror.project."""
    body = {"registry": "gold-standard", "project": "501", "origin": "listed", "name": "Stoves"}
    return {**body, **changes}


def batch(**changes: Any) -> Body:
    """The body of mirror.batch: 400 units."""
    body = {
        "registry": "gold-standard",
        "batch": SCOPE,
        "project": "501",
        "origin": "listed",
        "unit": "VER",
        "vintage_from": "2023",
        "vintage_to": "2023",
        "issued_at": "2025-01-07T08:09:10.123456",
        "quantity": 400,
    }
    return {name: value for name, value in {**body, **changes}.items() if value is not None}


def span(first: int, last: int, scope: str = SCOPE) -> Body:
    """A block of units."""
    serial = f"{scope}-{first}-{last}"
    quantity = last - first + 1
    return {"serial": serial, "scope": scope, "first": first, "last": last, "quantity": quantity}


def holding(first: int, last: int, **changes: Any) -> Body:
    """The body of mirror.block."""
    body = {"registry": "gold-standard", "batch": SCOPE, "block": span(first, last)}
    return {**body, **changes}


def retirement(first: int, last: int, **changes: Any) -> Body:
    """The body of mirror.retirement."""
    return {**holding(first, last), "retired_at": "2025-02-03", **changes}


def transaction(name: str, operation: str, *legs: list[Any]) -> Body:
    """The body of mirror.transaction between EU accounts."""
    return {
        "registry": "eutl",
        "transaction": name,
        "at": "2006-01-20T07:01:15.731",
        "zone": "unstated",
        "type": "10-0",
        "operation": operation,
        "legs": list(legs),
    }


def opening(*lines: list[Any]) -> Body:
    """The body of mirror.opening."""
    body = {"registry": "eutl", "extract_sha256": "0" * 64, "part": 1, "parts": 1}
    return {**body, "lines": list(lines)}
