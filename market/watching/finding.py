"""What a detector gives: whom it concerns, which entries show it, by which figures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

DETECTORS = (
    "wash",
    "ring",
    "layering",
    "close",
    "ramp",
    "block",
    "corner",
    "velocity",
    "names",
)
Limits = Mapping[str, Any]
"""The thresholds of one detector by name: whole numbers, and shares as fractions."""


@dataclass(frozen=True)
class Found:
    """One finding; ``figures`` have their units in their names, ``passed`` the thresholds."""

    detector: str
    instrument: str | None
    parties: tuple[str, ...]
    entries: tuple[int, ...]
    figures: Mapping[str, int]
    passed: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The same finding has the same digest, whenever it is made."""
        return digest(self.detector, self.entries)


def digest(detector: str, entries: Iterable[int]) -> str:
    """A finding's name, from its detector and its evidence in order."""
    text = ",".join(map(str, sorted(set(entries))))
    return hashlib.sha256(f"qingzhang/finding/v1\n{detector}\n{text}".encode()).hexdigest()


def evidence(rows: Iterable[Any]) -> tuple[int, ...]:
    """The entries of rows, in order and once each."""
    return tuple(sorted({row.index for row in rows}))


def points(part: int, whole: int) -> int:
    """A share in basis points, rounded towards zero; nothing of nothing is nothing."""
    return part * 10_000 // whole if whole else 0
