"""What an expression leads to, through the steps that it names."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from incentives.rules.lines import names_under
from incentives.rules.syntax import names_of, parse


def steps(**named: tuple[str, ...]) -> dict[str, Any]:
    return {name: SimpleNamespace(names=names) for name, names in named.items()}


def test_names_stand_in_the_order_in_which_they_are_read() -> None:
    found = names_of(parse("a + b if c > a else sum(x for rows in rows if y)"))
    assert list(found) == ["c", "a", "a", "b", "rows", "x", "y"]


def test_a_step_is_followed_by_what_it_names_before_its_neighbour() -> None:
    known = steps(total=("base", "rate"), base=("paid", "due"))
    assert list(names_under(["total", "cap"], known)) == [
        "total", "base", "paid", "due", "rate", "cap",
    ]  # fmt: skip


def test_a_name_comes_once_however_many_steps_lead_to_it() -> None:
    known = steps(total=("base", "extra"), base=("paid",), extra=("paid", "base"))
    assert list(names_under(["base", "total"], known)) == ["base", "paid", "total", "extra"]


def test_nothing_leads_to_nothing() -> None:
    assert list(names_under([], steps(total=("base",)))) == []
