"""Credits: where one came from and what became of it, here or in a mirrored registry."""

from __future__ import annotations

from dataclasses import asdict

import click
from sqlalchemy import Connection

from ledger.credits.queries import Trace, trace
from ledger.mirrors.queries import MirrorTrace
from ledger.mirrors.queries import trace as trace_mirror
from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.config import from_environment
from portal.opening import open_record


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


def find(connection: Connection, serial: str) -> Trace | MirrorTrace | None:
    """A serial of this register, else one of a mirrored registry.

    Raises ValueError ``serial-malformed`` for what neither could have written.
    """
    try:
        own = trace(connection, serial)
    except ValueError:
        foreign = trace_mirror(connection, serial)
        if foreign is None:
            raise
        return foreign
    return own or trace_mirror(connection, serial)
