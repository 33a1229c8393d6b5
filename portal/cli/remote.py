"""Speaking with a serving ledger as one who has signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import httpx2
import orjson

from ledger.statements.ed25519 import load_private
from ledger.writer.errors import IntegrityFault, Unavailable
from portal.cli.shared import AGAIN_LATER, ENTERED, REFUSED, Failed
from portal.statements.challenges import (
    CHALLENGES,
    SESSIONS,
    Differs,
    Unreadable,
    answering,
    asking,
)

TIMEOUT_SECONDS = 60
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@dataclass(frozen=True)
class Remote:
    """A server and a token for it."""

    url: str
    token: str | None = None

    def ask(self, method: str, path: str, body: bytes | None = None) -> Any:
        """The JSON of a good answer.

        Raises Failed with the problem's code and parameters, Unavailable for no answer.
        """
        return self._read(self.fetch(method, path, body))

    def fetch(self, method: str, path: str, body: bytes | None = None) -> httpx2.Response:
        """A good answer as it came; raises as ``ask`` does."""
        headers = {"Accept-Language": "en"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            with httpx2.Client(timeout=TIMEOUT_SECONDS, headers=headers) as client:
                response = client.request(method, self.url + path, content=body)
        except httpx2.HTTPError as error:
            raise Unavailable("server-unreachable", url=self.url) from error
        if response.status_code >= 400:
            answer = self._read(response)
            params = {**answer.get("params", {}), "status": response.status_code}
            again = AGAIN_LATER if answer.get("retry") else None
            if "index" in answer:
                params["entry"], again = answer["index"], ENTERED
            raise Failed(REFUSED, str(answer.get("code")), params, again=again)
        return response

    def _read(self, response: httpx2.Response) -> Any:
        try:
            return orjson.loads(response.content)
        except orjson.JSONDecodeError as error:
            raise Unavailable("server-unreachable", url=self.url) from error


def sign_in(url: str, party: str, path: Path) -> dict[str, Any]:
    """A session of a server for the key of a file: token, party, key, end.

    Raises IntegrityFault ``challenge-differs``.
    """
    key, server = load_private(path), Remote(url)
    asked = server.ask("POST", CHALLENGES, orjson.dumps(asking(party, key)))
    try:
        said = answering(asked, url, party, key)
    except Unreadable as error:
        raise Unavailable("server-unreachable", url=url) from error
    except Differs as error:
        raise IntegrityFault("challenge-differs", url=url, told=asked.get("url")) from error
    session: dict[str, Any] = server.ask("POST", SESSIONS, orjson.dumps(said))
    return session


@contextmanager
def signed_in(
    url: str, token: str | None, party: str | None, path: Path | None
) -> Iterator[Remote]:
    """A server with the given token, or with a session of its own that ends at the end."""
    url = url.rstrip("/")
    if token is not None:
        yield Remote(url, token)
        return
    if party is None or path is None:
        raise click.UsageError("--token (or QINGZHANG_TOKEN), or --key and --party, is needed")
    remote = Remote(url, str(sign_in(url, party, path)["token"]))
    try:
        yield remote
    finally:
        remote.ask("DELETE", SESSIONS)
