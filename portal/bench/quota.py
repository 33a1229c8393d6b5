"""``qingzhang bench quota``: exact bounded allocation, beside floats that keep no bound and no sum.

The baseline is what a spreadsheet does: multiply and round.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

import click

from incentives.quotas.allocate import allocate
from incentives.quotas.plan import Member, Plan
from portal.bench.timing import line, machine, timed
from portal.cli.shared import json_option, tell

CAP = 428_000_000
SIZES = (11, 1_000, 10_000)


def seeded(members: int) -> Plan:
    """A plan of so many members by population, none beyond -15 % or +5 % of its emissions."""
    emissions = [1_000 + (place * 7_919) % 90_001 for place in range(members)]
    whole = sum(emissions)
    scale = Fraction(CAP * 100, 95 * whole)
    rows = tuple(
        Member(
            f"M{place:06d}",
            {
                "emissions": Fraction(int(tonnes * scale)),
                "population": Fraction(500 + (place * 104_729) % 50_021),
            },
        )
        for place, tonnes in enumerate(emissions)
    )
    return Plan(CAP, "per_capita", rows, Fraction(15, 100), Fraction(5, 100))


def spreadsheet(plan: Plan) -> list[int]:
    """Shares multiplied and rounded one by one."""
    heads = [int(member.indicators["population"]) for member in plan.members]
    whole = sum(heads)
    return [round(plan.cap * (count / whole)) for count in heads]


@click.command("quota")
@json_option
def COMMAND(as_json: bool) -> None:
    """Allocate a cap over 11, 1,000 and 10,000 members."""
    rows: dict[str, Any] = {}
    off: dict[str, int] = {}
    for size in SIZES:
        plan = seeded(size)
        rows[f"members allocated exactly, of {size:,}"] = timed(partial(allocate, plan), size)
        rows[f"members multiplied and rounded, of {size:,}"] = timed(
            partial(spreadsheet, plan), size
        )
        off[f"{size}"] = sum(spreadsheet(plan)) - CAP
    text = [line(name, row) for name, row in rows.items()]
    text.append(f"tonnes by which rounding one by one misses the cap: {off}")
    tell(as_json, {**machine(), "rows": rows, "rounding_misses_by": off}, "\n".join(text))
