"""One turn of the writer: from the lock on the head row to the moment before the commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from ledger.log.merkle import leaf_hash
from ledger.log.reader import root_at
from ledger.log.tiles import Edge
from ledger.statements.canonical import parse
from ledger.statements.errors import StatementError
from ledger.writer import bulk, store, tables
from ledger.writer.clock import Clock, advance
from ledger.writer.engine import Engine
from ledger.writer.errors import (
    BrokenInvariant,
    ForkRefused,
    NotAuthenticated,
    NotKnown,
    Unavailable,
)
from ledger.writer.frames import pack
from ledger.writer.headfile import HeadFile
from ledger.writer.kept import ATTACHED, erase_contents
from ledger.writer.kinds import Key, Kind, Row
from ledger.writer.leaf import make_body, make_leaf
from ledger.writer.log_keys import LOG_KEY, LogSigner, log_keys, signing
from ledger.writer.outcome import Outcome
from ledger.writer.projections import totals
from ledger.writer.scheduler import PARTY, Scheduler
from ledger.writer.state import State

if TYPE_CHECKING:
    from ledger.writer.writer import Pending, Reply

CACHE_ROWS = 1_000_000


class WriterState:
    """What the writer keeps between turns: head, right edge of the tree, row cache."""

    def __init__(
        self,
        origin: str,
        engine: Engine,
        signer: LogSigner,
        head_file: HeadFile,
        clock: Clock,
        scheduler: Scheduler,
    ) -> None:
        self.origin = origin
        self.engine = engine
        self.signer = signer
        self.clock = clock
        self.scheduler = scheduler
        self.aside: set[str] = set()
        self._head_file = head_file
        self.head: store.Head | None = None
        self._epoch: int | None = None
        self.edge = Edge()
        self.rows: State | None = None

    @property
    def size(self) -> int:
        """Entries in the log as this writer left it."""
        return self.head.size if self.head else 0

    def take_over(self, connection: Connection) -> None:
        """Lock the head, raise the epoch, and prove the stored tree before going on.

        Raises ForkRefused where the database is behind or off the head file, or where the
        stored entries do not hash to the stored root.
        """
        head = store.read_head(connection, self.origin, lock=True)
        if head is None:
            raise Unavailable("ledger-missing", retry=False, origin=self.origin)
        known = self._head_file.last()
        size, root = known or (0, "")
        if size > head.size:
            raise ForkRefused("database-behind-head-file", database=head.size, known=size)
        if size and root_at(store.Tiles(connection), size).hex() != root:
            raise ForkRefused("database-off-head-file", size=size)
        epoch = self._epoch = head.epoch + 1
        own = store.Head(head.size, head.root, epoch, head.at)
        self._advance(connection, head, own)
        self._load(connection, own)
        self._promise(own, known)

    def _promise(self, head: store.Head, known: tuple[int, str] | None) -> None:
        """Bring the head file, where it missed a commit, up to the head; raises OSError."""
        if head.size > (known[0] if known else 0):
            self._head_file.append(head.size, head.root)

    def _load(self, connection: Connection, head: store.Head) -> None:
        self.edge = Edge.restore(store.Tiles(connection), head.size)
        if head.size and self.edge.root().hex() != head.root:
            raise ForkRefused("entries-off-root", size=head.size)
        self.head = head
        self.rows = None

    def begin(self, connection: Connection) -> State:
        """Lock the head row and return the row cache, dropped if another writer was here."""
        head = store.read_head(connection, self.origin, lock=True)
        if head is None:
            raise Unavailable("ledger-missing", retry=False, origin=self.origin)
        if head.epoch != self._epoch:
            # Another writer took over; to go on would be two hands on one log.
            raise ForkRefused("fenced-out", epoch=head.epoch, own=self._epoch)
        if self.head is None or (head.size, head.root) != (self.head.size, self.head.root):
            known = self._head_file.last()
            if known and known[0] > head.size:
                raise ForkRefused("database-behind-head-file", database=head.size, known=known[0])
            self._load(connection, head)
            self._promise(head, known)
        if self.rows is None or len(self.rows) > CACHE_ROWS:
            self.rows = State(store.Rows(connection))
        else:
            self.rows.reload_from(store.Rows(connection))
        return self.rows

    def _advance(self, connection: Connection, old: store.Head, new: store.Head) -> None:
        if not store.move_head(connection, self.origin, old, new):
            raise ForkRefused("fenced-out", epoch=old.epoch)

    def advance(self, connection: Connection, new: store.Head) -> None:
        """Move the head by a conditional update, which is the fence."""
        assert self.head is not None
        self._advance(connection, self.head, new)

    def committed(self, turn: Turn) -> None:
        """After the commit: remember the head here and outside the database."""
        if turn.new_head is not None:
            self.head = turn.new_head
            self.edge = turn.edge
            self._head_file.append(turn.new_head.size, turn.new_head.root)
        if self.rows is not None:
            self.rows.written()

    def drop(self) -> None:
        """Forget everything cached; the next turn reads the head again."""
        self.head = None
        self.rows = None
        self.aside.clear()

    def idle(self) -> bool:
        """Whether nothing can have fallen due, as far as memory tells.

        Raises Unavailable where the clock has jumped.
        """
        if self.rows is None:
            return False
        return not self.rows.may_be_due(self.clock.now())

    def replies(self, connection: Connection, batch: Sequence[Pending]) -> list[Reply | None]:
        """The answers of statements that are already in the log."""
        head = store.read_head(connection, self.origin)
        size = head.size if head else 0
        ids = [item.submission.envelope.payload.id for item in batch]
        known = store.known_ids(connection, ids)
        return [stored_reply(connection, size, item, known) for item in batch]

    def close(self) -> None:
        """Let go of the head file."""
        self._head_file.close()


def stored_reply(
    connection: Connection, size: int, item: Pending, known: dict[tuple[str, str], tuple[str, int]]
) -> Reply | None:
    """The first answer again, a conflict, or None for an id that is not yet spent."""
    from ledger.writer.writer import Reply  # noqa: PLC0415  (the two name each other)

    envelope = item.submission.envelope
    spent = known.get((envelope.payload.party, envelope.payload.id))
    if spent is None:
        return None
    digest, index = spent
    if digest != envelope.payload_sha256:
        return Reply("conflict", index=index, answer={"code": "id-spent"})
    entry = store.read_entry(connection, index)
    if entry is None:
        raise BrokenInvariant("entry-missing", index=index)
    return Reply("replayed", index, size, answer_of(entry))


def answer_of(entry: store.StoredEntry) -> dict[str, Any]:
    """What the author was told, from the stored outcome."""
    public = parse(entry.outcome, max_bytes=1 << 30)["public"]
    if "result" not in public:
        public = parse(entry.body, max_bytes=1 << 30)["parts"][0]
    return {name: public[name] for name in ("result", "code", "params") if name in public}


class Turn:
    """The work of one commit."""

    def __init__(self, state: WriterState) -> None:
        self._writer = state
        self.edge = state.edge
        self.new_head: store.Head | None = None
        self.broken: list[tuple[str, BaseException]] = []
        self._leaves: list[bytes] = []
        self._outcomes: list[bytes] = []
        self._bodies: list[bytes] = []
        self._ids: list[dict[str, Any]] = []
        self._concerns: list[dict[str, Any]] = []
        self._attachments: list[dict[str, Any]] = []
        self._spent: dict[tuple[str, str], tuple[str, int]] = {}

    def run(self, connection: Connection, batch: Sequence[Pending]) -> list[Reply]:
        """Decide and write a batch; the caller commits.  Answers are in batch order."""
        from ledger.writer.writer import Reply  # noqa: PLC0415  (the two name each other)

        writer = self._writer
        state = writer.begin(connection)
        head = writer.head
        assert head is not None
        at = advance(writer.clock, head.at)
        known = store.known_ids(connection, [i.submission.envelope.payload.id for i in batch])
        replies: list[Reply] = []
        self._apply_due(connection, state, at, head.size)
        for item in batch:
            reply = stored_reply(connection, head.size, item, known) or self._twin(item)
            if reply is None:
                reply = self._one(state, item, at, head.size + len(self._leaves))
                if state.may_be_due(at):
                    self._apply_due(connection, state, at, head.size)
            replies.append(reply)
        if self._leaves:
            self._write(connection, state, head, at)
        size = head.size + len(self._leaves)
        return [r if r.index is None else Reply(r.status, r.index, size, r.answer) for r in replies]

    def _apply_due(self, connection: Connection, state: State, at: int, first: int) -> None:
        """State what is due by ``at`` before anything else.

        An item that breaks, or that the rules refuse, is a defect of ours: it raises the alarm
        and is set aside, so that nobody else waits for it.
        """
        scheduler, aside = self._writer.scheduler, self._writer.aside
        while items := [
            (due, id)
            for due in self._writer.engine.due(state, at)
            if (id := scheduler.id_of(due)) not in aside
        ]:
            known = store.known_ids(connection, [id for _, id in items])
            for due, id in items:
                aside.add(id)  # tried once in any case
                if (PARTY, id) in known or (PARTY, id) in self._spent:
                    self.broken.append(("due-again", BrokenInvariant("due-again", item=due.item)))
                    continue
                try:
                    item = scheduler.state(due, at)
                except (BrokenInvariant, StatementError) as error:
                    self.broken.append(("due-broken", error))
                    continue
                reply = self._one(state, item, at, first + len(self._leaves), scheduled=True)
                if reply.status == "accepted":
                    aside.discard(id)

    def _twin(self, item: Pending) -> Reply | None:
        """The same id twice in one batch."""
        from ledger.writer.writer import Reply  # noqa: PLC0415  (the two name each other)

        envelope = item.submission.envelope
        spent = self._spent.get((envelope.payload.party, envelope.payload.id))
        if spent is None:
            return None
        digest, offset = spent
        row = self._ids[offset]
        if digest != envelope.payload_sha256:
            return Reply("conflict", index=row["index"], answer={"code": "id-spent"})
        outcome = self._outcomes[offset]
        entry = store.StoredEntry(row["index"], 0, b"", outcome, self._bodies[offset])
        return Reply("replayed", row["index"], answer=answer_of(entry))

    def _one(
        self, state: State, item: Pending, at: int, index: int, *, scheduled: bool = False
    ) -> Reply:
        from ledger.writer.writer import Reply  # noqa: PLC0415  (the two name each other)

        payload = item.submission.envelope.payload
        engine = self._writer.engine
        try:
            signers = engine.authenticate(state, payload, item.declared, at, index)
            for signer in signers:
                if item.keys.get(signer.key) is None:
                    raise NotAuthenticated("key-not-checked", key=signer.key)
            outcome = engine.decide(
                state,
                item.declared,
                payload,
                item.submission.body,
                signers,
                at=at,
                index=index,
            )
            if scheduled and outcome.answer["result"] != "accepted":
                raise BrokenInvariant("due-refused", **outcome.answer)
            self._check_log_key(state)
            leaf = make_leaf(item, outcome, at)
        except NotAuthenticated as error:
            if scheduled:
                self.broken.append(("due-unauthenticated", error))
            return Reply("unauthenticated", answer={"code": error.code, "params": error.params})
        except NotKnown as error:
            if scheduled:
                self.broken.append(("due-unknown", error))
            state.rollback(0)
            return Reply("unsupported", answer={"code": error.code, "params": error.params})
        except Exception as error:
            state.rollback(0)
            self.broken.append(("statement-broken", error))
            return Reply("broken", answer={"code": "statement-broken"})
        self._keep(item, outcome, leaf, index)
        state.settle()
        return Reply(outcome.answer["result"], index, answer=outcome.answer)

    def _check_log_key(self, state: State) -> None:
        """A log key that this host does not hold would leave it unable to sign another head."""
        for change in state.journal:
            if change.kind is LOG_KEY and not self._writer.signer.holds(change.key[0]):
                raise NotKnown("log-key-missing", vkey=change.key[0])

    def _keep(self, item: Pending, outcome: Outcome, leaf: bytes, index: int) -> None:
        envelope = item.submission.envelope
        payload = envelope.payload
        self._spent[payload.party, payload.id] = (envelope.payload_sha256, len(self._leaves))
        self._leaves.append(leaf)
        self._outcomes.append(outcome.data)
        self._bodies.append(make_body(item, outcome))
        self._ids.append(
            {
                "id": payload.id,
                "party": payload.party,
                "digest": envelope.payload_sha256,
                "index": index,
                "type": payload.type,
            }
        )
        self._concerns += [{"index": index, "party": other} for other in outcome.concerned]
        for name, attached in sorted(item.submission.attachments.items()):
            self._attachments.append({"index": index, "name": name, **attached.row()})

    def _write(self, connection: Connection, state: State, head: store.Head, at: int) -> None:
        count = len(self._leaves)
        row = {
            "first": head.size,
            "count": count,
            "at": at,
            "leaves": pack(self._leaves, store.LEAF_PREFIX),
            "outcomes": pack(self._outcomes, store.LONG_PREFIX),
        }
        bodies = {"first": head.size, "bodies": pack(self._bodies, store.LONG_PREFIX)}
        self.edge = self._writer.edge.copy()
        full = self.edge.extend([leaf_hash(leaf) for leaf in self._leaves])
        tiles = [{"level": lv, "number": n, "hashes": data} for lv, n, data in full]
        root = self.edge.root()
        self.new_head = store.Head(head.size + count, root.hex(), head.epoch, at)
        keys = signing(log_keys(state, self._writer.origin), at)
        note = self._writer.signer.sign(self.new_head.size, root, keys)
        signed = {"size": self.new_head.size, "root": root.hex(), "note": note}
        self._writer.advance(connection, self.new_head)
        with bulk.pipelined(connection):
            bulk.insert(connection, tables.segment, [row])
            bulk.insert(connection, tables.segment_body, [bodies])
            bulk.insert(connection, tables.statement, self._ids)
            bulk.insert(connection, tables.concern, self._concerns)
            bulk.insert(connection, tables.attachment, self._attachments)
            bulk.insert(connection, tables.tile, tiles)
            bulk.insert(connection, tables.checkpoint, [signed])
            write_dirty(connection, state)
        erased = [key for kind, key in state.dirty if kind is ATTACHED and erased_at(state, key)]
        erase_contents(connection, sorted(erased))


def erased_at(state: State, key: Key) -> int | None:
    """When an attachment was erased, or None."""
    row = state.get(ATTACHED, *key)
    return None if row is None else row["erased_at"]


def write_dirty(connection: Connection, state: State) -> None:
    """Write every changed row of the state to its projection table, and what sums have grown by."""
    rows: dict[Kind, list[Row]] = {}
    gone: dict[Kind, list[Key]] = {}
    for kind, key in state.dirty:
        row = state.get(kind, *key)
        if row is None:
            gone.setdefault(kind, []).append(key)
        else:
            rows.setdefault(kind, []).append(row)
    for kind in sorted({*rows, *gone}, key=lambda k: k.name):
        store.write_rows(connection, kind, rows.get(kind, []), gone.get(kind, []))
    bulk.grow(connection, tables.tally, "total", totals(state.tallied))
