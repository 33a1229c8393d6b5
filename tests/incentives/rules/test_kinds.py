"""Kinds: every construction with what it must refuse before a rule is ever put to use."""

from __future__ import annotations

import pytest

from incentives.rules.errors import ExpressionRefused
from incentives.rules.kinds import Kind, Scope, kind
from incentives.rules.syntax import parse

SCOPE = Scope(
    {"n": "number", "m": "number", "t": "text", "f": "flag"},
    {"rows": {"x": "number", "k": "text", "g": "flag"}},
    {"table": 2},
    frozenset({"metals"}),
)
ITEM = SCOPE.of_item("rows")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", "number"),
        ("'a'", "text"),
        ("True", "flag"),
        ("n + m * 2 - n / 3", "number"),
        ("-n", "number"),
        ("not f", "flag"),
        ("n < m <= 3", "flag"),
        ("t == 'a' and f != True", "flag"),
        ("t in metals or t not in metals", "flag"),
        ("t if f else 'b'", "text"),
        ("min(n, m, 0)", "number"),
        ("floor(n) + ceil(m) + abs(n)", "number"),
        ("lookup(table, 'air', t)", "number"),
        ("given(t) and given(n)", "flag"),
        ("sum(x * n for row in rows if g)", "number"),
        ("count(g for row in rows)", "number"),
        ("any(k == 'a' for row in rows)", "flag"),
        ("all(g for row in rows)", "flag"),
        ("min(x for row in rows) + max(x for row in rows)", "number"),
        ("sum(position(x, k) for row in rows)", "number"),
    ],
)
def test_kinds_are_told(text: str, found: Kind) -> None:
    assert kind(parse(text), SCOPE) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x", "name-unknown"),
        ("rows", "name-unknown"),
        ("table", "name-unknown"),
        ("metals", "name-unknown"),
        ("row", "name-unknown"),
        ("t + 1", "kind-mismatch"),
        ("1 + f", "kind-mismatch"),
        ("-t", "kind-mismatch"),
        ("not n", "kind-mismatch"),
        ("f and n", "kind-mismatch"),
        ("t < 'a'", "kind-mismatch"),
        ("n == t", "kind-mismatch"),
        ("n < f", "kind-mismatch"),
        ("n in metals", "kind-mismatch"),
        ("t in table", "name-unknown"),
        ("t in 'abc'", "name-unknown"),
        ("t if n else t", "kind-mismatch"),
        ("t if f else 1", "kind-mismatch"),
        ("min(n)", "arguments-wrong"),
        ("abs(n, m)", "arguments-wrong"),
        ("abs(t)", "kind-mismatch"),
        ("lookup()", "name-unknown"),
        ("lookup(metals, t)", "name-unknown"),
        ("lookup(table, t)", "arguments-wrong"),
        ("lookup(table, t, n)", "kind-mismatch"),
        ("given(1)", "arguments-wrong"),
        ("given(n, m)", "arguments-wrong"),
        ("given(x)", "name-unknown"),
        ("eval('1')", "function-unknown"),
        ("sum(n)", "function-unknown"),
        ("abs(x for row in rows)", "function-unknown"),
        ("sum(x for row in table)", "name-unknown"),
        ("sum(g for row in rows)", "kind-mismatch"),
        ("any(x for row in rows)", "kind-mismatch"),
        ("sum(x for row in rows if x)", "kind-mismatch"),
        ("sum(sum(x for r in rows) for row in rows)", "fold-nested"),
        ("position(n, t)", "window-without-item"),
        ("members(t)", "window-without-item"),
    ],
)
def test_what_does_not_fit_is_refused(text: str, code: str) -> None:
    with pytest.raises(ExpressionRefused) as caught:
        kind(parse(text), SCOPE)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("position(x)", "arguments-wrong"),
        ("position(k, k)", "kind-mismatch"),
        ("position(x, x)", "kind-mismatch"),
        ("members()", "arguments-wrong"),
        ("members(x)", "kind-mismatch"),
        ("sum(x for row in rows)", "fold-nested"),
    ],
)
def test_what_does_not_fit_an_item_is_refused(text: str, code: str) -> None:
    with pytest.raises(ExpressionRefused) as caught:
        kind(parse(text), ITEM)
    assert caught.value.code == code


def test_an_unknown_function_is_told_what_is_known() -> None:
    with pytest.raises(ExpressionRefused) as caught:
        kind(parse("open(1)"), SCOPE)
    known = caught.value.params["known"]
    assert isinstance(known, tuple)
    assert {"sum", "lookup", "position"} <= set(known)
