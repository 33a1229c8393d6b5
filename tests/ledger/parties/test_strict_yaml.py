"""Strict YAML: what plain YAML would guess stays text, and each trap is refused."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.parties import strict_yaml
from ledger.parties.errors import TextRefused


def test_scalars_stay_what_was_written() -> None:
    text = "a: 1.20\nb: 010\nc: no\nd: 2021-01-01\ne: 1_000\nf: 0x1F\ng: 12:30\nh: .inf"
    assert strict_yaml.read(text) == {
        "a": "1.20", "b": "010", "c": "no", "d": "2021-01-01",
        "e": "1_000", "f": "0x1F", "g": "12:30", "h": ".inf",
    }  # fmt: skip


def test_only_a_plain_null_is_nothing() -> None:
    text = 'a:\nb: null\nc: ~\nd: ""\ne: "null"\nf: "~"'
    read = strict_yaml.read(text)
    assert read == {"a": None, "b": None, "c": None, "d": "", "e": "null", "f": "~"}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_an_empty_text_is_nothing(text: str) -> None:
    assert strict_yaml.read(text) is None


def test_folded_and_literal_texts_are_read() -> None:
    assert strict_yaml.read("a: >-\n  one\n  two\nb: |\n  x\n  y\n") == {
        "a": "one two",
        "b": "x\ny\n",
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\na: 2", "yaml-duplicate-key"),
        ('a: 1\n"a": 2', "yaml-duplicate-key"),
        ("a: &x 1\nb: *x", "yaml-anchor"),
        ("a: &x [1]", "yaml-anchor"),
        ("*x", "yaml-anchor"),
        ("a: !!python/object:os.system 1", "yaml-tag"),
        ("!!str a", "yaml-tag"),
        ("[a]: 1", "yaml-key"),
        ("? {a: 1}\n: 2", "yaml-key"),
        ("null: 1", "yaml-key"),
        ("a: 1\n---\nb: 2", "yaml-documents"),
        ("[" * 14 + "]" * 14, "yaml-too-deep"),
        ("a: [", "yaml-malformed"),
        ("a: b: c", "yaml-malformed"),
        ("\tx: 1", "yaml-malformed"),
        ("%YAML 3.0\n---\na", "yaml-malformed"),
        ("a: x\u202ey", "text-hidden-character"),
        ("a: x\x00y", "text-hidden-character"),
        ("a: 1\r\nb: 2", "text-hidden-character"),
        ("\ufeffa: 1", "text-hidden-character"),
        ("a: e\u0301", "text-not-nfc"),
        ("a" * 4_000_001, "text-too-large"),
        ("中" * 1_400_000, "text-too-large"),
    ],
)
def test_each_trap_is_refused(text: str, code: str) -> None:
    with pytest.raises(TextRefused) as caught:
        strict_yaml.read(text)
    assert caught.value.code == code


def test_a_refusal_names_the_line() -> None:
    with pytest.raises(TextRefused) as caught:
        strict_yaml.read("a: 1\nb: 2\na: 3")
    assert caught.value.params == {"line": 3, "key": "a"}


def test_twelve_levels_are_read() -> None:
    strict_yaml.read("[" * 13 + "]" * 13)


texts = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)
trees = st.recursive(
    texts,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(texts, below, max_size=4),
    max_leaves=20,
)


@given(trees)
def test_json_is_read_as_it_is(tree: object) -> None:
    assert strict_yaml.read(json.dumps(tree)) == tree


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_by_type(text: str) -> None:
    with contextlib.suppress(TextRefused):
        strict_yaml.read(text)
