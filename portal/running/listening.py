"""Taking an address to serve on, and saying which one where it cannot be had."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from ledger.writer.errors import Unavailable


@contextmanager
def listening(host: str, port: int) -> Iterator[None]:
    """Around what binds ``host`` and ``port``.

    Raises Unavailable ``address-taken`` where another process listens there already, and
    ``address-unusable`` with the system's name of the error where nobody could.
    """
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: waitress, of a host that has no address
        place = {"host": host, "port": port}
        number = getattr(error, "errno", None) or 0
        if number == errno.EADDRINUSE:
            raise Unavailable("address-taken", retry=False, **place) from error
        name = errno.errorcode.get(number, "host-unknown")
        raise Unavailable("address-unusable", retry=False, error=name, **place) from error


def listen(host: str, port: int, backlog: int) -> socket.socket:
    """A listening socket; raises as ``listening`` does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with listening(host, port):
        return socket.create_server((host, port), family=family, backlog=backlog)
