"""The command ``qingzhang import``: what an export holds, row by row, before anything is written.

It reads a file into acts and prints the account of its rows; it does not open the ledger.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.imports.errors import ImportFault
from portal.imports.known import FORMATS


@click.command("import")
@click.argument("format_name", metavar="FORMAT", required=False)
@click.argument(
    "file", metavar="FILE", required=False, type=click.Path(exists=True, dir_okay=False)
)
@click.option("--list", "listing", is_flag=True, help="List the formats.")
@click.option("--dry-run", is_flag=True, help="Read and report; required: nothing is written.")
@json_option
def import_command(
    format_name: str | None, file: str | None, listing: bool, dry_run: bool, as_json: bool
) -> None:
    """Read a registry's export and account for every row, without writing to the ledger."""
    formats = {item.name: item for item in FORMATS}
    if listing:
        names = {n: {"registry": f.registry, "files": [s.name for s in f.files]}
                 for n, f in formats.items()}  # fmt: skip
        tell(as_json, names)
        return
    if format_name is None or file is None:
        raise click.UsageError("FORMAT and FILE are needed, or --list")
    if format_name not in formats:
        raise click.UsageError(f"FORMAT: one of {', '.join(formats)}")
    if not dry_run:
        raise click.UsageError("--dry-run is needed: this command writes nothing")
    try:
        plan = formats[format_name].plan(Path(file))
    except ImportFault as fault:
        raise Failed(REFUSED, fault.code, dict(fault.params)) from fault
    acts = dict(sorted(Counter(act.type for act in plan.acts).items()))
    tell(as_json, {**plan.report.as_json(), "acts": acts})
