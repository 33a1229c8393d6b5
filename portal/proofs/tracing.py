"""A serial's life, whoever issued it: this register, or one that is mirrored here."""

from __future__ import annotations

from sqlalchemy import Connection

from ledger.credits.queries import Trace, trace
from ledger.mirrors.queries import MirrorTrace
from ledger.mirrors.queries import trace as trace_mirror


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
