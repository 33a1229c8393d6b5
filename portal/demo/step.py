"""A step of the demonstration, and the digests of its seeded documents."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from portal.demo.cast import LABEL

BOTH = ("op-1", "op-2")
OFFICERS = ("registrar-1", "registrar-2")


@dataclass(frozen=True)
class Step:
    """One statement of the story: who, what, with which operators' keys, on which day.

    ``refers`` fills body fields with ids of earlier steps, ``late`` with what follows from the
    log indices of earlier named steps, ``asks`` also with what the record says;
    ``expect`` is the refusal code where the rules must refuse.
    ``minute`` is the earliest minute after half past nine; each step is later than the one before.
    """

    day: str
    party: str
    type: str
    body: dict[str, Any]
    signers: tuple[str, ...]
    name: str = ""
    refers: dict[str, str] = field(default_factory=dict)
    expect: str | None = None
    late: Callable[[Mapping[str, int]], dict[str, Any]] | None = None
    asks: Callable[[Connection, Mapping[str, int]], dict[str, Any]] | None = None
    minute: int = 0


def digest(document: str) -> str:
    """The digest of a seeded document."""
    return hashlib.sha256(f"{LABEL} {document}".encode()).hexdigest()
