"""What the policy says when the story ends: tax answers with a trace, grades, the allocation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from incentives.asking import ask
from incentives.quotas.queries import plan
from portal.demo.policy import GRADE, MONTH, NEAR, PLAN, RULE, TAXPAYERS, YEAR
from portal.policy.answers import fact_line, head_line, notice, trace_line


def answers(connection: Connection, size: int, indices: Mapping[str, int]) -> Iterator[str]:
    """Each taxpayer's month; for a corrected one also what was known before."""
    yield f"\nTax answers worked out from facts ({notice()}):"
    asked = [(party, size) for party in TAXPAYERS]
    asked.append((NEAR, indices["corrected"]))
    on = date.fromisoformat(MONTH[1])
    for party, known_at in asked:
        found: Any = ask(connection, party, on, known_at, RULE, explain=True)
        for answer in found["answers"]:
            yield f"{party}: {head_line(answer, known_at)}"
            yield f"      {fact_line(answer['facts'][0])}"
            yield f"      {trace_line(answer)}"
    yield from _grades(connection, size)
    yield from _allocation(connection)


def _grades(connection: Connection, size: int) -> Iterator[str]:
    """The carbon-efficiency code of each taxpayer's last year."""
    yield f"\nCarbon-efficiency code from facts of the year ({notice()}):"
    for party in TAXPAYERS:
        found: Any = ask(connection, party, date.fromisoformat(YEAR[1]), size, GRADE)
        (answer,) = found["answers"]
        figures = {figure["name"]: figure["value"] for figure in answer["figures"]}
        named = "  ".join(f"{name} {figures[name]}" for name in ("grade", "level", "index"))
        yield f"{party}: {GRADE}  {answer['status']}  {named}"


def _allocation(connection: Connection) -> Iterator[str]:
    found = plan(connection, PLAN)
    assert found is not None
    yield f"\nAllocation {PLAN}, every figure seeded: {found['title']}"
    for share in found["shares"]:
        yield f"{share['code']}  {share['name']}  {share['quantity']:>12,} t"
    total = sum(share["quantity"] for share in found["shares"])
    yield f"cap {found['cap']:,} t = {total:,} t allocated"
