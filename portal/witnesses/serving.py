"""A small witness: one key, some logs, a folder that remembers. For tests, demonstrations, and
for whoever wants to watch a log without other software."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.merkle import HASH_BYTES
from ledger.log.note import Verifier, cosign
from ledger.log.witness import Response
from ledger.log.witnessing import Seen, consider
from ledger.writer.errors import IntegrityFault
from portal.witnesses.files import replace

REQUEST_BYTES_MAX = 1_000_000
PATH = "/add-checkpoint"
REASONS = {
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    422: "Unprocessable Content",
}


class SmallWitness:
    """Judges one request at a time, and cosigns only what it has made durable before."""

    def __init__(
        self,
        folder: Path,
        name: str,
        key: Ed25519PrivateKey,
        logs: Sequence[Verifier],
        clock: Callable[[], int],
    ) -> None:
        """``folder`` is there and nobody else's; ``logs`` are the keys whose heads are judged;
        ``clock`` tells POSIX seconds."""
        self._folder = folder
        self._name = name
        self._key = key
        self._logs = logs
        self._clock = clock
        self._lock = threading.Lock()

    def add(self, request: bytes) -> Response:
        """Answer an ``add-checkpoint``; raises IntegrityFault where its memory is damaged."""
        with self._lock:
            verdict, text = consider(request, self._logs, self._recall)
            if verdict.head is None:
                return verdict.refusal
            head = verdict.head
            known = {"origin": head.origin, "size": head.size, "root": head.root.hex()}
            replace(self._place(head.origin), json.dumps(known, ensure_ascii=False))
        line = cosign(text, self._name, self._key, self._clock())
        return 200, {"Content-Type": "text/plain; charset=utf-8"}, line.encode()

    def _place(self, origin: str) -> Path:
        return self._folder / f"{hashlib.sha256(origin.encode()).hexdigest()}.json"

    def _recall(self, origin: str) -> Seen:
        """What was cosigned last; a file that cannot be read must never count as an empty log."""
        path = self._place(origin)
        if not path.exists():
            return Seen()
        try:
            value = json.loads(path.read_bytes())
            seen = Seen(value["size"], bytes.fromhex(value["root"]))
            good = value["origin"] == origin and len(seen.root) == HASH_BYTES and seen.size >= 0
        except (ValueError, KeyError, TypeError) as error:
            raise IntegrityFault("witness-memory-damaged", file=path.name) from error
        if not good:
            raise IntegrityFault("witness-memory-damaged", file=path.name)
        return seen


def application(witness: SmallWitness) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """The WSGI application of a witness: one address, and nothing else."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        status, headers, body = _routed(witness, environ)
        sent = [*headers.items(), ("Content-Length", str(len(body)))]
        start_response(f"{status} {REASONS[status]}", sent)
        return [body]

    return answer


def _routed(witness: SmallWitness, environ: dict[str, Any]) -> Response:
    if environ["PATH_INFO"] != PATH:
        return 404, {}, b""
    if environ["REQUEST_METHOD"] != "POST":
        return 405, {"Allow": "POST"}, b""
    size = int(environ.get("CONTENT_LENGTH") or 0)
    if size > REQUEST_BYTES_MAX:
        return 413, {}, b""
    return witness.add(environ["wsgi.input"].read(size))
