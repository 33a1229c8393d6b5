"""The audit of a log that is read from afar: only what anyone may read, and no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ledger.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.log.errors import LogError
from ledger.log.note import parse_vkey
from ledger.writer.audit.replay import PublicKey, Replay
from ledger.writer.audit.report import Report
from ledger.writer.audit.streams import ReadTile, Tree
from ledger.writer.audit.workers import opened, processes_for_this_machine
from ledger.writer.engine import Engine
from ledger.writer.errors import IntegrityFault, LedgerError
from ledger.writer.log_keys import log_keys, signing
from ledger.writer.store import StoredEntry


class Known(NamedTuple):
    """A tree head that was verified before: the log must extend it."""

    size: int
    root: bytes


def audit_published(
    entries: Iterable[StoredEntry],
    note: str,
    engine: Engine,
    public_key: PublicKey,
    read_tile: ReadTile,
    *,
    vkey: str | None = None,
    known: Known | None = None,
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Audit what a log publishes; confidential entries stay sealed and are counted.

    ``entries`` come in order, up to the size that the signed checkpoint ``note`` states; their
    ``body`` is empty behind a confidential leaf.  ``read_tile`` gives a published full tile.
    Without a pinned ``vkey`` the log is held against the key that its own genesis states: a log
    that is whole in itself, but nobody says whose.  ``known`` is a head verified earlier; a log
    that does not extend it has forked, which is the fault ``fork``.
    """
    report = Report(vkey=vkey or "")
    try:
        head = parse_checkpoint(note.partition("\n\n")[0] + "\n")
    except LogError as error:
        report.fault("checkpoint-broken", size=0, reason=error.code)
        return report
    if known is not None and known.size > head.size:
        report.fault("fork", known=known.size, size=head.size)
        return report
    replay = Replay(engine, public_key, report, supervisor=False)
    tree = Tree(read_tile, report)
    count = processes_for_this_machine() if processes is None else processes
    chunks = opened(entries, head.size, {}, count)
    try:
        for chunk, found in chunks:
            for entry, parts in zip(chunk, found, strict=True):
                if entry.index != report.entries or entry.index >= head.size:
                    raise IntegrityFault("entry-missing", wanted=report.entries)
                replay.entry(entry, parts)
                tree.add(parts.leaf_hash)
                if known is not None and _forked(known, report.entries, tree):
                    raise IntegrityFault("fork", known=known.size, size=head.size)
            if progress is not None:
                progress(report.entries, head.size)
    except LedgerError as error:
        report.fault(error.code, **{"index": report.entries, **error.params})
        return report
    finally:
        chunks.close()
    root = tree.root()
    report.root = root.hex()
    if (report.entries, root) != (head.size, head.root):
        report.fault("head-differs", size=head.size)
    _check_head(head, note, replay, report)
    report.faults += replay.gone.unexplained(replay.state, supervisor=False)
    return report


def _forked(known: Known, size: int, tree: Tree) -> bool:
    return known.size == size and known.root != tree.root()


def _check_head(head: Checkpoint, note: str, replay: Replay, report: Report) -> None:
    """Whether the keys that the log itself has come to sign its newest head."""
    rows = log_keys(replay.state, head.origin)
    if not rows or report.vkey not in ("", rows[0]["vkey"]):
        report.fault("log-key-differs", size=head.size)
        return
    report.vkey = rows[0]["vkey"]
    keys = [parse_vkey(key) for key in signing(rows, replay.at)]
    try:
        _, signed = open_checkpoint(note, keys)
    except LogError as error:
        report.fault("checkpoint-broken", size=head.size, reason=error.code)
        return
    if len(signed) < len(keys):
        report.fault("checkpoint-differs", size=head.size)
    report.checkpoints += 1
