"""Rate limits: how often a client, and a session, may ask; said on every counted answer."""

from __future__ import annotations

import ipaddress

from flask import Flask, Response, g, request

from portal.ops.limits import READ, SIGN_IN, WRITE, Standing
from portal.shell.current import ops
from portal.shell.problems import Problem

UNCOUNTED = ("/log/", "/static/", "/healthz", "/readyz", "/metrics")
"""Monitors read the whole log, and a probe must not be told to come back later."""
SIGN_IN_PATH = "/v1/sessions"
NETWORK_BITS = 64
"""What one client of IPv6 usually has to itself."""


def install(app: Flask) -> None:
    """Count each request of a client before anything is done for it."""

    @app.before_request
    def admit() -> None:
        name = counted(request.method, request.path)
        if name is not None:
            count(name, client(request.remote_addr or ""))

    @app.after_request
    def tell(response: Response) -> Response:
        standings: list[Standing] = g.get("standings", [])
        if standings:
            response.headers["RateLimit-Policy"] = ", ".join(
                f'"{s.name}";q={s.limit.quota};w={s.limit.window_s}' for s in standings
            )
            response.headers["RateLimit"] = ", ".join(
                f'"{s.name}";r={s.left};t={s.reset_s}' for s in standings
            )
        spent = [s.reset_s for s in standings if not s.allowed]
        if spent and response.status_code == 429:
            response.headers["Retry-After"] = str(max(spent))
        return response


def counted(method: str, path: str) -> str | None:
    """The limit that a request falls under, or None."""
    if path.startswith(UNCOUNTED):
        return None
    if method == "POST":
        return SIGN_IN if path.startswith(SIGN_IN_PATH) else WRITE
    return READ


def client(address: str) -> str:
    """What is counted as one client: an address, or the network of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        mapped = parsed.ipv4_mapped
        if mapped is not None:
            return str(mapped)
        return str(ipaddress.ip_network((parsed.packed, NETWORK_BITS), strict=False))
    return str(parsed)


def count(name: str, who: str) -> None:
    """Count one request; raises Problem 429 where the limit is spent."""
    standing = ops().counters.count(name, who, ops().now())
    if standing is None:
        return
    g.setdefault("standings", []).append(standing)
    if not standing.allowed:
        raise Problem(429, "rate-limited", limit=name, quota=standing.limit.quota)
