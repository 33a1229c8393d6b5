"""Fields take one form and change nothing."""

from __future__ import annotations

import json
import random
import sys
import unicodedata
from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from ledger.statements import fields
from tests.shared import SHARED, needs_shared

LIMIT = 2**53 - 1
NOT_WHOLE: list[Any] = [
    "1_000",
    "１２",
    "٣",
    "1",
    1.0,
    1.9,
    True,
    False,
    None,
    [1],
    {},
    float("nan"),
]
NOT_TEXT: list[Any] = [None, 1, True, [], {}, b"a"]


@pytest.mark.parametrize("value", NOT_WHOLE)
@pytest.mark.parametrize("field", [fields.Quantity(), fields.PriceFen(), fields.Natural()])
def test_numbers_are_integers_only(field: fields.Strict, value: Any) -> None:
    assert field.rule(value) == "not-an-integer"


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (fields.Quantity(), [1, LIMIT], [0, -1, LIMIT + 1]),
        (fields.PriceFen(), [1], [0]),
        (fields.Natural(), [0, LIMIT], [-1, LIMIT + 1]),
        (fields.Whole(-5, 5), [-5, 0, 5], [-6, 6]),
    ],
)
def test_numbers_stay_in_range(field: fields.Whole, good: list[int], bad: list[int]) -> None:
    assert [field.rule(value) for value in good] == [None] * len(good)
    assert [field.rule(value) for value in bad] == ["out-of-range"] * len(bad)


NOT_DECIMAL = ["1e400", "１２.５", " 3 ", "1_0", "-0", "-0.00", "+1", "01", ".5", "1.", "", "1\n"]
FORMS: list[tuple[fields.Strict, list[Any], list[Any]]] = [
    (fields.Identifier(), ["A", "a-1_b.C", "x" * 40], ["", "-a", "a b", "ａ", "a\n", "x" * 41]),
    (fields.PartyId(), ["ab", "mill-1.cn"], ["a", "Mill", "a_b", "a" * 64, "ab\n", "١ab"]),
    (fields.Hex(2), ["00ff"], ["00FF", "00f", "00fff", "0x00", "00ff\n", "٠٠٠٠"]),
    (fields.Digest(), ["a" * 64], ["a" * 63, "A" * 64, "g" * 64]),
    (fields.Salt(), ["0" * 32], ["0" * 31, "0" * 33]),
    (fields.KeyText(), ["0" * 64], ["0" * 62]),
    (
        fields.DecimalText(),
        ["0", "-1", "12.50", "0.000000000001", "9" * 18, "-0.1"],
        [*NOT_DECIMAL, "9" * 19, "0." + "1" * 13],
    ),
    (fields.Date(), ["2024-02-29"], ["2023-02-29", "2024-W01-1", "20240229", "٢024-02-29"]),
    (fields.Instant(), ["2026-11-24T08:00:00.000Z"], ["2026-11-24T08:00:00", "2026-11-24"]),
    (fields.Enum(("a", "b")), ["a"], ["A", "", "c", "a "]),
    (fields.Flag(), [True, False], [0, 1, "true", None]),
    (fields.Attachments(), [{}, {"a": "b" * 64}], [{"a": "b"}, {"a": 1}, [], "a"]),
]


@pytest.mark.parametrize(("field", "good", "bad"), FORMS)
def test_forms_are_whole_and_ascii(field: fields.Strict, good: list[Any], bad: list[Any]) -> None:
    assert [value for value in good if field.rule(value)] == []
    assert [value for value in [*bad, None, 1.5, b"x"] if not field.rule(value)] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "length"),
        ("x" * 61, "length"),
        ("a\x00b", "hidden-character"),
        ("a\nb", "hidden-character"),
        ("a\x7f", "hidden-character"),
        ("a\u202eb", "hidden-character"),
        ("a\u2066b", "hidden-character"),
        ("a\u200bb", "hidden-character"),
        ("a\ufeffb", "hidden-character"),
        ("a\u2028b", "hidden-character"),
        ("a\ud800", "hidden-character"),
        ("a\ue000", "hidden-character"),
        ("e\u0301", "not-nfc"),
        ("\u212b", "not-nfc"),
        (" a", "edge-space"),
        ("a\u3000", "edge-space"),
        ("竹林碳汇 (一期)", None),
        ("é", None),
        ("x" * 60, None),
        ("🌲" * 60, None),
    ],
)
def test_text_shows_what_it_holds(text: str, code: str | None) -> None:
    assert fields.Text(max_length=60).rule(text) == code


def test_characters_are_hidden_by_their_category_alone(rng: random.Random) -> None:
    categories = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    every = [chr(code) for code in range(0x10000)]
    seen = [one for one in every if unicodedata.category(one) not in categories]
    hidden = sorted(set(every) - set(seen))
    text = fields.Text(max_length=len(every))
    assert text.rule("".join(seen)) == "not-nfc"
    beyond = [chr(rng.randrange(0xF0000, sys.maxunicode)) for _ in range(100)]  # private use
    for character in hidden[:300] + rng.sample(hidden, 1_000) + beyond:
        assert text.rule(f"a{character}b") == "hidden-character", hex(ord(character))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\n  b: 竹\n", None),
        ("", "length"),
        ("x" * 41, "length"),
        ("a\tb", "hidden-character"),
        ("a\r\nb", "hidden-character"),
        ("a\u2028b", "hidden-character"),
        ("a\u202eb", "hidden-character"),
        ("e\u0301", "not-nfc"),
        (1, "not-text"),
    ],
)
def test_a_script_has_lines_and_nothing_else_that_is_hidden(text: Any, code: str | None) -> None:
    assert fields.Script(max_length=40).rule(text) == code


@pytest.mark.parametrize("value", NOT_TEXT)
def test_text_is_text(value: Any) -> None:
    assert fields.Text(max_length=60).rule(value) == "not-text"


def test_marshmallow_loads_values_unchanged_and_answers_in_codes() -> None:
    class Line(Schema):
        quantity = fields.Quantity(required=True)
        names = fields.ListOf(fields.Identifier(), max_items=2)

    body = {"quantity": 1, "names": ["a"]}
    assert Line().load(body) == body
    assert Line().dump(body) == body
    with pytest.raises(ValidationError) as caught:
        Line().load({"quantity": "1", "names": ["a", "b", "c"]})
    assert caught.value.messages == {"quantity": ["not-an-integer"], "names": ["items"]}


@needs_shared
def test_naughty_strings_are_taken_unchanged_or_refused_by_code() -> None:
    assert SHARED is not None
    strings = json.loads((SHARED / "vectors/blns/blns.json").read_bytes())
    assert len(strings) == 515
    field = fields.Text(max_length=20_000)
    codes = {None: 0, "length": 0, "not-nfc": 0, "hidden-character": 0, "edge-space": 0}
    for text in strings:
        codes[field.rule(text)] += 1
    assert codes[None] > 400
