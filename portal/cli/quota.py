"""``qingzhang quota``: allocate a cap over regions, and read what was published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from incentives.quotas import Allocation, allocate, parse
from incentives.quotas.queries import plan as read_plan
from incentives.quotas.queries import plans
from ledger.parties.schemas import CONFIDENCE
from portal.cli.asof import DAY, reading_at
from portal.cli.shared import REFUSED, Failed, dump, json_option, policy, tell

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def quota() -> None:
    """Regional quotas: exact shares, whole tonnes, the sum equal to the cap."""


@quota.command("allocate")
@click.argument("plan", type=FILE)
@json_option
def allocate_plan(plan: Path, as_json: bool) -> None:
    """Allocate the cap of PLAN.yaml; prints code,quantity in the plan's order.

    \b
    cap: 30
    method: grandfathering      (or per_capita, gdp, proportional)
    regions:
      - {code: "330100", indicators: {emissions: 10}, lo: 5}
      - {code: "330200", indicators: {emissions: 20}}
    bounds: {max_cut: 0.2}      (may be left out)

    docs/quotas.md says what each key means, with an example.
    """
    _, allocation = _allocated(plan)
    if as_json:
        rows = {row.code: row.quantity for row in allocation.rows}
        tell(as_json, {"cap": allocation.cap, "method": allocation.method, "regions": rows})
        return
    for line in allocation.lines():
        click.echo(line)


@quota.command()
@click.argument("plan", type=FILE)
@click.option("--plan", "name", required=True, help="The id of the plan on the record.")
@click.option("--title", required=True)
@click.option("--start", required=True, type=DAY, help="The first day for which it allocates.")
@click.option("--end", required=True, type=DAY, help="The last one.")
@click.option("--document", required=True, help="The document by which it is published.")
@click.option("--source", required=True, help="Where the plan's figures come from.")
@click.option("--confidence", required=True, type=click.Choice(CONFIDENCE))
@json_option
def draft(
    plan: Path,
    name: str,
    title: str,
    start: date,
    end: date,
    document: str,
    source: str,
    confidence: str,
    as_json: bool,
) -> None:
    """Print the body of quota.publish for PLAN.yaml with the allocation worked out.

    Sign it with ``statement sign quota.publish``.
    """
    text, allocation = _allocated(plan)
    body = {
        "plan": name,
        "title": title,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "text": text,
        "allocation": [{"code": r.code, "quantity": r.quantity} for r in allocation.rows],
        "document": document,
        "source": source,
        "confidence": confidence,
    }
    click.echo(dump(body))


@quota.command("list")
@json_option
def listed(as_json: bool) -> None:
    """The plans on the record, the newest first."""
    with reading_at(None) as (connection, *_):
        rows = plans(connection)
    lines = [
        f"{row['plan']:<24} {row['start']}..{row['end']}  {row['cap']:>16,} t  {row['method']:<16}"
        f"  {'superseded' if row['until'] is not None else 'stands'}  {row['title']}"
        for row in rows
    ]
    tell(as_json, rows, "\n".join(lines))


@quota.command()
@click.argument("plan")
@json_option
def show(plan: str, as_json: bool) -> None:
    """The shares of a published PLAN."""
    with reading_at(None) as (connection, *_):
        found = read_plan(connection, plan)
    if found is None:
        raise Failed(REFUSED, "quota-plan-unknown", {"plan": plan})
    lines = [f"{row['code']},{row['quantity']}" for row in found["shares"]]
    tell(as_json, found, "\n".join(lines))


def _allocated(plan: Path) -> tuple[str, Allocation]:
    """A plan file's text and its allocation."""
    with policy(plan):
        try:
            text = plan.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise Failed(REFUSED, "plan-not-utf8", {"file": str(plan)}) from error
        return text, allocate(parse(text))
