"""The commands that begin a ledger, serve it, or tell its story.

The pages are loaded where this process itself serves them: beside a writer its workers do.
"""

from __future__ import annotations

import os
import sys

import click

from ledger.log.errors import NoteError
from ledger.log.note import check_name
from ledger.writer.clock import SystemClock
from portal.cli.params import Whole
from portal.cli.shared import USAGE, Failed, exits, json_option, tell
from portal.config import from_environment
from portal.home.opening import init_ledger, open_ledger, open_record
from portal.processes.parent import serve_processes
from portal.running.collecting import loading

DEFAULT_PORT = 8000


@click.command()
@click.option("--origin", help="Name of the log; without a scheme, spaces or plus signs.")
@json_option
def init(origin: str | None, as_json: bool) -> None:
    """Make a new, empty ledger: keys, tables, genesis."""
    settings = from_environment()
    named = origin or settings.origin
    if named is None:
        raise click.UsageError("--origin or QINGZHANG_ORIGIN is needed")
    try:
        check_name(named)
    except NoteError as error:
        raise Failed(USAGE, error.code, {"field": "origin"}) from error
    ledger = init_ledger(settings, named, SystemClock(), os.urandom)
    vkey = ledger.record.vkey
    ledger.close()
    told = {"origin": named, "home": str(settings.home), "keys": str(settings.keys), "vkey": vkey}
    tell(as_json, told)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=Whole(0, 65535))
@click.option("--workers", default=1, show_default=True, type=Whole(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Serve the ledger of QINGZHANG_HOME over HTTP.

    One worker is this process itself; several are processes of their own beside a writer.
    """

    def say(address: str) -> None:
        click.echo(f"{origin} on {address}", err=True)

    with exits():
        settings = from_environment()
        if workers > 1:
            record = open_record(settings)
            record.database.dispose()
            origin = record.origin
            sys.exit(serve_processes(settings, host, port, workers, say))
        with loading():
            from portal.processes.serving import serve_ledger  # noqa: PLC0415  (see above)
        ledger = open_ledger(settings)
        origin = ledger.record.origin
        serve_ledger(ledger, host, port, say)


@click.command()
@click.option("--once", is_flag=True, help="Run the whole story, print a summary, exit.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=Whole(0, 65535))
def demo(once: bool, port: int) -> None:
    """Seed the demonstration and serve it."""
    with loading():
        from portal.demo import run as tell_story  # noqa: PLC0415  (see above)
    with exits():
        tell_story(from_environment(), once, port)
