"""Starts one child process; only the parent calls it.

Each loads what it needs and no more: a writer speaks no HTTP, and every request waits for it.
"""

from __future__ import annotations

import click

from portal.cli.shared import exits
from portal.config import from_environment
from portal.running.collecting import loading


@click.group()
def main() -> None:
    """The processes of a server."""


@main.command()
@click.argument("fence", type=int)
@click.argument("ready", type=int)
@click.argument("address")
def writer(fence: int, ready: int, address: str) -> None:
    """Write the record."""
    with loading():
        from portal.processes.writing import write  # noqa: PLC0415  (see above)
    with exits():
        write(from_environment(), fence, ready, address)


@main.command()
@click.argument("fence", type=int)
@click.argument("ready", type=int)
@click.argument("listener", type=int)
def worker(fence: int, ready: int, listener: int) -> None:
    """Answer HTTP."""
    with loading():
        from portal.processes.answering import work  # noqa: PLC0415  (see above)
    with exits():
        work(from_environment(), fence, ready, listener)


if __name__ == "__main__":
    main()
