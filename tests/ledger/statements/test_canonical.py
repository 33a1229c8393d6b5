"""Strict JSON in, canonical JSON out."""

from __future__ import annotations

import json
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.statements.canonical import encode, parse
from ledger.statements.errors import Malformed
from tests.shared import SHARED, needs_shared

LIMIT = 2**53 - 1
TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["\x00", "\x1f", "\x7f", "\u2028\u2029", "\U0001f332", '"\\/', "\b\f\n\r\t", "\ufeff", "\uffff"]
)
KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LIMIT, LIMIT) | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=30,
)


class Word(StrEnum):
    A = "a"


class Figure(IntEnum):
    ONE = 1


@given(VALUES)
def test_bytes_are_those_of_rfc8785_and_come_back(value: Any) -> None:
    data = encode(value)
    assert data == rfc8785.dumps(value)
    assert parse(data) == value


@given(VALUES)
def test_any_spelling_of_a_value_parses_to_the_same_value(value: Any) -> None:
    assert parse(json.dumps(value, indent=1).encode()) == value


def test_an_example_worked_by_hand() -> None:
    value = {"b": [1, True, None], "a": "é\u2028\x7f\x1f", "A": -LIMIT, "w": Word.A}
    expected = '{"A":-9007199254740991,"a":"é\u2028\x7f\\u001f","b":[1,true,null],"w":"a"}'.encode()
    assert encode(value) == expected


@pytest.mark.parametrize(
    ("value", "code", "field"),
    [
        (1.0, "number-not-integer", None),
        ({"a": [0, 1.5]}, "number-not-integer", "/a/1"),
        ({"a": 2**53}, "integer-too-large", "/a"),
        (-(2**53), "integer-too-large", None),
        ({"é": 1}, "key-not-ascii", None),
        ({"a": {1: 1}}, "key-not-ascii", "/a"),
        ({"a/b": "\ud800"}, "lone-surrogate", "/a~1b"),
        ({"\x00": b"x"}, "type-unknown", "/\x00"),
        ({"a": {1, 2}}, "type-unknown", "/a"),
        (float("nan"), "number-not-integer", None),
        ({"汉": "汉"}, "key-not-ascii", None),
        ([{"a": "汉", "b": [{"é": 1}]}], "key-not-ascii", "/0/b/0"),
        ({Word.A: 1}, "key-not-ascii", None),  # a text, but of a class of its own
        ({"a": "\ud800汉"}, "lone-surrogate", "/a"),
        (["汉", 2**53], "integer-too-large", "/1"),
        ({"a": {"b": (1, [2.5])}}, "number-not-integer", "/a/b/1/0"),
        ({"a": Fraction(1, 2)}, "type-unknown", "/a"),
        ({"a": Figure.ONE}, "type-unknown", "/a"),
    ],
)
def test_what_the_domain_leaves_out_is_refused_by_name(
    value: Any, code: str, field: str | None
) -> None:
    with pytest.raises(Malformed) as caught:
        encode(value)
    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "json-invalid"),
        (b'{"a":1,"a":1}', "duplicate-key"),
        (b'{"a":1,"\\u0061":2}', "duplicate-key"),
        (b'{"b":{"a":1, "a":2}}', "duplicate-key"),
        (b"\xef\xbb\xbf1", "json-invalid"),
        ("1".encode("utf-16"), "json-invalid"),
        (b"NaN", "json-invalid"),
        (b"-Infinity", "json-invalid"),
        (b"1.0", "number-not-integer"),
        (b"1e2", "number-not-integer"),
        (b"9007199254740992", "integer-too-large"),
        (b'"\\ud800"', "json-invalid"),
        (b'"\xed\xa0\x80"', "json-invalid"),
        (b'{"\xc3\xa9":1}', "key-not-ascii"),
        (b"[" * 33 + b"]" * 33, "too-deep"),
        (b"[" * 100_000, "too-deep"),
        (b'{"a":' * 2000 + b"1" + b"}" * 2000, "too-deep"),
        (b'{"a":"' + b"[" * 33 + b'"', "json-invalid"),
        (b"[]," * 33, "json-invalid"),
        (b'{"a":' + b"[" * 1000 + b"]" * 1000 + b',"a":1}', "too-deep|duplicate-key"),
        (b"1" * 5000, "json-invalid"),
        (b" " * 1_000_001, "too-large"),
        (b"1 2", "json-invalid"),
    ],
)
def test_loose_json_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse(data)
    assert caught.value.code in code.split("|")


@pytest.mark.parametrize("depth", [33, 1000, 2000])
def test_the_limit_of_depth_is_named(depth: int) -> None:
    with pytest.raises(Malformed) as caught:
        parse(b"[" * depth + b"]" * depth)
    assert (caught.value.code, caught.value.params) == ("too-deep", {"limit": 32})


def test_depth_is_allowed_up_to_the_limit() -> None:
    assert parse(b"[" * 32 + b"]" * 32)
    with pytest.raises(Malformed):
        parse(b"[[1]]", max_depth=1)


@needs_shared
def test_the_json_test_suite_is_decided_without_a_crash() -> None:
    assert SHARED is not None
    files = sorted((SHARED / "vectors/JSONTestSuite/test_parsing").glob("*.json"))
    assert len(files) == 318
    taken = set()
    for file in files:
        try:
            parse(file.read_bytes())
        except Malformed:
            continue
        taken.add(file.name)
    assert not [name for name in taken if name.startswith("n_")]
    assert not [name for name in taken if name.startswith("i_")]
    assert len([name for name in taken if name.startswith("y_")]) > 60
