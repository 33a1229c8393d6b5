"""Requests over a network that loses them: tried again while patience lasts.

Every request of this client may be sent twice: reads by their nature, statements because the
ledger answers the same bytes with its first answer.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx2

from portal.client.errors import ServerFault, Unreachable

AGAIN = frozenset({408, 425, 429, 502, 503, 504})
"""Statuses that say nothing about the request itself (RFC 9110 §15, RFC 6585 §4, RFC 8470)."""
BROKEN = 500


@dataclass(frozen=True)
class Patience:
    """How long to go on: tries, seconds in all, seconds of one try, first and longest pause."""

    attempts: int = 8
    total: float = 60.0
    timeout: float = 10.0
    pause: float = 0.1
    pause_max: float = 5.0

    def after(self, tried: int, chance: float) -> float:
        """Seconds to wait after the given number of tries: doubled each time, and spread."""
        longest: float = min(self.pause * 2 ** (tried - 1), self.pause_max)
        return longest * (0.5 + chance / 2)


class Sender:
    """Sends to one server; several threads may share it.

    ``wait`` and ``monotonic`` are the clock, ``transport`` how httpx2 reaches the server.
    """

    def __init__(
        self,
        url: str,
        patience: Patience,
        *,
        transport: httpx2.BaseTransport | None = None,
        wait: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query:
            raise ValueError("url")
        self.url = url.rstrip("/")
        self._patience = patience
        self._wait = wait
        self._monotonic = monotonic
        headers = {"Accept-Language": "en", "User-Agent": "qingzhang-client"}
        self._http = httpx2.Client(headers=headers, timeout=patience.timeout, transport=transport)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def send(
        self, method: str, path: str, content: bytes | None = None, **headers: str
    ) -> httpx2.Response:
        """The first answer that says something; raises Unreachable or ServerFault."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        reason: dict[str, str | int] = {}
        tried, started = 0, self.now()
        while True:
            tried += 1
            asked: float | None = None
            try:
                response = self._http.request(
                    method, self.url + path, content=content, headers=named
                )
            except httpx2.TransportError as error:  # also a reply that was lost half-way
                reason = {"reason": type(error).__name__}
            except (httpx2.HTTPError, httpx2.InvalidURL) as error:
                raise ServerFault("answer-unreadable", reason=type(error).__name__) from error
            else:
                if response.status_code == BROKEN:
                    raise ServerFault("server-broken", path=path)
                if response.status_code not in AGAIN:
                    return response
                reason = {"status": response.status_code}
                asked = seconds_asked(response.headers)
            if not self.rest(tried, started, asked):
                raise Unreachable("server-unreachable", path=path, tried=tried, **reason)

    def now(self) -> float:
        """Seconds of the clock by which patience ends."""
        return self._monotonic()

    def rest(self, tried: int, started: float, asked: float | None = None) -> bool:
        """Wait before the next try, at least as long as asked; False where patience ends."""
        pause = max(self._patience.after(tried, random.random()), asked or 0)
        left = self._patience.total - (self.now() - started)
        if tried >= self._patience.attempts or pause >= left:
            return False
        self._wait(pause)
        return True


def seconds_asked(headers: Mapping[str, str]) -> float | None:
    """``Retry-After`` in seconds, from either of its two forms (RFC 9110 §10.2.3)."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
