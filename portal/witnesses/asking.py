"""Asking witnesses for cosignatures, in the background of a process that writes.

Each witness has a thread of its own, and none of them is on the way of a statement or an answer:
whatever a witness does, only its own cosignature is late.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from ledger.log.errors import NoteError, WitnessError
from ledger.log.note import Verifier, open_note, split_note
from ledger.log.policy import Policy, Witness
from ledger.log.reader import consistency_proof
from ledger.log.witness import Post, cosign_with
from ledger.writer.store import Tiles
from portal.config import Settings
from portal.home.record import Head, Record
from portal.witnesses.files import read, replace
from portal.witnesses.gathering import Gathering
from portal.witnesses.standing import Standing, keep, recall

LOGGER = logging.getLogger("qingzhang.witnesses")
SECONDS = 1
"""How often the log's end is looked at; a head that nothing follows is asked about once."""
WAIT_SECONDS_MAX = 300
LEAVE_SECONDS = 1


def wall() -> int:
    """The host's clock in UTC milliseconds, jumps and all."""
    return time.time_ns() // 1_000_000


class Stopped(Exception):
    """The server ends while a witness is asked."""


class Asking:
    """Asks the policy's witnesses about the log's newest head from ``start`` to ``stop``."""

    def __init__(
        self,
        settings: Settings,
        record: Record,
        policy: Policy,
        post: Post,
        clock: Callable[[], int] = wall,
    ) -> None:
        """``clock`` tells UTC milliseconds, for show alone."""
        self._settings = settings
        self._folder = settings.witnesses
        self._record = record
        self._policy = policy
        self._clock = clock
        self._post = post
        self._keys = [witness.verifier for witness in policy.witnesses]
        self._asked = [witness for witness in policy.witnesses if witness.url is not None]
        self._gathering = Gathering(policy, self._publish)
        self._again: dict[str, float] = {}
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to ask."""
        self.review()
        runs: list[tuple[str, Callable[[float], None]]] = [("heads", self.look)]
        runs += [(witness.name, partial(self.ask, witness)) for witness in self._asked]
        for name, step in runs:
            thread = threading.Thread(
                target=self._repeat, args=(step,), name=f"witness {name}", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def review(self) -> None:
        """Publish no longer what another policy was content with."""
        note = read(self._settings.cosigned)
        if note is None:
            return
        try:
            _, signed = open_note(note, self._keys)
        except NoteError:
            signed = []
        if not (signed and self._policy.reached(signed)):
            self._settings.cosigned.unlink(missing_ok=True)

    def stop(self) -> None:
        """Ask nobody else; whoever has been asked is not waited for longer than a moment."""
        self._stopped.set()
        until = time.monotonic() + LEAVE_SECONDS
        for thread in self._threads:
            thread.join(max(0, until - time.monotonic()))

    def look(self, now: float) -> None:
        """Offer the log's newest head; ``now`` is a moment of a steady clock, in seconds."""
        with self._record.reading() as connection:
            head = self._record.head(connection)
        self._gathering.offer(head, now, self._signed(head))

    def ask(self, witness: Witness, now: float) -> None:
        """Ask a witness about the head in question, unless it has signed, waits, or has forked."""
        head = self._gathering.wanted(witness)
        if head is None or now < self._again.get(witness.name, now):
            return
        known = recall(self._folder, witness)
        if known.fork:
            return
        try:
            lines = self._lines(witness, head, known.size)
        except WitnessError as error:
            if not self._stopped.is_set():
                self._refused(witness, head, known, error)
                wait = min(2**known.faults, WAIT_SECONDS_MAX)
                self._again[witness.name] = now + wait
            return
        if not self._stopped.is_set():
            self._again.pop(witness.name, None)
            keep(self._folder, witness, Standing(head.size, self._clock()))
            self._gathering.add(witness, head, lines)

    def _lines(self, witness: Witness, head: Head, old: int) -> list[str]:
        if old > head.size:
            raise WitnessError("witness-ahead", known=old)
        verifiers = [witness.verifier]
        return cosign_with(self._post, witness.url or "", verifiers, head.note, self._prove, old)

    def _prove(self, first: int, second: int) -> Sequence[bytes]:
        if self._stopped.is_set():
            raise Stopped
        with self._record.reading() as connection:
            return consistency_proof(Tiles(connection), first, second)

    def _refused(self, witness: Witness, head: Head, known: Standing, error: WitnessError) -> None:
        fork = error.fork
        if error.known is not None:
            # Heads are asked about after they are durable: what is beyond the log was lost here.
            with self._record.reading() as connection:
                fork = error.known > self._record.head(connection).size
        LOGGER.log(
            logging.CRITICAL if fork else logging.WARNING,
            "witness %s at size %d: %s",
            witness.name,
            head.size,
            error.code,
        )
        keep(
            self._folder,
            witness,
            Standing(
                known.size,
                known.at,
                error.code,
                self._clock(),
                min(known.faults + 1, 30),
                fork,
                head.note if fork else None,
            ),
        )

    def _publish(self, head: Head, lines: Iterable[str]) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        replace(self._settings.cosigned, f"{head.note}{''.join(lines)}")

    def _signed(self, head: Head) -> list[tuple[Witness, str]]:
        """The lines of this head that were published before the server was started anew."""
        note = read(self._settings.cosigned)
        if note is None or not note.startswith(head.note):
            return []
        try:
            _, signed = open_note(note, self._keys)
            _, given = split_note(note)
        except NoteError:
            return []
        lines = note.splitlines(keepends=True)[-len(given) :]
        keys = {(key.name, key.id): key for key in signed}
        found: dict[Verifier, str] = {}
        for line, (name, raw) in zip(lines, given, strict=True):
            key = keys.get((name, raw[:4]))
            if key is not None:
                found[key] = line
        return [(w, found[w.verifier]) for w in self._policy.witnesses if w.verifier in found]

    def _repeat(self, step: Callable[[float], None]) -> None:
        while not self._stopped.is_set():
            try:
                step(time.monotonic())
            except Stopped:
                return
            except (OSError, SQLAlchemyError) as error:
                LOGGER.warning("witnesses: %r", error)  # the disk or database; health says so
            self._stopped.wait(SECONDS)
