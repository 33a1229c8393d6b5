"""What a database stores beside the entries, held against what the entries make."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from ledger.log.checkpoint import open_checkpoint
from ledger.log.errors import LogError
from ledger.log.note import Verifier, parse_vkey
from ledger.statements.attachments import Attachment
from ledger.writer import tables
from ledger.writer.audit.opening import Opened
from ledger.writer.audit.replay import Read, Replay
from ledger.writer.audit.report import Report
from ledger.writer.audit.streams import Ordered, Tree, stored_tile, stored_tiles
from ledger.writer.engine import Engine
from ledger.writer.log_keys import log_keys, signing
from ledger.writer.projections import differences, tally_differences
from ledger.writer.store import Head


class Stored:
    """The rows of one database, met in the order of the log."""

    def __init__(
        self,
        connection: Connection,
        origin: str,
        verifier: Verifier,
        replay: Replay,
        report: Report,
    ) -> None:
        self._connection = connection
        self._origin = origin
        self._verifier = verifier
        self._replay = replay
        self._report = report
        self._tree = Tree(partial(stored_tile, connection), report)
        self._ids = Ordered(connection, tables.statement, "index")
        self._notes = Ordered(connection, tables.checkpoint, "size")
        self._attachments = Ordered(connection, tables.attachment, "index", "name")
        self._concerns = Ordered(connection, tables.concern, "index", "party")
        self._newest = 0

    def entry(self, index: int, opened: Opened, read: Read) -> None:
        """Compare the rows of one entry with what the replay read of it."""
        self._tree.add(opened.leaf_hash)
        self._check_id(index, opened)
        self._check_attachments(index, read.attachments)
        if read.concerned is not None:
            stored = tuple(row["party"] for row in self._concerns.take(index))
            if stored != read.concerned:
                self._report.fault("concerns-differ", index=index)
        for row in self._notes.take(index + 1):
            self._check_note(row["size"], row["root"], row["note"])

    def finish(self, head: Head, engine: Engine, *, supervisor: bool) -> None:
        """Compare head, leftovers, tiles, what is gone, and every projection row."""
        report, replay = self._report, self._replay
        report.root = self._tree.root().hex()
        if (report.entries, report.root, replay.at) != (head.size, head.root, head.at):
            report.fault("head-differs", size=head.size)
        for size in sorted(self._notes.close()):
            report.fault("checkpoint-beyond", size=size)
        for index in sorted(self._ids.close()):
            report.fault("statement-row-differs", index=index)
        for index in sorted(self._attachments.close()):
            report.fault("attachments-differ", index=index)
        for index in sorted(self._concerns.close()) if supervisor else ():
            report.fault("concerns-differ", index=index)
        if self._newest != head.size:
            report.fault("checkpoint-missing", size=head.size)
        if (stored := stored_tiles(self._connection)) > self._tree.tiles:
            report.fault("tile-beyond", stored=stored, full=self._tree.tiles)
        report.faults += replay.gone.unexplained(replay.state, supervisor=supervisor)
        self._check_projections(engine, supervisor=supervisor)

    def _check_projections(self, engine: Engine, *, supervisor: bool) -> None:
        report, replay = self._report, self._replay
        for kind in engine.kinds.values():
            if supervisor or kind.public:
                found = differences(self._connection, kind, replay.state)
            elif replay.own is not None:
                found = differences(
                    self._connection, kind, replay.own.state, partial(replay.own.concerned, kind)
                )
            else:
                continue
            for difference in found:
                report.fault("projection-differs", table=kind.table.name, **difference)
        if supervisor:  # the sums are over private rows
            kinds = engine.kinds.values()
            for difference in tally_differences(self._connection, kinds, replay.state):
                report.fault("projection-differs", table=tables.tally.name, **difference)

    def _check_id(self, index: int, opened: Opened) -> None:
        rows = self._ids.take(index)
        payload = opened.payload
        if payload is None and not opened.faults:
            return  # sealed: whose it is cannot be told
        stored = [(r["party"], r["id"], r["digest"], r["type"]) for r in rows]
        stated = payload and (payload.party, payload.id, opened.payload_sha256, payload.type)
        if stored != [stated]:
            self._report.fault("statement-row-differs", index=index)

    def _check_note(self, size: int, root_text: str, note: str) -> None:
        report, root = self._report, self._tree.root()
        self._newest = size
        rows = log_keys(self._replay.state, self._origin)
        if not rows or rows[0]["vkey"] != self._verifier.vkey:
            report.fault("log-key-differs", size=size)
            return
        keys = [parse_vkey(vkey) for vkey in signing(rows, self._replay.at)]
        try:
            head, signed = open_checkpoint(note, keys)
        except LogError as error:
            report.fault("checkpoint-broken", size=size, reason=error.code)
            return
        stated = (head.origin, head.size, head.root)
        if stated != (self._origin, size, root) or len(signed) < len(keys):
            report.fault("checkpoint-differs", size=size)
        if root_text != root.hex():
            report.fault("checkpoint-row-differs", size=size)
        report.checkpoints += 1

    def _check_attachments(self, index: int, stated: dict[str, str] | None) -> None:
        """Hold what is stored against the digests stated, where the body can be read."""
        rows = self._attachments.take(index)
        if stated is not None and {row["name"] for row in rows} != set(stated):
            self._report.fault("attachments-differ", index=index)
        for row in rows:
            name, digest = row["name"], row["digest"]
            if row["content"] is not None:
                digest = Attachment(name, row["media_type"], row["salt"], row["content"]).digest
            elif row["salt"] is None and row["media_type"] is None:
                self._replay.gone.attachments.add((index, name))
                self._report.attachments_erased += 1
            else:
                digest = None
            if digest != row["digest"] or (stated is not None and digest != stated.get(name)):
                self._report.fault("attachment-differs", index=index, name=name)
