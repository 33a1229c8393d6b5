"""The language of rules: what reads to what, and everything outside it refused."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.rules import syntax
from incentives.rules.errors import ExpressionRefused
from incentives.rules.syntax import parse


def refusal(text: str) -> ExpressionRefused:
    with pytest.raises(ExpressionRefused) as caught:
        parse(text)
    return caught.value


def test_numbers_are_what_they_say() -> None:
    assert parse("0.7") == syntax.Number("0.7", Fraction(7, 10))
    assert parse("0.100000000000000005551115123126") != parse("0.1")


def test_parts_keep_their_own_words() -> None:
    tree = parse("(a + 1) * 2")
    assert isinstance(tree, syntax.Arithmetic)
    assert (tree.text, tree.op, tree.left.text, tree.right.text) == (
        "(a + 1) * 2",
        "*",
        "a + 1",
        "2",
    )


def test_words_behind_chinese_texts_are_cut_right() -> None:
    tree = parse("'中文' == kind and ratio < 0.7")
    assert isinstance(tree, syntax.Junction)
    assert [p.text for p in tree.parts] == ["'中文' == kind", "ratio < 0.7"]


def test_a_chain_of_comparisons_is_a_pair_of_them() -> None:
    tree = parse("0 < a <= 1")
    assert isinstance(tree, syntax.Junction)
    assert [p.text for p in tree.parts] == ["0 < a", "a <= 1"]


def test_a_fold_names_its_list_and_condition() -> None:
    tree = parse("sum(tax for row in rows if taxed)")
    assert isinstance(tree, syntax.Fold)
    assert (tree.function, tree.rows, tree.value.text) == ("sum", "rows", "tax")
    assert tree.where == syntax.Name("taxed")


@pytest.mark.parametrize(
    "text",
    [
        "a.b", "a[0]", "a['b']", "lambda: a", "a ** 2", "a // 2", "a % 2", "a @ b", "a | b", "~a",
        "+a", "[a]", "(a, b)", "()", "{a}", "{'a': 1}", "[x for x in a]", "{x for x in a}",
        "(x for x in a)", "f(*a)", "f(**a)", "f(a=1)", "a.f(1)", "f()(1)", "(f)(x for x in a.b)",
        "sum(x for x in a for y in b)", "sum(x for x in a if b if c)", "sum(x for x, y in a)",
        "sum(x for x in f(a))", "sum(x async for x in a)", "a is b", "a is not b", "None", "...",
        "b'a'", "f'a'", "f'{a}'", "'''a'''", "1j", "1e3", "1.", ".5", "0x10", "1_000", "00",
        "a := 1", "(a := 1)", "await a", "yield", "'a' 'b'", "A", "_a", "__import__('os')",
        "ａ", "1or a", "0if a else 1", "a" * 41, "x" + "9" * 40,
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")
def test_what_is_not_in_the_language_is_refused(text: str) -> None:
    assert refusal(text).code in {"expression-not-allowed", "expression-malformed"}


@pytest.mark.parametrize(
    "text",
    ["", " ", " a", "a ", "a\n", "a\nb", "a;b", "a b", "(a", "a)", "'a", "a\\b", "'\\x41'", "a\0",
     "# a", "import os", "a = 1", "if a: b", "\u3000a", "a\u202e", "(" * 300, "-" * 900,
     "not " * 240 + "a"],
)  # fmt: skip
def test_what_is_no_expression_is_refused(text: str) -> None:
    assert refusal(text).code in {"expression-malformed", "expression-too-deep"}


def test_a_refusal_names_the_part() -> None:
    assert refusal("1 + a.b * 2").params == {"expression": "1 + a.b * 2", "part": "a.b"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a + " * 300 + "a", "expression-too-long"),
        (" + ".join("a" * 150), "expression-too-deep"),
        ("-" * 21 + "a", "expression-too-deep"),
        ("max(" + ", ".join("a" * 200) + ")", "expression-too-large"),
    ],
)
def test_size_and_depth_are_bounded(text: str, code: str) -> None:
    assert refusal(text).code == code


def test_the_bounds_themselves_are_allowed() -> None:
    parse("-" * 20 + "a")
    parse("max(" + ", ".join("a" * 199) + ")")


words = st.sampled_from(
    ["a", "b1", "1", "0.5", "'t'", "+", "-", "*", "/", "<", "<=", "==", "in", "not", "and", "or",
     "if", "else", "(", ")", "sum", "for", ",", ".", "[", "]", "True", "lambda", ":", "**", "is"]
)  # fmt: skip


@given(st.lists(words, max_size=14).map(" ".join))
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_any_words_are_read_or_refused_by_type(text: str) -> None:
    with suppress(ExpressionRefused):
        assert parse(text).text is not None


@given(st.text(max_size=30))
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_any_text_is_read_or_refused_by_type(text: str) -> None:
    with suppress(ExpressionRefused):
        parse(text)
