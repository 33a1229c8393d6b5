"""Audits as a command runs them: of the ledger at home, or of a log behind an address."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ledger.log.checkpoint import Checkpoint, parse_checkpoint
from ledger.log.errors import LogError
from ledger.log.note import parse_vkey
from ledger.parties.authority import public_key, stored_public_keys
from ledger.parties.models import PARTY
from ledger.writer.audit import Known, Report, audit, audit_published
from ledger.writer.errors import Refusal, Unavailable
from ledger.writer.store import Rows
from portal.config import from_environment
from portal.home.opening import open_record
from portal.house import make_engine
from portal.proofs.published import Published

Progress = Callable[[int, int], None] | None


def audit_home(*, supervisor: bool, party: str | None, progress: Progress) -> Report:
    """Audit the record of QINGZHANG_HOME; raises Refusal ``party-unknown``."""
    record = open_record(from_environment())
    try:
        with record.reading() as connection:
            if party is not None and Rows(connection).row(PARTY, (party,)) is None:
                raise Refusal("party-unknown", key=party)
            try:
                hints = stored_public_keys(connection)
            except ValueError:  # a stored key is broken; the replay does without and names it
                hints = {}
            return audit(
                connection,
                make_engine(),
                record.origin,
                record.vkey,
                public_key,
                supervisor=supervisor,
                party=party,
                hints=hints,
                progress=progress,
            )
    finally:
        record.database.dispose()


def audit_url(url: str, vkey: str | None, state: Path | None, progress: Progress) -> Report:
    """Audit a log from its public address alone.

    ``state`` keeps the signed head that held, so that the next audit finds a log which has gone
    back or has forked since.  Raises Unavailable, ``state-unreadable`` and ``origin-differs`` (it
    is the head of another log) among them: a wrong file is no fault of the log.
    """
    kept = _kept(state)
    with Published(url) as published:
        note = published.checkpoint()
        # A pinned key names the log; what the server calls itself could excuse a fork.
        origin = parse_vkey(vkey).name if vkey else note.partition("\n")[0]
        if kept is not None and kept.origin != origin:
            raise Unavailable(
                "origin-differs", retry=False, ledger=origin, asked=kept.origin, file=str(state)
            )
        size = _size(note)
        report = audit_published(
            published.entries(size),
            note,
            make_engine(),
            public_key,
            published.tile,
            vkey=vkey,
            known=None if kept is None else Known(kept.size, kept.root),
            progress=progress,
        )
    if state is not None and not report.faults:
        fresh = state.with_name(f"{state.name}.new")
        fresh.write_text(note, "utf-8")
        os.replace(fresh, state)
    return report


def _size(note: str) -> int:
    try:
        return parse_checkpoint(note.partition("\n\n")[0] + "\n").size
    except LogError:
        return 0  # the audit says what is wrong with it


def _kept(state: Path | None) -> Checkpoint | None:
    if state is None or not state.exists():
        return None
    try:
        return parse_checkpoint(state.read_text("utf-8").partition("\n\n")[0] + "\n")
    except (LogError, UnicodeDecodeError) as error:
        raise Unavailable("state-unreadable", retry=False, file=str(state)) from error
