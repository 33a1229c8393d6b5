"""``qingzhang fact``: what was stated, by whom, as known at a log size.

Whoever may read the home's database reads confidential facts too; no public door shows them.
"""

from __future__ import annotations

from fractions import Fraction

import click
from sqlalchemy import select

from incentives import exact
from ledger.facts.models import fact_table, indicator_table, private_fact_table
from ledger.facts.queries import standing
from ledger.writer.kinds import Row
from ledger.writer.store import plain
from portal.cli.asof import known_at_option, reading_at
from portal.cli.observations import draft_facts
from portal.cli.params import Whole
from portal.cli.shared import json_option, tell
from portal.policy.answers import BARE

LIMIT_MAX = 10_000


@click.group()
def fact() -> None:
    """Facts: signed observations."""


fact.add_command(draft_facts)


@fact.command()
@json_option
def indicators(as_json: bool) -> None:
    """What may be stated, over which period, in which unit, by whom."""
    with reading_at(None) as (connection, *_):
        query = select(indicator_table).order_by(indicator_table.c.indicator)
        rows = [plain(row) for row in connection.execute(query).mappings()]
    lines = [
        f"{r['indicator']:<24} {r['period']:<8} {r['subject']:<8} {r['circle']:<8} "
        f"{r['unit']:<6} {'|'.join(r['publishers'])}  {r['name']}"
        for r in rows
    ]
    tell(as_json, rows, "\n".join(lines))


@fact.command("list")
@click.option("--subject", help="Of this party, region or instrument.")
@click.option("--indicator", help="Of this indicator.")
@click.option("--limit", default=200, show_default=True, type=Whole(1, LIMIT_MAX))
@known_at_option
@json_option
def listed(
    subject: str | None, indicator: str | None, limit: int, known_at: int | None, as_json: bool
) -> None:
    """Facts that stand, public and confidential, in the order of the log."""
    rows: list[Row] = []
    with reading_at(known_at) as (connection, size, *_):
        for table in (fact_table, private_fact_table):
            query = select(table).where(standing(table, size))
            for name, value in (("subject", subject), ("indicator", indicator)):
                if value is not None:
                    query = query.where(table.c[name] == value)
            found = query.order_by(table.c.index, table.c.place).limit(limit)
            circle = "public" if table is fact_table else "party"
            rows += [
                {**plain(row), "circle": circle} for row in connection.execute(found).mappings()
            ]
    rows = sorted(rows, key=lambda row: (row["index"], row["place"], row["fact"]))[:limit]
    tell(as_json, rows, "\n".join(_line(row) for row in rows))


def _line(row: Row) -> str:
    value = exact.text(Fraction(row["value"], 10 ** row["scale"]))
    named = "".join(f" {name}={text}" for name, text in row["dimensions"])
    unit = "" if row["unit"] == BARE else f" {row['unit']}"
    return (
        f"{row['fact']:<10} {row['circle']:<6} {row['indicator']} {row['subject']} "
        f"{row['start']}..{row['end']}{named} = {value}{unit}  {row['party']}"
    )
