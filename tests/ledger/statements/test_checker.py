"""The compiled checker gives the verdict of marshmallow."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import EXCLUDE, Schema, ValidationError, pre_load, validate
from marshmallow import fields as base

from ledger.statements import Malformed, fields
from ledger.statements.checker import compile_schema, faults


class Leaf(Schema):
    code = fields.Identifier(required=True)
    amount = fields.Quantity()


class Flat(Schema):
    party = fields.PartyId(required=True)
    quantity = fields.Quantity(required=True)
    price_fen = fields.PriceFen()
    day = fields.Date(required=True)
    note = fields.Text(max_length=8)


class Deep(Schema):
    leaf = fields.Nested(Leaf, required=True)
    leaves = fields.ListOf(fields.Nested(Leaf), max_items=3, min_items=1)
    words = fields.ListOf(fields.Enum(("a", "b")), max_items=2)
    table = fields.ListOf(fields.ListOf(fields.Natural(), max_items=2), max_items=2)


LEAF = {"code": "c", "amount": 1}
GOOD: list[tuple[type[Schema], dict[str, Any]]] = [
    (Leaf, LEAF),
    (Flat, {"party": "ab", "quantity": 1, "price_fen": 2, "day": "2026-11-24", "note": "林"}),
    (Deep, {"leaf": LEAF, "leaves": [LEAF, LEAF], "words": ["a"], "table": [[1], [2, 3]]}),
]
PLAIN: list[Any] = [None, True, 0, -1, 2**53, 1.5, "", "a", "１", "x" * 9, "2026-02-30"]
HELD: list[Any] = [[], [1], ["a"] * 4, {}, {"code": "c"}, {"code": "c", "more": 1}, [[]]]
ODD = st.sampled_from([*PLAIN, *HELD, [{"code": "c"}], [[1, 2, 3]]])
CHECKS = {schema: compile_schema(schema) for schema, _ in GOOD}


def verdict(schema: type[Schema], body: Any) -> str | None:
    """The field that the compiled checker names, or None."""
    try:
        CHECKS[schema](body, "")
    except Malformed as error:
        return error.field or ""
    return None


def oracle(schema: type[Schema], body: Any) -> str | None:
    """The first field at fault as marshmallow has it: declared ones first, then strangers."""
    try:
        assert schema().load(body) == body
    except ValidationError as error:
        return first(schema().fields, error.messages)
    return None


def first(declared: dict[str, Any], messages: Any) -> str:
    if not isinstance(messages, dict) or "_schema" in messages:
        return ""
    names = [*(name for name in declared if name in messages), *sorted(messages, key=str)]
    name = names[0]
    inner = declared.get(name)
    return f"/{name}{below(inner, messages[name])}"


def below(inner: Any, messages: Any) -> str:
    if not isinstance(messages, dict):
        return ""
    if isinstance(inner, fields.ListOf):
        number = min(messages)
        return f"/{number}{below(inner.inner, messages[number])}"
    if isinstance(inner, fields.Nested):
        return first(inner.schema.fields, messages)
    return ""


@st.composite
def mutated(draw: st.DrawFn) -> tuple[type[Schema], Any]:
    schema, good = draw(st.sampled_from(GOOD))
    return schema, change(draw, good)


def change(draw: st.DrawFn, value: Any) -> Any:
    act = draw(st.sampled_from(["keep", "keep", "inside", "inside", "replace", "drop", "add"]))
    if act == "replace":
        return draw(ODD)
    if isinstance(value, dict) and value:
        name = draw(st.sampled_from(sorted(value)))
        if act == "drop":
            return {k: v for k, v in value.items() if k != name}
        if act == "add":
            return {**value, draw(st.sampled_from(["more", "party", "code"])): draw(ODD)}
        if act == "inside":
            return {**value, name: change(draw, value[name])}
    if isinstance(value, list) and value and act == "inside":
        return [change(draw, item) for item in value]
    return value


@given(mutated())
def test_verdict_and_first_field_are_those_of_marshmallow(case: tuple[type[Schema], Any]) -> None:
    schema, body = case
    assert verdict(schema, body) == oracle(schema, body)


def every(messages: Any, place: str = "") -> set[str]:
    """Every field at fault as marshmallow has it."""
    if not isinstance(messages, dict) or "_schema" in messages:
        return {place}
    return {p for name, inner in messages.items() for p in every(inner, f"{place}/{name}")}


@given(mutated())
def test_all_faults_are_those_of_marshmallow_and_the_checks_comes_first(
    case: tuple[type[Schema], Any],
) -> None:
    schema, body = case
    found = [fault.field or "" for fault in faults(schema, body, "")]
    assert (found or [None])[0] == verdict(schema, body)
    try:
        schema().load(body)
        wanted = set()
    except ValidationError as error:
        wanted = every(error.messages)
    assert (set(found), len(found)) == (wanted, len(wanted))


@pytest.mark.parametrize(("schema", "body"), GOOD)
def test_good_bodies_pass(schema: type[Schema], body: Any) -> None:
    assert verdict(schema, body) is None


def test_features_that_are_not_compiled_are_refused() -> None:
    class Loose(Schema):
        class Meta:
            unknown = EXCLUDE

    class Hooked(Schema):
        @pre_load
        def change(self, data: Any, **kwargs: Any) -> Any:
            return data

    strange = [
        base.Integer(),
        fields.Natural(allow_none=True),
        fields.Natural(load_default=1),
        fields.Natural(data_key="other"),
        fields.Natural(validate=validate.Range(0, 1)),
        fields.ListOf(base.String(), max_items=1),
        fields.Nested(Leaf, many=True),
        fields.Nested(Leaf, unknown=EXCLUDE),
    ]
    schemas: list[Any] = [Loose, Hooked, *(Schema.from_dict({"field": field}) for field in strange)]
    for schema in schemas:
        with pytest.raises(TypeError):
            compile_schema(schema)


def test_a_word_that_is_none_of_a_choice_is_told_those_that_are() -> None:
    class Choosing(Schema):
        word = fields.Enum(("yes", "no"), required=True)
        words = fields.ListOf(fields.Enum(("b", "a")), max_items=2)

    check = compile_schema(Choosing)
    for body, field, allowed in (
        ({"word": "maybe"}, "/word", ["no", "yes"]),
        ({"word": "no", "words": ["a", "c"]}, "/words/1", ["a", "b"]),
    ):
        with pytest.raises(Malformed) as caught:
            check(body, "")
        assert (caught.value.field, caught.value.params) == (field, {"allowed": allowed})
        (first,) = faults(Choosing, body, "")
        assert (first.field, first.params) == (field, {"allowed": allowed})
