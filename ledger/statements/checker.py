"""A checker compiled from a marshmallow schema, for the hot path.

It gives the same verdict as loading with marshmallow (a differential test holds it) and
names the first broken field in declaration order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from marshmallow import RAISE, Schema, missing

from ledger.statements import fields
from ledger.statements.canonical import pointer
from ledger.statements.errors import Malformed

Check = Callable[[Any, str], None]
Rule = Callable[[Any], str | None] | None


def compile_schema(schema: type[Schema]) -> Check:
    """A function that raises Malformed(code, field) for a body the schema refuses.

    Raises TypeError for a schema with features that the compiled checks would not show.
    """
    declared = _declared(schema)
    names = frozenset(declared)
    plain = tuple((n, f.required, _rule(f), _told(f)) for n, f in declared.items())

    def check(value: Any, path: str) -> None:
        if type(value) is not dict:
            raise Malformed("not-an-object", path)
        seen = 0
        for name, required, (rule, inner), more in plain:
            if name in value:
                seen += 1
                if rule is None:
                    inner(value[name], f"{path}/{name}")
                else:
                    broken = rule(value[name])
                    if broken is not None:
                        raise Malformed(broken, f"{path}/{name}", **more)
            elif required:
                raise Malformed("field-missing", f"{path}/{name}")
        if len(value) != seen:
            raise Malformed("field-unknown", f"{path}/{pointer(min(set(value) - names))}")

    return check


def faults(schema: type[Schema], value: Any, path: str) -> Iterator[Malformed]:
    """Every fault of a body in declaration order, strangers last; the compiled check's is first.

    For a body that the check has refused: it is walked field by field.
    """
    if type(value) is not dict:
        yield Malformed("not-an-object", path)
        return
    declared = _declared(schema)
    for name, item in declared.items():
        if name in value:
            yield from _faults(item, value[name], f"{path}/{name}")
        elif item.required:
            yield Malformed("field-missing", f"{path}/{name}")
    for name in sorted(value.keys() - declared.keys()):
        yield Malformed("field-unknown", f"{path}/{pointer(name)}")


def _faults(item: Any, value: Any, path: str) -> Iterator[Malformed]:
    if isinstance(item, fields.Nested):
        yield from faults(type(item.schema), value, path)
    elif not isinstance(item, fields.ListOf):
        if (broken := item.rule(value)) is not None:
            yield Malformed(broken, path, **_told(item))
    elif type(value) is not list:
        yield Malformed("not-a-list", path)
    elif not item.low <= len(value) <= item.high:
        yield Malformed("items", path)
    else:
        for number, element in enumerate(value):
            yield from _faults(item.inner, element, f"{path}/{number}")


def _declared(schema: type[Schema]) -> dict[str, Any]:
    made = schema()
    if made.unknown != RAISE or any(schema._hooks.values()):
        raise TypeError(f"{schema.__name__}: unknown fields raise, and hooks are not compiled")
    return dict(made.fields)


def _rule(item: Any) -> tuple[Rule, Check]:
    """The field's rule where it stands alone, and its check where it holds others."""
    own = isinstance(item, fields.Strict | fields.ListOf | fields.Nested)
    odd = item.validators or item.allow_none or item.data_key or item.attribute or item.dump_only
    many = isinstance(item, fields.Nested) and (item.many or item.unknown or item.only)
    if not own or odd or many or item.load_default is not missing:
        raise TypeError(f"{item.name or type(item).__name__}: a feature that is not compiled")
    if isinstance(item, fields.ListOf):
        return None, _list(item)
    if isinstance(item, fields.Nested):
        return None, compile_schema(type(item.schema))
    return item.rule, _leaf(item)


def _leaf(item: Any) -> Check:
    rule, more = item.rule, _told(item)

    def check(value: Any, path: str) -> None:
        broken = rule(value)
        if broken is not None:
            raise Malformed(broken, path, **more)

    return check


def _told(item: Any) -> dict[str, Any]:
    """What a refusal tells beside its code: of a choice the words that are allowed."""
    return {"allowed": sorted(item.words)} if isinstance(item, fields.Enum) else {}


def _list(item: fields.ListOf) -> Check:
    low, high = item.low, item.high
    _, inner = _rule(item.inner)

    def check(value: Any, path: str) -> None:
        if type(value) is not list:
            raise Malformed("not-a-list", path)
        if not low <= len(value) <= high:
            raise Malformed("items", path)
        for number, element in enumerate(value):
            inner(element, f"{path}/{number}")

    return check
