"""The client: one value for a ledger, its pinned key and whoever speaks through it.

with Client(url, vkey, state=Path("verified.json")) as client:
    statement = client.sign("credit.retire", "maker", body, [key_one, key_two])
    answer = client.submit(statement)
    proved = client.prove_statement(statement, answer)
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx2
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.checkpoint import Checkpoint
from ledger.log.note import parse_vkey
from ledger.log.tiles import HASH_BYTES, tile_path
from ledger.statements.canonical import encode, parse
from ledger.statements.envelope import Submission
from ledger.statements.errors import StatementError
from portal.client import session
from portal.client.answers import Answer, Proved
from portal.client.errors import ClientError, NotProved, ServerFault, rejected
from portal.client.memory import Memory
from portal.client.retrying import Patience, Sender
from portal.client.statements import Statements
from portal.client.trust import Trust
from portal.house import make_engine
from portal.statements.attaching import read_attachments
from portal.statements.signing import compose

PATIENCE = Patience()


class Client:
    """A ledger as its users' own software sees it; threads may share one.

    ``vkey`` is the pinned verifier key, whose name is the ledger's origin; ``state`` is the file
    that remembers the newest checkpoint.  Every method raises Unreachable when ``patience`` ends,
    ServerFault where the server breaks and Rejected where it does not take what is asked.
    """

    def __init__(
        self,
        url: str,
        vkey: str,
        *,
        state: Path | None = None,
        patience: Patience = PATIENCE,
        transport: httpx2.BaseTransport | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        pinned = parse_vkey(vkey)
        self.origin = pinned.name
        self._sender = Sender(url, patience, transport=transport, wait=wait)
        self._statements = Statements(self._sender)
        self._trust = Trust(pinned, Memory(vkey.strip(), state), self, self._history)
        self._engine = make_engine()
        self._token: str | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the session, where there is one, and let go of the connections."""
        try:
            self.sign_out()
        except ClientError:
            pass  # it ends by itself
        finally:
            self._sender.close()

    def sign_in(self, party: str, key: Ed25519PrivateKey) -> None:
        """Read from here on what a party may read, as the person whose key it is.

        ``get`` and ``items`` then give what is the party's own.  Raises NotProved
        ``challenge-differs``, and Rejected where the key is not known.
        """
        self.sign_out()
        self._token = session.begin(self._sender, self.origin, party, key)

    def sign_out(self) -> None:
        """End the session; without one nothing happens."""
        token, self._token = self._token, None
        if token is not None:
            session.end(self._sender, token)

    def sign(
        self,
        type: str,
        party: str,
        body: Mapping[str, Any],
        keys: Sequence[Ed25519PrivateKey],
        *,
        others: Sequence[str] = (),
        attachments: Mapping[str, Path] | None = None,
    ) -> Submission:
        """Check and sign a statement; it says which checkpoint its author has verified.

        ``attachments`` are files by the names that the type has for them; they travel with the
        statement.  Needs no network.  Raises Malformed naming the field, and OSError.
        """
        last = self._trust.last
        return compose(
            self._engine,
            self.origin,
            type,
            party,
            body,
            keys,
            now=time.time_ns() // 1_000_000,
            entropy=os.urandom,
            others=others,
            seen=None if last is None else (last.size, last.root.hex()),
            attachments=read_attachments(attachments or {}, os.urandom),
        )

    def submit(self, statement: Submission) -> Answer:
        """State it once, however often it has to be sent; raises RefusedByRules for an entry."""
        return self._statements.submit(statement)

    def submit_all(self, statements: Iterable[Submission]) -> Iterator[Answer | ClientError]:
        """State many, and give for each in turn its answer or why there is none."""
        return self._statements.submit_all(statements)

    def checkpoint(self) -> Checkpoint:
        """The log's head now, signed by its key and extending all that was verified before.

        Raises Fork, or NotProved where signature or tiles do not hold.
        """
        return self._trust.accept(_text(self._get("/log/checkpoint")))

    def prove(self, index: int) -> Proved:
        """An entry and its receipt, verified offline; raises Fork or NotProved."""
        leaf = self._get(f"/v1/entries/{index}/leaf").content
        receipt = _text(self._get(f"/v1/entries/{index}/proof"))
        good = self._trust.accept_receipt(leaf, receipt)
        if good.index != index:
            raise NotProved("index-differs", index=good.index)
        return Proved(index, good.size, good.root, leaf, receipt)

    def prove_statement(self, statement: Submission, answer: Answer) -> Proved:
        """The same for a statement's own entry: raises NotProved where it holds another."""
        proved = self.prove(answer.index)
        envelope = statement.envelope
        try:
            leaf = parse(proved.leaf)
            if "envelope" in leaf:
                good = encode(leaf["envelope"]) == envelope.bytes
            else:
                good = leaf.get("envelope_sha256") == envelope.sha256
        except (StatementError, AttributeError, TypeError) as error:
            raise NotProved("leaf-malformed", index=answer.index) from error
        if not good:
            raise NotProved("entry-of-another", index=answer.index)
        return proved

    def get(self, path: str, **query: str | int) -> Any:
        """A resource as JSON, by its path from ``/v1/`` on."""
        return orjson.loads(self._get(_with(path, query)).content)

    def items(self, path: str, **query: str | int) -> Iterator[Any]:
        """Every item of a collection; the cursors are followed to the end."""
        asked: set[str] = set()
        following: str | None = _with(path, query)
        while following is not None:
            if following in asked or not _local(following):
                raise ServerFault("cursor-astray", path=following)
            asked.add(following)
            page = orjson.loads(self._get(following).content)
            yield from page["items"]
            following = page["next"]

    def tile(self, level: int, index: int, width: int) -> bytes:
        """Hashes of a tile, as the log's reader asks for them; they prove nothing by themselves."""
        data = self._get(f"/log/{tile_path(level, index, width)}").content
        if len(data) != width * HASH_BYTES:
            raise NotProved("tile-too-short", level=level, index=index)
        return data

    def _history(self) -> bytes:
        return self._get("/log/keys").content

    def _get(self, path: str) -> httpx2.Response:
        signed_in = {} if self._token is None else {"Authorization": f"Bearer {self._token}"}
        response = self._sender.send("GET", path, None, **signed_in)
        if response.status_code != 200:
            raise rejected(response.status_code, response.content)
        return response


def _text(response: httpx2.Response) -> str:
    try:
        return response.content.decode()
    except UnicodeDecodeError as error:
        raise NotProved("note-malformed") from error


def _with(path: str, query: Mapping[str, str | int]) -> str:
    words = f"?{urlencode(query)}" if query else ""
    return quote(path, safe="/") + words


def _local(path: str) -> bool:
    """Whether a link of an answer stays on its server."""
    parts = urlsplit(path)
    return path.startswith("/v1/") and not parts.scheme and not parts.netloc
