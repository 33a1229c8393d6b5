"""Believing a log: signed by the key that follows from the pinned one, and never two histories."""

from __future__ import annotations

from collections.abc import Callable

from ledger.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.log.errors import LogError, ProofError
from ledger.log.merkle import verify_consistency
from ledger.log.note import ID_BYTES, Verifier, split_note
from ledger.log.reader import TileReader, consistency_proof
from ledger.log.receipt import Verified, parse_receipt
from ledger.parties.key_history import KeyHistory, follow
from portal.client.errors import Fork, NotProved
from portal.client.memory import Held, Memory


class Trust:
    """A pinned key, what was verified with it, and the means to check what comes next.

    ``tiles`` reads hash tiles of the server, ``history`` its key history; neither is believed.
    """

    def __init__(
        self, pinned: Verifier, memory: Memory, tiles: TileReader, history: Callable[[], bytes]
    ) -> None:
        self._pinned = pinned
        self._memory = memory
        self._tiles = tiles
        self._history = history

    @property
    def last(self) -> Checkpoint | None:
        """The newest checkpoint that was verified, by this process or one before it."""
        note = self._memory.read().note
        return None if note is None else parse_checkpoint(split_note(note)[0])

    def accept(self, note: str) -> Checkpoint:
        """Verify a checkpoint against the key and against what is remembered; remember the newer.

        Raises Fork where both cannot be heads of one history, NotProved where the signature or
        the tiles do not hold.
        """
        while True:
            held = self._memory.read()
            keys, history = self._keys(note, held)
            head = _opened(note, keys)
            known = None if held.note is None else _opened(held.note, keys)
            if known is not None and held.note is not None:
                self._compare(known, head, held.note, note)
            newest = note if known is None or head.size > known.size else held.note
            if newest == held.note and history == held.history:
                return head
            if self._memory.replace(held, Held(newest, history)):
                return head

    def accept_receipt(self, leaf: bytes, receipt: str) -> Verified:
        """Verify that the log commits to a leaf, and that its head is one of our history."""
        try:
            note = parse_receipt(receipt)[2]
            self.accept(note)
            keys, _ = self._keys(note, self._memory.read())
            return keys.verify_receipt(leaf, receipt)
        except LogError as error:
            raise NotProved(error.code) from error

    def _keys(self, note: str, held: Held) -> tuple[KeyHistory, str | None]:
        """The keys that are known; asked for anew where another of the log's own has signed."""
        try:
            keys = follow(self._pinned, held.history.encode() if held.history else None)
            if not _signed_by_unknown(note, keys):
                return keys, held.history
            history = self._history().decode()
            longer = follow(self._pinned, history.encode())
        except (LogError, UnicodeDecodeError) as error:
            raise NotProved(getattr(error, "code", "log-keys-malformed")) from error
        if longer.keys[: len(keys.keys)] != keys.keys:
            raise NotProved("log-keys-broken")
        return (longer, history) if len(longer.keys) > len(keys.keys) else (keys, held.history)

    def _compare(self, known: Checkpoint, head: Checkpoint, held: str, note: str) -> None:
        small, large = sorted((known, head), key=lambda item: item.size)
        if small.size == large.size:
            if small.root != large.root:
                raise Fork("fork", held, note)
            return
        try:
            proof = consistency_proof(self._tiles, small.size, large.size)
            verify_consistency(small.size, large.size, proof, small.root, large.root)
        except ProofError as error:
            raise Fork("not-consistent", held, note) from error


def _signed_by_unknown(note: str, keys: KeyHistory) -> bool:
    """Whether a note bears a line in the log's name by a key that was not followed yet."""
    known = {key.id for key, _ in keys.keys}
    lines = split_note(note)[1]
    return any(name == keys.newest.name and raw[:ID_BYTES] not in known for name, raw in lines)


def _opened(note: str, keys: KeyHistory) -> Checkpoint:
    try:
        size = parse_checkpoint(split_note(note)[0]).size
        head, _ = open_checkpoint(note, [keys.key_for(size)])
    except LogError as error:
        raise NotProved(error.code) from error
    return head
