"""One declaration gives validation, JSON Schema and documentation."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from marshmallow import Schema

from ledger.statements import Circle, Malformed, StatementType, fields


class Part(Schema):
    """A part."""

    year = fields.Whole(2000, 2100, required=True)


class Whole(Schema):
    """What is stated."""

    name = fields.Text(max_length=5, required=True)
    kind = fields.Enum(("a", "b"), required=True)
    day = fields.Date()
    parts = fields.ListOf(fields.Nested(Part), max_items=2, min_items=1, required=True)


def declare(circle: Circle = Circle.PUBLIC, **more: Any) -> StatementType:
    values = {"name": "test.whole", "version": 1, "signers": ("registrar",), **more}
    return StatementType(
        circle=circle,
        schema=Whole,
        decide=lambda context, body: None,
        four_eyes=False,
        retention="permanent",
        **values,
    )


GOOD: dict[str, Any] = {"name": "x", "kind": "a", "parts": [{"year": 2026}]}


def test_check_hands_the_body_back() -> None:
    assert declare().check(GOOD) is GOOD


@pytest.mark.parametrize("circle", [c for c in Circle if c is not Circle.PUBLIC])
def test_confidential_types_demand_a_salt(circle: Circle) -> None:
    with pytest.raises(Malformed) as caught:
        declare(circle).check(GOOD)
    assert (caught.value.code, caught.value.field) == ("field-missing", "/body/salt")
    assert declare(circle).check({**GOOD, "salt": "0" * 32})
    assert "salt" in declare(circle).json_schema()["required"]


def test_public_types_refuse_a_salt() -> None:
    with pytest.raises(Malformed, match="field-unknown"):
        declare().check({**GOOD, "salt": "0" * 32})


def test_only_declared_attachments_are_stated() -> None:
    declared = declare(attachments=("paper",))
    assert declared.check({**GOOD, "attachments": {"paper": "0" * 64}})
    with pytest.raises(Malformed) as caught:
        declared.check({**GOOD, "attachments": {"photo": "0" * 64}})
    assert caught.value.field == "/body/attachments/photo"
    with pytest.raises(Malformed, match="field-unknown"):
        declare().check({**GOOD, "attachments": {}})


ODD = {**GOOD, "attachments": {"other": "0" * 64}}


@pytest.mark.parametrize("more", [{"version": 0}, {"signers": ()}, {"name": "Bad Name"}])
def test_a_declaration_that_cannot_hold_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="declaration"):
        declare(**more)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"name": 1}, "/body/name", "not-text"),
        ({"parts": []}, "/body/parts", "items"),
        ({"parts": [{"year": 2026}] * 3}, "/body/parts", "items"),
        ({"parts": [{"year": 2026}, {"year": 1}]}, "/body/parts/1/year", "out-of-range"),
        ({"parts": [{"year": 2026, "x": 1}]}, "/body/parts/0/x", "field-unknown"),
        ({"parts": [5]}, "/body/parts/0", "not-an-object"),
        ({"parts": {}}, "/body/parts", "not-a-list"),
        ({"kind": None}, "/body/kind", "not-one-of"),
        ({"a/b": 1}, "/body/a~1b", "field-unknown"),
    ],
)
def test_check_and_json_schema_refuse_alike(change: dict[str, Any], field: str, code: str) -> None:
    body = {**GOOD, **change}
    with pytest.raises(Malformed) as caught:
        declare().check(body)
    assert (caught.value.field, caught.value.code) == (field, code)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(body, declare().json_schema())

    # Where nothing is there, the list of all faults says so and not what it is not.
    told = "field-missing" if None in change.values() else code
    assert [(fault.field, fault.code) for fault in declare().faults(body)] == [(field, told)]


def test_every_field_at_fault_is_told() -> None:
    body = {"name": 1, "parts": [{"year": 2026}, {"year": 1}, {}], "kind": "none"}
    found = [(fault.field, fault.code) for fault in declare().faults({**GOOD, **body, "x": 1})]
    assert found[0] == ("/body/name", "not-text")
    assert ("/body/kind", "not-one-of") in found
    assert ("/body/x", "field-unknown") in found
    assert declare().faults(GOOD) == []
    assert [f.field for f in declare(attachments=("paper",)).faults(ODD)] == [
        "/body/attachments/other"
    ]


def test_json_schema_is_of_the_2020_12_dialect() -> None:
    wire = declare(Circle.PARTY, attachments=("paper",)).json_schema()
    jsonschema.Draft202012Validator.check_schema(wire)
    body = {**GOOD, "day": "2026-11-24", "salt": "0" * 32, "attachments": {"paper": "0" * 64}}
    jsonschema.Draft202012Validator(wire).validate(body)
    assert wire["title"] == "test.whole v1"
    assert wire["description"] == "What is stated."


def test_documentation_lists_every_field_with_its_bounds() -> None:
    rows = {row["field"]: row for row in declare().fields_doc()}
    assert list(rows) == ["name", "kind", "day", "parts", "parts/*/year"]
    assert rows["name"]["bounds"] == {"minLength": 1, "maxLength": 5}
    assert rows["parts/*/year"]["bounds"] == {"minimum": 2000, "maximum": 2100}
    assert not rows["day"]["required"]
