"""What the client gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """An accepted statement: its entry, the outcome's part for its author, the log's size.

    ``replayed`` holds where the statement stood on the record already.
    """

    index: int
    outcome: Mapping[str, Any]
    checkpoint_size: int | None
    replayed: bool


@dataclass(frozen=True)
class Proved:
    """An entry that the pinned key commits to, with the two files that show it to anybody."""

    index: int
    size: int
    root: bytes
    leaf: bytes
    receipt: str
