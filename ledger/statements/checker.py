"""A checker compiled from a marshmallow schema, for the hot path.

It gives the same verdict as loading with marshmallow (a differential test holds it) and
names the first broken field in declaration order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import Schema
from marshmallow import fields as base

from ledger.statements import fields
from ledger.statements.errors import Malformed

Check = Callable[[Any, str], None]


def compile_schema(schema: type[Schema]) -> Check:
    """A function that raises Malformed(code, field) for a body the schema refuses."""
    declared = schema().fields
    names = frozenset(declared)
    checks = tuple((name, item.required, _compile(item)) for name, item in declared.items())

    def check(value: Any, path: str) -> None:
        if type(value) is not dict:
            raise Malformed("not-an-object", path)
        for name, required, inner in checks:
            if name in value:
                inner(value[name], f"{path}/{name}")
            elif required:
                raise Malformed("field-missing", f"{path}/{name}")
        if len(value) > len(names) or not names.issuperset(value):
            raise Malformed("field-unknown", f"{path}/{min(set(value) - names)}")

    return check


def _compile(item: Any) -> Check:
    if isinstance(item, fields.ListOf):
        return _list(item)
    if isinstance(item, base.Nested):
        return compile_schema(type(item.schema))
    rule = item.rule

    def check(value: Any, path: str) -> None:
        broken = rule(value)
        if broken is not None:
            raise Malformed(broken, path)

    return check


def _list(item: fields.ListOf) -> Check:
    inner = _compile(item.inner)

    def check(value: Any, path: str) -> None:
        if type(value) is not list:
            raise Malformed("not-a-list", path)
        if not item.low <= len(value) <= item.high:
            raise Malformed("items", path)
        for number, element in enumerate(value):
            inner(element, f"{path}/{number}")

    return check
