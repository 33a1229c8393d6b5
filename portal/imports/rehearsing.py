"""A dry run: every act judged by the record as the import would find it, and nothing written."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ledger.parties.queries import only_speaker, people_of
from ledger.statements.errors import Malformed
from ledger.writer.clock import SystemClock
from ledger.writer.errors import Unavailable
from ledger.writer.rehearsal import Rehearsal
from ledger.writer.store import batched
from portal.config import Settings
from portal.home.opening import open_record
from portal.home.record import Record
from portal.house import make_engine
from portal.imports.account import Account
from portal.imports.author import author_of
from portal.imports.delivery import WINDOW_ACTS, settled_before
from portal.imports.format import Format
from portal.imports.ground import NoGround
from portal.imports.recorded import RecordGround
from portal.imports.standing import look_up
from portal.statements.signing import newest

FIRST = "mirror.project"
"""What every import states: whoever may, may state all of it."""
FILE_ALONE, RECORD = "file", "record"
"""By what a dry run judges: where there is no ledger at home, by the file alone."""


def rehearse(
    settings: Settings, known: Format, file: Path, keys: Sequence[Path], again: bool
) -> tuple[dict[str, Any], bool]:
    """What would become of each row, and whether all of it would be on record afterwards.

    The rows are those of the party of ``keys``, else of the one that mirrors. Raises ImportFault,
    Refusal ``speaker-unknown`` where nobody or several may mirror, and the errors of the author.
    """
    try:
        record = open_record(settings)
    except Unavailable as error:
        if error.code != "ledger-missing" or keys:
            raise
        return _by_file(known, file)
    try:
        account = _by_record(record, known, file, keys, again)
    finally:
        record.database.dispose()
    account.close()
    return {**account.as_json(), "judged": RECORD}, account.clean


def _by_file(known: Format, file: Path) -> tuple[dict[str, Any], bool]:
    report = known.report()
    acts = Counter(act.type for act in known.acts(file, report, NoGround()))
    told = {**report.as_json(), "acts": dict(sorted(acts.items())), "judged": FILE_ALONE}
    return told, not report.refused


def _by_record(
    record: Record, known: Format, file: Path, keys: Sequence[Path], again: bool
) -> Account:
    engine, clock = make_engine(), SystemClock()
    if keys:
        party = author_of(engine, record, keys, clock, os.urandom).party
    else:
        with record.reading() as connection:
            party = only_speaker(connection, newest(engine, FIRST))
    account = Account(report := known.report())
    acts = known.acts(file, report, RecordGround(record, known.registry, party))
    with record.reading() as connection:
        people = people_of(connection, party)
        rehearsal = Rehearsal(engine, connection, record.origin, clock.now())
        moved = again
        for window in batched(acts, WINDOW_ACTS):
            for item in look_up(connection, party, window):
                act, before = item.act, settled_before(item, moved)
                if before is not None:
                    account.settle(before[0], act, **before[1])
                    continue
                declared = newest(engine, act.type)
                id = act.id(item.refusals)
                try:
                    made = rehearsal.decide(declared, party, act.body, people, id=id)
                except Malformed as error:
                    params = {"field": error.field, **error.params}
                    account.settle("refused", act, code=error.code, params=params, index=None)
                    continue
                moved = True
                if made.faults:
                    first = made.faults[0]
                    why = {"code": first.code, "params": dict(first.params), "index": None}
                    account.settle("refused", act, **why)
                else:
                    account.settle("written", act)
    return account
