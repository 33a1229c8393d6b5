"""What a witness answers (https://c2sp.org/tlog-witness): pure, its memory handed in and out.

It cosigns a head only where the log's key signed it and a proof leads to it from the head that
it cosigned last; so two histories of one log cannot both find its cosignature.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.errors import NoteError, ProofError
from ledger.log.merkle import EMPTY_ROOT, HASH_BYTES, verify_consistency
from ledger.log.note import Verifier, split_note
from ledger.log.witness import CONFLICT, PROOF_MAX, SIZE_TYPE, UNPROCESSABLE, Response

_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})", re.ASCII)
MALFORMED, UNKNOWN_KEY, UNKNOWN_LOG, COSIGNED = 400, 403, 404, 200


@dataclass(frozen=True)
class Seen:
    """The head of a log that was cosigned last; a log never seen is empty."""

    size: int = 0
    root: bytes = EMPTY_ROOT


@dataclass(frozen=True)
class Verdict:
    """A head to remember and cosign, or the refusal to send instead."""

    head: Checkpoint | None = None
    status: int = COSIGNED
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def refusal(self) -> Response:
        """Status, headers and body."""
        return self.status, self.headers, self.body


def consider(
    request: bytes, logs: Iterable[Verifier], recall: Callable[[str], Seen]
) -> tuple[Verdict, str]:
    """Judge an ``add-checkpoint`` of a log among ``logs``; also the checkpoint's three lines.

    ``recall`` gives what was cosigned last under an origin.  The caller must make a verdict's
    head durable before it cosigns, and let nobody else in between recall and that moment.
    """
    try:
        old, proof, note = _parse(request)
        text, _ = split_note(note)
    except (ValueError, NoteError):
        return Verdict(status=MALFORMED), ""
    origin = text.partition("\n")[0]
    trusted = [key for key in logs if key.name == origin]
    if not trusted:
        return Verdict(status=UNKNOWN_LOG), ""
    try:
        head, _ = open_checkpoint(note, trusted)
    except NoteError:
        return Verdict(status=UNKNOWN_KEY), ""
    if old > head.size:
        return Verdict(status=MALFORMED), ""
    return _compare(old, proof, head, recall(origin)), text


def _compare(old: int, proof: list[bytes], head: Checkpoint, seen: Seen) -> Verdict:
    if old != seen.size:
        size = f"{seen.size}\n".encode()
        return Verdict(None, CONFLICT, {"Content-Type": SIZE_TYPE}, size)
    try:
        verify_consistency(old, head.size, proof, seen.root, head.root)
    except ProofError:
        return Verdict(status=UNPROCESSABLE)
    return Verdict(head)


def _parse(request: bytes) -> tuple[int, list[bytes], str]:
    """Old size, proof and signed note; raises ValueError."""
    head, blank, note = request.decode("utf-8").partition("\n\n")
    first, *lines = head.split("\n")
    match = _OLD.fullmatch(first)
    if not blank or match is None or len(lines) > PROOF_MAX:
        raise ValueError("not a request to add a checkpoint")
    proof = [base64.b64decode(line, validate=True) for line in lines]
    for line, step in zip(lines, proof, strict=True):
        if len(step) != HASH_BYTES or base64.b64encode(step).decode() != line:
            raise ValueError("not a hash")
    return int(match[1]), proof, note
