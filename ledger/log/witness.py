"""The client of a witness (https://c2sp.org/tlog-witness): ask for a cosignature.

Pure but for an injected ``post``.  A conflict at another size is answered by a proof from that
size; a conflict at the same size, or a proof that the witness refuses, means that it holds
another history, and nothing is sent again.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence

from ledger.log.checkpoint import parse_checkpoint
from ledger.log.errors import NoteError, WitnessError
from ledger.log.note import Verifier, split_note

Response = tuple[int, Mapping[str, str], bytes]
Post = Callable[[str, bytes], Response]
Prove = Callable[[int, int], Sequence[bytes]]

PROOF_MAX = 63
ANSWER_BYTES_MAX = 65_536
ATTEMPTS = 3
CONFLICT, UNPROCESSABLE = 409, 422
SIZE_TYPE = "text/x.tlog.size"
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")
_REFUSALS = {400: "witness-bad-request", 403: "witness-key-unknown", 404: "witness-log-unknown"}


def format_request(old: int, proof: Sequence[bytes], checkpoint: str) -> bytes:
    """The body of ``add-checkpoint``."""
    if len(proof) > PROOF_MAX:
        raise WitnessError("witness-proof-too-long")
    hashes = "".join(f"{base64.b64encode(step).decode()}\n" for step in proof)
    return f"old {old}\n{hashes}\n{checkpoint}".encode()


def read_lines(body: bytes, checkpoint: str, verifiers: Sequence[Verifier]) -> list[str]:
    """The witness's own cosignature lines out of a 200, verified; others are ignored."""
    text, _ = split_note(checkpoint)
    try:
        answer = body.decode("utf-8")
        _, given = split_note(f"{text}\n{answer}")
    except (UnicodeDecodeError, NoteError) as error:
        raise WitnessError("witness-answer-malformed") from error
    lines = answer.split("\n")[:-1]
    known = {(verifier.name, verifier.id): verifier for verifier in verifiers}
    kept: list[str] = []
    for line, (name, raw) in zip(lines, given, strict=True):
        verifier = known.pop((name, raw[:4]), None)
        if verifier is None:
            continue
        try:
            verifier.check(text, raw[4:])
        except NoteError as error:
            raise WitnessError("witness-cosignature-invalid") from error
        kept.append(f"{line}\n")
    if not kept:
        raise WitnessError("witness-cosignature-missing")
    return kept


def next_size(old: int, size: int, headers: Mapping[str, str], body: bytes) -> int:
    """The size to prove from after a 409; raises WitnessError, ``fork`` where there is none."""
    kind = next((v for k, v in headers.items() if k.lower() == "content-type"), "")
    match = _SIZE.fullmatch(body)
    if kind.partition(";")[0].strip() != SIZE_TYPE or match is None:
        if old == size:
            raise WitnessError("witness-root-differs", fork=True)
        raise WitnessError("witness-answer-malformed")
    known = int(match[1])
    if known == old:  # at our own size the roots must differ; elsewhere it contradicts itself
        if old == size:
            raise WitnessError("witness-root-differs", fork=True)
        raise WitnessError("witness-answer-malformed")
    if known > size:
        raise WitnessError("witness-ahead", known=known)
    return known


def cosign_with(
    post: Post,
    prefix: str,
    verifiers: Sequence[Verifier],
    checkpoint: str,
    prove: Prove,
    old: int = 0,
) -> list[str]:
    """Ask one witness to cosign ``checkpoint``; gives its verified signature lines.

    ``prove(m, n)`` is the consistency proof; ``old`` the size that the witness last cosigned, as
    far as known; it must not exceed the checkpoint's.  Raises WitnessError; a transport's
    TimeoutError or OSError becomes ``witness-unreachable``.
    """
    text, _ = split_note(checkpoint)
    size = parse_checkpoint(text).size
    if old > size:
        raise WitnessError("witness-ahead", known=old)
    url = f"{prefix.rstrip('/')}/add-checkpoint"
    for _attempt in range(ATTEMPTS):
        proof = prove(old, size) if 0 < old < size else ()
        try:
            status, headers, body = post(url, format_request(old, proof, checkpoint))
        except OSError as error:
            raise WitnessError("witness-unreachable") from error
        if len(body) > ANSWER_BYTES_MAX:
            raise WitnessError("witness-answer-malformed")
        if status == 200:
            return read_lines(body, checkpoint, verifiers)
        if status == UNPROCESSABLE:
            raise WitnessError("witness-proof-refused", fork=True)
        if status != CONFLICT:
            raise WitnessError(_REFUSALS.get(status, "witness-unavailable"))
        old = next_size(old, size, headers, body)
    raise WitnessError("witness-busy")
