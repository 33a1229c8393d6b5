"""A fault of a rule file names its line and column."""

from __future__ import annotations

import pytest

from incentives.rules.errors import RuleRefused
from tests.incentives.rules.sample import TEXT, rule


def place(*change: str) -> tuple[str, int, int]:
    """The text from where the fault is said to be, with line and column."""
    old, new = change
    with pytest.raises(RuleRefused) as fault:
        rule((old, new))
    line, column = fault.value.params["line"], fault.value.params["column"]
    assert isinstance(line, int) and isinstance(column, int)
    return TEXT.replace(old, new, 1).splitlines()[line - 1][column - 1 :], line, column


@pytest.mark.parametrize(
    ("old", "new", "there"),
    [
        ("is: saved >= threshold", "is: saved.x >= threshold", "saved.x >= threshold"),
        ("is: saved >= threshold", "is: saved >= __import__('os')", "__import__('os')"),
        ("is: trade in favoured", "is: trade in favoured and small > 3", "small > 3"),
        ("review: unverified", "review: certain", "certain"),
        ("[{from: 2022-01-01", "[{from: 2022-13-01", "2022-13-01"),
        ("    round: half-up", "    round: up-half", "up-half"),
    ],
)  # fmt: skip
def test_the_place_is_where_the_fault_stands(old: str, new: str, there: str) -> None:
    assert place(old, new)[0].startswith(there)


def test_a_field_that_is_not_there_is_placed_at_its_mapping() -> None:
    text, _, _ = place("    document: 样例办法\n    article: 第一条\n", "    article: 第一条\n")
    assert text.startswith("article: 第一条")
