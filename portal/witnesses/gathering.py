"""Gathering cosignatures of one head until the quorum has signed it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from ledger.log.note import Verifier
from ledger.log.policy import Policy, Witness
from portal.home.record import Head

PATIENCE_SECONDS = 10
"""How long a head without a quorum holds back the next: witnesses must be asked about one head
to agree on it, but a dead one must not stop the others."""


class Gathering:
    """The head that all witnesses are asked about; from any thread.

    ``publish`` is called with a head and its cosignature lines, first when these make the quorum
    and again for each that follows, never with a smaller head than before.
    """

    def __init__(self, policy: Policy, publish: Callable[[Head, Sequence[str]], None]) -> None:
        self._policy = policy
        self._publish = publish
        self._lock = threading.Lock()
        self._target: Head | None = None
        self._since = 0.0
        self._lines: dict[Verifier, list[str]] = {}

    def offer(self, head: Head, now: float, signed: Sequence[tuple[Witness, str]] = ()) -> None:
        """Ask about the log's newest head, once the one before is settled or has had its time.

        ``now`` is a moment of any steady clock, in seconds; ``signed`` are lines known before.
        """
        with self._lock:
            target = self._target
            if target is not None:
                waiting = not self._policy.reached(self._lines)
                if head.size <= target.size or (waiting and now < self._since + PATIENCE_SECONDS):
                    return
            self._target, self._since = head, now
            self._lines = {witness.verifier: [line] for witness, line in signed}

    def wanted(self, witness: Witness) -> Head | None:
        """The head that a witness has yet to cosign, or None."""
        with self._lock:
            return None if witness.verifier in self._lines else self._target

    def add(self, witness: Witness, head: Head, lines: list[str]) -> None:
        """Take verified lines; those of a head that is no longer asked about are let go.

        Raises OSError where they cannot be published.
        """
        with self._lock:
            if head != self._target:
                return
            self._lines[witness.verifier] = lines
            if self._policy.reached(self._lines):
                # In the policy's order, so that the same signers always make the same note.
                order = [w.verifier for w in self._policy.witnesses if w.verifier in self._lines]
                try:
                    self._publish(head, [line for key in order for line in self._lines[key]])
                except OSError:
                    del self._lines[witness.verifier]  # it is asked again, and then published
                    raise
