"""What an audit found gone, held against what statements on the record have given up."""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.writer.errors import IntegrityFault
from ledger.writer.kept import ATTACHED, ERASURE
from ledger.writer.state import State


@dataclass
class Gone:
    """Bodies by index, time and retention class; attachments by index and name."""

    bodies: list[tuple[int, int, str]] = field(default_factory=list)
    attachments: set[tuple[int, str]] = field(default_factory=set)

    def unexplained(self, state: State, *, supervisor: bool) -> list[IntegrityFault]:
        """The faults: erased without or before leave, or still there though erased.

        ``state`` is that of the record's end.  Who attached what is private, so only a
        supervisor can tell for attachments.
        """
        faults, given_up = [], set()
        for index, at, kept in self.bodies:
            row = state.get(ERASURE, kept)
            if row is None or at >= row["before_at"]:
                faults.append(IntegrityFault("body-erased-unstated", index=index, kept=kept))
            else:
                given_up.add(index)
        if not supervisor:
            return faults
        stated = {key for key, row in state.rows(ATTACHED).items() if row["erased_at"] is not None}
        for index, name in sorted(self.attachments - stated):
            if index not in given_up:
                faults.append(IntegrityFault("attachment-erased-unstated", index=index, name=name))
        for index, name in sorted(stated - self.attachments):
            faults.append(IntegrityFault("attachment-not-erased", index=index, name=name))
        return faults
