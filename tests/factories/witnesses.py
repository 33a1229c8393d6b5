"""Witnesses for tests: our own small ones in this process, and the policy that names them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.note import COSIGNATURE, Verifier, parse_vkey
from ledger.log.witness import Response
from portal.witnesses.serving import SmallWitness, application

SECONDS = 1_800_000_000


class Double:
    """A witness that counts what it is asked, and can be made to fail in a given way."""

    def __init__(self, folder: Path, name: str, vkey: str, seed: int) -> None:
        folder.mkdir(exist_ok=True)
        self.name = name
        self.key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.verifier = Verifier(name, self.key.public_key().public_bytes_raw(), COSIGNATURE)
        logs = [parse_vkey(vkey)]
        self.small = SmallWitness(folder, name, self.key, logs, lambda: SECONDS)
        self.asked: list[int] = []
        self.instead: Response | OSError | None = None

    def post(self, body: bytes) -> Response:
        """Answer one request."""
        self.asked.append(int(body.split(b"\n", 1)[0].removeprefix(b"old ")))
        if isinstance(self.instead, OSError):
            raise self.instead
        return self.instead or self.small.add(body)


def policy_text(witnesses: Sequence[Any], quorum: int, prefix: str = "http://127.0.0.1:1") -> str:
    """A policy of which so many witnesses must agree; each has an address below ``prefix``."""
    lines = [f"witness {w.name} {w.verifier.vkey} {prefix}/{w.name}" for w in witnesses]
    names = " ".join(w.name for w in witnesses)
    return "\n".join([*lines, f"group all-of-them {quorum} {names}", "quorum all-of-them", ""])


@contextmanager
def served(small: SmallWitness) -> Iterator[str]:
    """A witness over HTTP, for the length of a block; its address."""
    with make_server("127.0.0.1", 0, application(small), handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
