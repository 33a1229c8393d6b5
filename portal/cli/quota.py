"""``qingzhang quota``: allocate a cap over regions."""

from __future__ import annotations

from pathlib import Path

import click

from incentives.errors import PolicyError
from incentives.quotas import allocate, parse
from portal.cli.shared import REFUSED, Failed, json_option, tell


@click.group()
def quota() -> None:
    """Regional quotas: exact shares, whole tonnes, the sum equal to the cap."""


@quota.command("allocate")
@click.argument("plan", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def allocate_plan(plan: Path, as_json: bool) -> None:
    """Allocate the cap of PLAN.yaml; prints code,quantity in the plan's order."""
    try:
        allocation = allocate(parse(plan.read_text("utf-8")))
    except UnicodeDecodeError as error:
        raise Failed(REFUSED, "plan-not-utf8") from error
    except PolicyError as error:
        raise Failed(REFUSED, error.code, dict(error.params)) from error
    if as_json:
        rows = {row.code: row.quantity for row in allocation.rows}
        tell(as_json, {"cap": allocation.cap, "method": allocation.method, "regions": rows})
        return
    for line in allocation.lines():
        click.echo(line)
