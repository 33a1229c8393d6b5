"""A budget line is never spent twice, never below zero, and lapses on its last day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from incentives.grants import budgets
from incentives.grants.budget_models import available, budget_table
from incentives.grants.models import grant_table
from ledger.writer.errors import Refusal
from ledger.writer.versions import MONEY_PLACED
from tests.factories import grants
from tests.factories.facts import FINANCE
from tests.factories.grants import FEN, LINE, desk, line_body
from tests.factories.scene import Scene, scene


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("budgets") / "home", None) as stage:
        desk(stage)
        yield stage


def line(stage: Scene, name: str = LINE) -> dict[str, Any]:
    return next(row for row in stage.rows(budget_table) if row["line"] == name)


def sums(stage: Scene) -> dict[str, int]:
    """Committed, paid, returned, lapsed and what is left, in fen."""
    row = line(stage)
    names = ("committed", "paid", "returned", "lapsed")
    return {**{n: row[f"{n}_fen"] for n in names}, "left": available(row)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "budget-exists"),
        ({"line": "L2"}, "budget-document-used"),
        ({"line": "L2", "year": 2027, "region": "990000"}, "region-unknown"),
        ({"line": "L2", "year": 2027, "until": "2025-12-31"}, "budget-over"),
    ],
)
def test_a_line_that_cannot_be_is_refused(office: Scene, change: dict[str, Any], code: str) -> None:
    assert office.refused("finance", "budget.open", line_body(**change), *FINANCE) == code


def test_a_line_is_the_bureaus_that_opened_it_under_four_eyes(office: Scene) -> None:
    assert office.refused("finance", "budget.open", line_body(line="L2"), FINANCE[0]) == "four-eyes"
    body = {"line": LINE, "by_fen": 1, "document": "d"}
    assert office.refused("county", "budget.adjust", body, "a", "b") == "budget-of-other"
    assert office.refused("finance", "budget.adjust", {**body, "by_fen": 0}, *FINANCE) == (
        "adjustment-empty"
    )
    less = {**body, "by_fen": -5_000_001}
    assert office.refused("finance", "budget.adjust", less, *FINANCE) == "budget-short"
    none = {**body, "line": "none"}
    assert office.refused("finance", "budget.adjust", none, *FINANCE) == "budget-line-unknown"


def test_a_grant_is_committed_then_paid(stage: Scene) -> None:
    desk(stage)
    grant = grants.apply(stage, grants.recorded(stage))
    grants.to_heard(stage, grant)
    assert sums(stage)["left"] == 5_000_000
    stage.do("finance", "grant.decide", grants.decision(grant, amount_fen=1_000_000), *FINANCE)
    assert sums(stage) == {
        "committed": 1_000_000, "paid": 0, "returned": 0, "lapsed": 0, "left": 4_000_000,
    }  # fmt: skip
    less = {"line": LINE, "by_fen": -4_000_001, "document": "d"}
    assert stage.refused("finance", "budget.adjust", less, *FINANCE) == "budget-short"
    wrong = grants.payment(stage, grant, 999_999)
    assert stage.refused("finance", "grant.pay", wrong, *FINANCE) == "amount-differs"
    stage.do("finance", "grant.pay", grants.payment(stage, grant, 1_000_000), *FINANCE)
    assert sums(stage) == {
        "committed": 0, "paid": 1_000_000, "returned": 0, "lapsed": 0, "left": 4_000_000,
    }  # fmt: skip


class OneLine:
    """A decision that sees one line and may not write it."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.row = row

    def need(self, *key: Any) -> dict[str, Any]:
        return self.row

    def put(self, kind: Any, row: dict[str, Any]) -> None:
        raise AssertionError(row)


@pytest.mark.parametrize(
    ("verb", "fen"), [(budgets.take_back, 5), (budgets.pay, 3), (budgets.uncommit, 3)]
)
def test_no_verb_takes_a_sum_where_the_database_would_not(
    verb: Callable[[Any, str, int], None], fen: int
) -> None:
    """Paid 4 of 100, committed 2: 5 cannot come back, nor can 3 be paid or taken back."""
    row = {"line": LINE, "state": "open", "opened_fen": 100, "committed_fen": 2, "paid_fen": 4,
           "returned_fen": 0, "lapsed_fen": 0}  # fmt: skip
    with pytest.raises(Refusal, match="budget-sum-outside"):
        verb(OneLine(row), LINE, fen)


def test_what_nobody_was_promised_lapses_after_the_last_day(stage: Scene) -> None:
    desk(stage)
    grant = grants.apply(stage, grants.recorded(stage))
    grants.to_granted(stage, grant)
    assert stage.refused("finance", "budget.lapse", {"line": LINE}, FINANCE[0]) == (
        "role-not-allowed"
    )
    grants.wait(stage, 366)
    assert line(stage)["state"] == "closed"
    assert sums(stage) == {
        "committed": FEN, "paid": 0, "returned": 0, "lapsed": 5_000_000 - FEN, "left": 0,
    }  # fmt: skip
    more = {"line": LINE, "by_fen": 1, "document": "d"}
    assert stage.refused("finance", "budget.adjust", more, *FINANCE) == "budget-closed"
    stage.do("finance", "grant.pay", grants.payment(stage, grant), *FINANCE)
    assert sums(stage)["paid"] == FEN


def test_sixty_four_grants_at_once_never_overspend_a_line(stage: Scene) -> None:
    """40 of 64 fit: 40 x 125,000 fen are the whole line."""
    desk(stage)
    names = [grants.apply(stage, grants.another(stage)) for _ in range(64)]
    for name in names:
        grants.to_noticed(stage, name)
    grants.wait_until(stage, grants.grant_row(stage, names[-1])["due_at"])
    bodies = [grants.decision(name, amount_fen=125_000) for name in names]
    written = [stage.write("finance", "grant.decide", body, *FINANCE).encode() for body in bodies]
    with ThreadPoolExecutor(max_workers=64) as pool:
        replies = list(pool.map(stage.ledger.entrance.submit, written))
    said = [reply.answer.get("code", reply.status) for reply in replies]
    assert (said.count("accepted"), said.count("budget-short")) == (40, 24)
    assert sums(stage) == {
        "committed": 5_000_000, "paid": 0, "returned": 0, "lapsed": 0, "left": 0,
    }  # fmt: skip
    assert sum(row["granted_fen"] for row in stage.rows(grant_table)) == 5_000_000


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"region": "330200"}, "budget-of-elsewhere"),  # Ningbo; the applicant is of Hangzhou
        ({"level": "county", "region": "330102"}, "budget-level-differs"),
        ({"level": "city", "region": "330100"}, None),
    ],
)
@pytest.mark.parametrize("version", [MONEY_PLACED, MONEY_PLACED - 1])
def test_a_grant_is_charged_to_the_level_of_its_rule_and_a_line_of_its_place(
    home: Path, line: dict[str, str], code: str | None, version: int
) -> None:
    text = grants.AWARD_TEXT.replace("evidence:", "budget: {level: city}\nevidence:", 1)
    with scene(home, None, version) as stage:
        grants.desk(stage, text=text)
        body = grants.line_body(line="other", account="2110303", **{"level": "city", **line})
        stage.do("finance", "budget.open", body, *FINANCE)
        answer = grants.recorded(stage)
        if code is None or version < MONEY_PLACED:
            grants.apply(stage, answer, line="other")
        else:
            assert grants.refused_application(stage, answer, line="other") == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"level": "province", "region": "330000"}, "budget-region-beyond"),
        ({"level": "city", "region": "330100"}, "budget-region-beyond"),
        ({"level": "province", "region": "330102"}, "budget-level-of-region"),
        ({"level": "central", "region": "330102"}, "budget-region-beyond"),
        ({"level": "county", "region": "330102"}, None),
    ],
)
def test_a_bureau_opens_lines_of_its_own_place(
    home: Path, change: dict[str, str], code: str | None
) -> None:
    with scene(home, None) as stage:
        keys = [stage.entry("town", "a"), stage.entry("town", "b")]
        admitted = {"party": "town", "name": "town", "roles": ["finance"], "region": "330102"}
        body = {**admitted, "keys": keys}
        stage.do("regulator", "authority.admit", body, "regulator-1", "regulator-2")
        reply = stage.say("town", "budget.open", line_body(**change), "a", "b")
        assert reply.answer.get("code") == code
