"""The address under which readers find this server, to which every sign-in is bound."""

from __future__ import annotations

from flask import request

from portal.config import web_origin
from portal.shell.current import ledger
from portal.shell.problems import Problem

LOOPBACK = ("127.0.0.1", "[::1]", "localhost")


def address() -> str:
    """A web origin: the one that is set, or where nothing is set this machine's own.

    Whoever asks chooses the Host header, so a server that others reach must be told its address;
    otherwise somebody between could have a reader sign in for him.  Raises Problem 503.
    """
    told = ledger().settings.public_url
    if told is not None:
        return web_origin(told)
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if host not in LOOPBACK:
        raise Problem(503, "public-url-missing")
    return request.host_url.rstrip("/")
