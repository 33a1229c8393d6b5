"""Evaluation: exact values, what is absent, distances, and the trace of it all."""

from __future__ import annotations

from fractions import Fraction

import pytest

from incentives.rules.errors import RuleFault
from incentives.rules.evaluate import Evaluation, World
from incentives.rules.syntax import parse
from incentives.rules.trace import Trace
from incentives.rules.values import Absent, Table, Value, missing, not_in_force

F = Fraction
LOST = missing("lost")
REPEALED = not_in_force("repealed")


def world() -> World:
    return World(
        {"a": F(3), "b": F(1, 3), "t": "x", "yes": True, "no": False, "lost": LOST,
         "gone": LOST, "repealed": REPEALED},
        {
            "rows": [
                {"v": F(5), "k": "p", "ok": True},
                {"v": F(7), "k": "p", "ok": False},
                {"v": F(7), "k": "p", "ok": True},
                {"v": F(1), "k": "q", "ok": True},
            ],
            "none": [],
            "unsaid": missing("unsaid"),
            "holes": [
                {"v": F(5), "k": "p", "ok": LOST},
                {"v": LOST, "k": "p", "ok": False},
                {"v": F(1), "k": "q", "ok": True},
            ],
            "keyless": [{"v": F(1), "k": LOST, "ok": True}, {"v": F(2), "k": "p", "ok": True}],
        },
        {"metals": frozenset({"x", "y"}), "old": REPEALED},
        {"table": Table("table", {("x",): F(2), ("z",): not_in_force("table[z]")})},
    )  # fmt: skip


def value(text: str, rows: str | None = None, place: int | None = None) -> Value:
    return Evaluation(world(), rows, place).trace(parse(text)).value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0.1 + 0.2", F(3, 10)),
        ("a * b", F(1)),
        ("a / 7", F(3, 7)),
        ("-a - b", F(-10, 3)),
        ("0.1 + 0.2 == 0.3", True),
        ("a > 3", False),
        ("a >= 3", True),
        ("1 < a < 4", True),
        ("t == 'x'", True),
        ("t != 'x'", False),
        ("t in metals", True),
        ("'z' not in metals", True),
        ("not yes or no", False),
        ("t if yes else 'other'", "x"),
        ("lookup(table, t)", F(2)),
        ("min(a, b, 2)", F(1, 3)),
        ("max(a, b, 2)", F(3)),
        ("abs(-a)", F(3)),
        ("floor(-b)", F(-1)),
        ("ceil(b)", F(1)),
        ("given(a)", True),
        ("given(lost)", False),
        ("sum(v for row in rows)", F(20)),
        ("sum(v * a for row in rows if ok)", F(39)),
        ("count(ok for row in rows)", F(3)),
        ("any(v > 6 for row in rows)", True),
        ("all(v > 6 for row in rows)", False),
        ("min(v for row in rows)", F(1)),
        ("max(v for row in rows if k == 'q')", F(1)),
        ("sum(v for row in none)", F(0)),
        ("count(ok for row in none)", F(0)),
        ("any(ok for row in none)", False),
        ("all(ok for row in none)", True),
    ],
)
def test_values_are_exact(text: str, found: Value) -> None:
    assert value(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "lost + 1",
        "-lost",
        "not gone",
        "lost < 1",
        "1 == lost",
        "yes if gone else no",
        "lost if yes else a",
        "min(a, lost)",
        "lookup(table, 'unknown')",
        "gone and yes",
        "gone or no",
        "sum(v for row in unsaid)",
        "sum(v for row in holes)",
        "count(ok for row in holes)",
        "sum(v for row in holes if ok)",
        "any(ok for row in unsaid)",
        "all(ok for row in holes if v > 1)",
        "min(v for row in none)",
    ],
)
def test_what_is_missing_stays_missing(text: str) -> None:
    found = value(text)
    assert isinstance(found, Absent)
    assert found.state == "missing"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("gone and no", False),
        ("no and gone", False),
        ("gone or yes", True),
        ("yes or repealed", True),
        ("a if yes else lost", F(3)),
        ("any(ok for row in holes)", True),
        ("all(ok for row in holes)", False),
        ("sum(v for row in holes if k == 'q')", F(1)),
    ],
)
def test_what_is_decided_without_it_is_decided(text: str, found: Value) -> None:
    assert value(text) == found


@pytest.mark.parametrize(
    "text",
    ["repealed + 1", "lost + repealed", "repealed + lost", "t in old", "lookup(table, 'z')",
     "gone and repealed == 1"],
)  # fmt: skip
def test_law_without_force_says_more_than_a_missing_fact(text: str) -> None:
    found = value(text)
    assert isinstance(found, Absent)
    assert found.state == "not-in-force"


def test_absent_values_name_what_is_wanting_once() -> None:
    found = value("lost + gone + lookup(table, 'u')")
    assert found == Absent("missing", ("lost", "table[u]"))


@pytest.mark.parametrize(
    ("place", "rank", "count"), [(0, F(3), F(3)), (1, F(1), F(3)), (2, F(2), F(3)), (3, F(1), F(1))]
)
def test_items_are_placed_among_those_of_equal_keys(place: int, rank: Value, count: Value) -> None:
    """7, 7 and 5 of p: of equals the first given comes first."""
    assert value("position(v, k)", "rows", place) == rank
    assert value("members(k)", "rows", place) == count


def test_items_are_placed_by_several_keys() -> None:
    assert value("position(v, k, 'p' if ok else 'q')", "rows", 0) == F(2)
    assert value("members(k, 'p' if ok else 'q')", "rows", 0) == F(2)


def test_a_missing_value_hides_the_places_of_its_equals_alone() -> None:
    assert [value("position(v, k)", "holes", i) for i in range(3)] == [LOST, LOST, F(1)]


@pytest.mark.parametrize("text", ["position(v, k)", "members(k)"])
def test_a_missing_key_hides_every_place(text: str) -> None:
    assert [value(text, "keyless", i) for i in range(2)] == [LOST, LOST]


def test_division_by_zero_is_a_typed_fault() -> None:
    with pytest.raises(RuleFault) as caught:
        value("1 + a / (b - b)")
    assert caught.value.params == {"expression": "a / (b - b)"}


def test_distances_of_every_comparison_of_numbers_are_kept() -> None:
    evaluation = Evaluation(world())
    evaluation.trace(parse("a < 2.5 and t == 'x' or not b >= 1 and lost > 1"))
    found = [(d.text, d.op, d.value, d.threshold, d.difference) for d in evaluation.distances]
    assert found == [
        ("a < 2.5", "<", F(3), F(5, 2), F(1, 2)),
        ("b >= 1", ">=", F(1, 3), F(1), F(-2, 3)),
    ]


def test_distances_in_a_fold_tell_the_item() -> None:
    evaluation = Evaluation(world())
    evaluation.trace(parse("any(v > 6 for row in rows if ok)"))
    assert [(d.text, d.difference) for d in evaluation.distances] == [
        ("v > 6 [0]", F(-1)),
        ("v > 6 [2]", F(1)),
        ("v > 6 [3]", F(-5)),
    ]


def test_a_trace_shows_the_way_to_the_value() -> None:
    found = Evaluation(world()).trace(parse("a * (b + 1) if yes else 0"))
    product = Trace(
        "a * (b + 1)",
        F(4),
        (("a", F(3)),),
        (Trace("b + 1", F(4, 3), (("b", F(1, 3)),)),),
    )
    assert found == Trace("a * (b + 1) if yes else 0", F(4), (("yes", True),), (product,))


def test_a_trace_of_a_fold_shows_every_item() -> None:
    found = Evaluation(world()).trace(parse("sum(v for row in rows if ok)"))
    assert found.inputs == (
        ("ok [0]", True),
        ("v [0]", F(5)),
        ("ok [1]", False),
        ("ok [2]", True),
        ("v [2]", F(7)),
        ("ok [3]", True),
        ("v [3]", F(1)),
    )
    squares = Evaluation(world()).trace(parse("sum(v * v for row in rows)"))
    assert [(p.text, p.value) for p in squares.parts][:2] == [
        ("v * v [0]", F(25)),
        ("v * v [1]", F(49)),
    ]
