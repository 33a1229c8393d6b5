"""Posting to a witness over HTTP: bounded in time and size, following nobody elsewhere."""

from __future__ import annotations

import time

import httpx2

from ledger.log.witness import ANSWER_BYTES_MAX, Response

SECONDS = 5
"""For connecting, for each step of sending and reading, and for reading the whole answer."""
HEADERS = {"Content-Type": "text/plain; charset=utf-8", "Accept-Encoding": "identity"}


class Poster:
    """A ``Post`` for the witness client; safe to share between threads."""

    def __init__(self, seconds: int = SECONDS) -> None:
        self._seconds = seconds
        self._client = httpx2.Client(timeout=seconds, headers=HEADERS, follow_redirects=False)

    def __call__(self, url: str, body: bytes) -> Response:
        """Post; raises OSError where there is no whole answer in time.

        An answer beyond the protocol's limit is cut there, for the client to refuse.
        """
        try:
            with self._client.stream("POST", url, content=body) as answer:
                until = time.monotonic() + self._seconds
                data = bytearray()
                for piece in answer.iter_raw():
                    data += piece
                    if len(data) > ANSWER_BYTES_MAX:
                        break
                    if time.monotonic() > until:
                        raise TimeoutError(url)
                return answer.status_code, dict(answer.headers), bytes(data)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise OSError(str(error)) from error

    def close(self) -> None:
        """Close idle connections."""
        self._client.close()
