"""The policy's chapter: answers follow from facts, shares sum to the cap, all is labelled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from incentives.queries import rules_at
from incentives.quotas.models import share_table
from incentives.rules import packaged
from ledger.facts.models import fact_table
from portal.config import at_home
from portal.demo.cast import LABEL
from portal.demo.policy import CAP, FIGURES, UNIT_TONNES, policy
from portal.demo.telling import seed
from portal.home.opening import open_record


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    home = tmp_path_factory.mktemp("demo")
    lines: list[str] = []
    seed(at_home(home), lines.append)
    return home, lines


def test_tax_answers_are_told_with_a_fact_and_a_trace(told: tuple[Path, list[str]]) -> None:
    lines = told[1]
    start = next(n for n, line in enumerate(lines) if line.startswith("\nTax answers"))
    assert "预审结果" in lines[start]
    # SO2 2000 × 1.2 at half, NOx 4000 × 1.2 at three quarters, soot 200 × 1.2 in full.
    assert lines[start + 1].startswith("demo-shaoxing-1: ept-art13  yes  2,400.00 CNY")
    assert "discharge.mass outlet=DA001" in lines[start + 2]
    assert "relief = 240000 fen  <- gross - due  (gross=744000, due=504000)" in lines[start + 3]
    # Ningbo: the authority saw SO2 over the standard, so NOx alone is relieved.
    assert "yes  6,000.00 CNY" in lines[start + 4]
    # Quzhou: 0.69 after the correction is below 0.70, 0.71 before it was not.
    assert "yes  900.00 CNY" in lines[start + 7]
    assert "no  0.00 CNY" in lines[start + 10]


def test_grades_follow_from_the_facts_of_the_year(told: tuple[Path, list[str]]) -> None:
    lines = told[1]
    start = next(n for n, line in enumerate(lines) if line.startswith("\nCarbon-efficiency"))
    # (12000 - 1500) / 15000 = 0.7; over 1.1 that is 7/11, between 0.6 and 0.8.
    assert lines[start + 1].startswith("demo-shaoxing-1: carbon-code  yes  grade 2  level 2")
    # 90000 / 30000 = 3, over 2 that is 1.5; 24000 / 20000 = 1.2 over 1 is just the third grade.
    assert lines[start + 2].endswith("yes  grade 4  level 3  index 1.5")
    assert lines[start + 3].endswith("yes  grade 3  level 2  index 1.2")


def test_every_rule_that_ships_is_on_the_record(told: tuple[Path, list[str]]) -> None:
    with recorded(told[0]) as connection:
        rows = rules_at(connection, "2026-06-30", 10**9)
    assert {*packaged.names()} == {row["rule"] for row in rows} - {"demo-award"}


def test_the_allocation_of_eleven_cities_sums_to_the_cap(told: tuple[Path, list[str]]) -> None:
    with recorded(told[0]) as connection:
        shares = connection.execute(select(share_table)).mappings().all()
    assert len(shares) == 11
    assert sum(share["quantity"] for share in shares) == CAP
    assert 95 * UNIT_TONNES * sum(tonnes for tonnes, _ in FIGURES) == CAP * 100
    given = {share["code"]: share["quantity"] for share in shares}
    assert given["330200"] == 8_600 * UNIT_TONNES * 85 // 100  # Ningbo at its lower bound
    assert given["331100"] == 900 * UNIT_TONNES * 105 // 100  # Lishui at its upper bound


def test_closes_are_facts_too(told: tuple[Path, list[str]]) -> None:
    with recorded(told[0]) as connection:
        query = select(fact_table).where(
            fact_table.c.indicator == "market.close", fact_table.c.subject != "DEMOFS"
        )
        closes = connection.execute(query.order_by("start")).mappings().all()
    assert [fact["value"] for fact in closes] == [*[6_168] * 5, 6_260, 6_250, 6_250]


@contextmanager
def recorded(home: Path) -> Iterator[Connection]:
    record = open_record(at_home(home))
    with record.reading() as connection:
        yield connection
    record.database.dispose()


def bodies(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within a body that names where its figures come from."""
    if isinstance(value, dict):
        if value.keys() & {"source", "document"}:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from bodies(item)


def test_every_seeded_figure_is_labelled() -> None:
    found = [body for step in policy() for body in bodies(step.body)]
    assert len(found) > 50
    for body in found:
        assert all(LABEL in body[name] for name in ("source", "document") if name in body)
        assert body.get("confidence", "low") == "low"
