"""Credits: where one came from and what became of it, here or in a mirrored registry."""

from __future__ import annotations

from dataclasses import asdict

import click

from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.config import from_environment
from portal.opening import open_record
from portal.tracing import find


@click.group()
def credit() -> None:
    """Credits."""


@credit.command("trace")
@click.argument("serial")
@json_option
def trace_serial(serial: str, as_json: bool) -> None:
    """Trace a serial from its project to the claim that used it."""
    record = open_record(from_environment())
    try:
        with record.reading() as connection:
            found = find(connection, serial)
    except ValueError as error:
        raise Failed(REFUSED, "serial-malformed") from error
    finally:
        record.database.dispose()
    if found is None:
        raise Failed(REFUSED, "serial-unknown")
    tell(as_json, asdict(found))
