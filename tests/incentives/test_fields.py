"""Fields of a tree: every question with what it must refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest

from incentives.errors import PolicyError
from incentives.fields import Fields


def fields(**tree: object) -> Fields:
    return Fields(tree, "top", None, PolicyError)


def test_fields_are_given_as_asked() -> None:
    found = fields(a="text", b="0.5", c="true", d="2024-02-29", e={"x": "1"}, f=["p", "q"], g=False)
    assert found.text("a") == "text"
    assert found.number("b") == Fraction(1, 2)
    assert (found.flag("c"), found.flag("g")) == (True, False)
    assert found.day("d") == date(2024, 2, 29)
    assert found.below("e").number("x") == 1
    assert found.texts("f") == ("p", "q")
    assert found.choice("a", ("other", "text")) == "text"
    assert found.matching("a", re.compile("[a-z]+")) == "text"


def test_what_is_not_there_is_empty_where_it_may_be() -> None:
    found = fields(a=None)
    assert (found.optional("a"), found.optional_day("b"), found.has("a")) == (None, None, False)
    assert (found.below("a").names(), found.entries("b"), found.texts("a")) == ((), (), ())


Question = Callable[[Fields], object]


@pytest.mark.parametrize(
    ("value", "question", "code"),
    [
        (None, lambda f: f.text("a"), "field-missing"),
        (1, lambda f: f.text("a"), "field-type"),
        (" ", lambda f: f.text("a"), "text-empty"),
        ("abc", lambda f: f.text("a", 2), "text-too-long"),
        ("abc", lambda f: f.matching("a", re.compile("[0-9]")), "text-malformed"),
        ("abc", lambda f: f.choice("a", ("x", "y")), "choice-unknown"),
        ("1,5", lambda f: f.number("a"), "number-malformed"),
        (1.5, lambda f: f.number("a"), "number-malformed"),
        ("yes", lambda f: f.flag("a"), "flag-malformed"),
        (1, lambda f: f.flag("a"), "flag-malformed"),
        ("2023-02-29", lambda f: f.day("a"), "date-malformed"),
        ("2023-2-1", lambda f: f.day("a"), "date-malformed"),
        ("20230201", lambda f: f.optional_day("a"), "date-malformed"),
        ([], lambda f: f.below("a"), "field-type"),
        ("abc", lambda f: f.entries("a"), "field-type"),
        ({}, lambda f: f.entries("a"), "field-type"),
    ],
)
def test_what_is_not_as_asked_is_refused(value: object, question: Question, code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        question(fields(a=value))
    assert (caught.value.code, caught.value.params["field"]) == (code, "top.a")


@pytest.mark.parametrize(
    ("value", "place"), [(["x", "x"], 1), (["x", ""], 1), ([1], 0), ([None], 0)]
)
def test_lists_of_texts_hold_each_once(value: object, place: int) -> None:
    with pytest.raises(PolicyError) as caught:
        fields(a=value).texts("a")
    assert caught.value.params["field"] == f"top.a[{place}]"


def test_what_was_not_asked_for_is_refused() -> None:
    with pytest.raises(PolicyError) as caught:
        Fields({"a": 1, "b": 2}, "", ("a",), PolicyError)
    assert (caught.value.code, caught.value.params["field"]) == ("field-unknown", "b")
    with pytest.raises(PolicyError, match="field-unknown"):
        Fields({1: 1}, "", None, PolicyError)
    with pytest.raises(PolicyError, match="field-type"):
        Fields(["a"], "", None, PolicyError)


def test_entries_of_a_list_know_their_path() -> None:
    found = list(fields(a=[{"x": "1"}, {"x": "2"}]).each("a", ("x",)))
    assert [(f.path, f.text("x")) for f in found] == [("top.a[0]", "1"), ("top.a[1]", "2")]
    with pytest.raises(PolicyError) as caught:
        list(fields(a=[{"x": "1"}, 5]).each("a"))
    assert caught.value.params["field"] == "top.a[1]"
