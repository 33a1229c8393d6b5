"""What an audit found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ledger.writer.errors import IntegrityFault


@dataclass
class Report:
    """What an audit found; ``faults`` is empty where everything proves itself.

    ``replayed`` entries were decided again, ``sealed`` ones were not open to the reader and only
    applied, ``own`` ones are those of a party that it read itself, ``erased`` ones have no body.
    ``vkey`` is the log's first key, which everything is held against: the pinned one, or, where
    none was, the one that genesis states.
    """

    entries: int = 0
    replayed: int = 0
    sealed: int = 0
    own: int = 0
    erased: int = 0
    attachments_erased: int = 0
    signatures: int = 0
    checkpoints: int = 0
    vkey: str = ""
    root: str = ""
    faults: list[IntegrityFault] = field(default_factory=list)

    def fault(self, code: str, **params: Any) -> None:
        """Note something that does not hold."""
        self.faults.append(IntegrityFault(code, **params))
