"""A rule set: the texts that held on a day, as known at a log size, under one digest.

An answer names the digest, so that whoever asks again can see whether any rule has changed since,
also one that was not asked about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from ledger.statements.canonical import encode
from ledger.writer.kinds import Row


def holding(rows: Iterable[Row], as_of: str, size: int) -> list[Row]:
    """One text of each rule, sorted by rule: of those approved at ``size``, the one of ``as_of``.

    The text with the latest first day counts, of several with one first day the one stated last.
    """
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: (row["rule"], row["valid_from"], row["index"])):
        if row["approved"] is not None and row["approved"] < size and row["valid_from"] <= as_of:
            found[row["rule"]] = row
    return [found[name] for name in sorted(found)]


def digest(rows: Iterable[Row]) -> str:
    """SHA-256, in hex, of the canonical list of rule, digest of its text, and entry."""
    named = sorted([row["rule"], row["digest"], row["index"]] for row in rows)
    return hashlib.sha256(encode(named)).hexdigest()
