"""The audit of a whole record: entries are taken apart side by side and replayed in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from ledger.log.note import parse_vkey
from ledger.statements.ed25519 import key_id
from ledger.writer.audit.own import Own, for_party
from ledger.writer.audit.replay import PublicKey, Replay
from ledger.writer.audit.report import Report
from ledger.writer.audit.stored import Stored
from ledger.writer.audit.workers import opened, processes_for_this_machine
from ledger.writer.engine import Engine
from ledger.writer.errors import IntegrityFault, LedgerError
from ledger.writer.store import StoredEntry, read_entries, read_head

Progress = Callable[[int, int], None]


def audit(
    connection: Connection,
    engine: Engine,
    origin: str,
    vkey: str,
    public_key: PublicKey,
    *,
    supervisor: bool = True,
    party: str | None = None,
    hints: Mapping[str, bytes] | None = None,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Audit the whole record of ``origin``; every fault names entry, or table, key, column.

    As supervisor every statement is decided again.  As the public, entries of confidential types
    stay sealed: only the public part of their outcome is applied, after its digest is checked.
    As ``party`` its own entries are read as well, and its rows made from the parts that concern
    it.  An entry whose body has been erased is applied likewise and counted apart, and a statement
    on the record must have given that body up.

    ``vkey`` is the pinned first key of the log.  ``hints`` are public keys by id, so that
    signatures can be checked before the replay comes to them; a hint that is not its id's key is
    not used.  ``processes`` take entries apart beside this one where the log is long.
    """
    report = Report(vkey=vkey)
    head = read_head(connection, origin)
    if head is None:
        report.fault("head-missing", origin=origin)
        return report
    supervisor = supervisor and party is None
    own = None if party is None else Own(party, engine, report)
    replay = Replay(engine, public_key, report, supervisor=supervisor, own=own)
    stored = Stored(connection, origin, parse_vkey(vkey), replay, report)
    entries: Iterable[StoredEntry] = read_entries(connection, 0, head.size)
    if party is not None:
        entries = _read_by(party, entries)
    count = processes_for_this_machine() if processes is None else processes
    proven = {key: public for key, public in (hints or {}).items() if key_id(public) == key}
    chunks = opened(entries, head.size, proven, count, whole=party is None)
    try:
        for chunk, found in chunks:
            for entry, parts in zip(chunk, found, strict=True):
                if entry.index != report.entries:
                    raise IntegrityFault("entry-missing", wanted=report.entries)
                stored.entry(entry.index, parts, replay.entry(entry, parts))
            if progress is not None:
                progress(report.entries, head.size)
    except LedgerError as error:
        report.fault(error.code, **{"index": report.entries, **error.params})
        return report
    finally:
        chunks.close()
    stored.finish(head, engine, supervisor=supervisor)
    return report


def _read_by(party: str, entries: Iterable[StoredEntry]) -> Iterator[StoredEntry]:
    """Entries with no more behind confidential leaves than ``party`` may read."""
    for entry in entries:
        if entry.shown:
            yield entry
        else:
            yield replace(entry, body=for_party(entry.body, party))
