"""One declaration per statement type: validation, JSON Schema and documentation from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import Any

from marshmallow import Schema
from marshmallow import fields as base

from ledger.statements import fields
from ledger.statements.canonical import pointer
from ledger.statements.checker import compile_schema, faults
from ledger.statements.errors import Malformed

FAULTS_MAX = 50
"""Of a body so many faults are told."""
_NAME = re.compile(r"[a-z][a-z0-9.-]{1,62}", re.ASCII)
UNKNOWN = Schema().error_messages["unknown"]
_BOUNDS = (
    "enum",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
)


class Circle(StrEnum):
    """Who may read a statement (DESIGN.md §3)."""

    PUBLIC = "public"
    PARTY = "party"
    CASE = "case"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class StatementType:
    """What may be stated, by which roles, with how many people, read by whom, kept how long.

    A confidential type's body always carries a random 128-bit ``salt``.  ``four_eyes`` holds
    where no dated parameter says otherwise; ``amount`` reads from a body what such a parameter
    goes by.  ``retention`` names how long a body is kept, ``attachments_kept`` how long its
    attachments are where that differs.  ``trades`` says that the act trades, which staff of the
    authorities and of verifiers may do for nobody (Order 31, Art. 37).  ``terms``, ``fees`` and
    ``rules`` are codes of dated parameters that say how long the act takes or runs, what it costs,
    and what may be stated; the guide shows them.
    """

    name: str
    version: int
    circle: Circle
    schema: type[Schema]
    decide: Callable[[Any, Mapping[str, Any]], None]
    signers: tuple[str, ...]
    four_eyes: bool
    retention: str
    engine_since: int = 1
    engine_until: int | None = None
    attachments: tuple[str, ...] = field(default=())
    attachments_kept: str | None = None
    amount: Callable[[Mapping[str, Any]], int] | None = None
    trades: bool = False
    terms: tuple[str, ...] = ()
    fees: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @cached_property
    def full_schema(self) -> type[Schema]:
        """The schema with the fields that the circle and the attachments add."""
        added: dict[str, Any] = {}
        if self.circle is not Circle.PUBLIC:
            added["salt"] = fields.Salt(required=True)
        if self.attachments:
            added["attachments"] = fields.Attachments()
        return type(self.schema.__name__, (self.schema,), added) if added else self.schema

    @cached_property
    def _checker(self) -> Callable[[Any, str], None]:
        return compile_schema(self.full_schema)

    def __post_init__(self) -> None:
        """Refuse a declaration that cannot hold; raises Malformed."""
        if self.version < 1 or not self.signers or not _NAME.fullmatch(self.name):
            raise Malformed("declaration", type=self.name, version=self.version)

    def check(self, body: Any) -> dict[str, Any]:
        """The body itself, or Malformed naming the first field at fault, its rule, and others."""
        try:
            self._checker(body, "/body")
        except Malformed as first:
            found = faults(self.full_schema, body, "/body")
            first.also = tuple(islice(found, 1, FAULTS_MAX))
            raise
        checked: dict[str, Any] = body
        odd = set(checked.get("attachments", ())) - set(self.attachments)
        if odd:
            raise Malformed("attachment-unknown", f"/body/attachments/{pointer(min(odd))}")
        return checked

    def faults(self, body: Mapping[str, Any]) -> list[Malformed]:
        """Every field of a body that is at fault, each with the first rule that it breaks.

        For those who fill in a form; `check` says as much as a sender needs, and sooner.
        """
        found = list(_broken(self.full_schema().validate(body), "/body"))
        if not found:
            try:
                self.check(body)
            except Malformed as error:
                found.append(error)
        return found

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema 2020-12 of the body."""
        head = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"{self.name} v{self.version}",
            "description": (self.schema.__doc__ or "").strip(),
        }
        return {**head, **object_schema(self.full_schema)}

    def fields_doc(self) -> list[dict[str, Any]]:
        """Rows ``{field, kind, required, bounds}`` for documentation, nested ones by path."""
        return rows(self.full_schema, "")


def _broken(errors: Any, path: str) -> Iterator[Malformed]:
    """The leaves of marshmallow's tree of messages, which are codes."""
    if isinstance(errors, Mapping):
        for name, below in errors.items():
            yield from _broken(below, f"{path}/{pointer(str(name))}")
    else:
        yield Malformed("field-unknown" if errors[0] == UNKNOWN else errors[0], path)


def rows(schema: type[Schema], path: str) -> list[dict[str, Any]]:
    """The fields of a schema, and behind each the fields below it."""
    found = []
    for name, item in schema().fields.items():
        place = f"{path}/{name}" if path else name
        found.append(_row(item, place))
        inner = item
        while isinstance(inner, fields.ListOf):
            inner, place = inner.inner, f"{place}/*"
        if isinstance(inner, base.Nested):
            found += rows(type(inner.schema), place)
    return found


def _row(item: Any, place: str) -> dict[str, Any]:
    wire = field_schema(item)
    bounds = {key: wire[key] for key in _BOUNDS if key in wire}
    return {
        "field": place,
        "kind": type(item).__name__,
        "required": item.required,
        "bounds": bounds,
    }


def object_schema(schema: type[Schema]) -> dict[str, Any]:
    """JSON Schema of an object."""
    declared = schema().fields
    return {
        "type": "object",
        "additionalProperties": False,
        "required": sorted(name for name, item in declared.items() if item.required),
        "properties": {name: field_schema(item) for name, item in sorted(declared.items())},
    }


def field_schema(item: Any) -> dict[str, Any]:
    """JSON Schema of one field."""
    if isinstance(item, fields.ListOf):
        return {
            "type": "array",
            "items": field_schema(item.inner),
            "minItems": item.low,
            "maxItems": item.high,
        }
    if isinstance(item, base.Nested):
        return object_schema(type(item.schema))
    return dict(item.json)
