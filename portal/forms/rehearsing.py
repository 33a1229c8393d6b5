"""What would become of the rows of a form: each decided by the record's own code, none stated.

A row meets what the earlier rows of the same form would have done, and what is on record already,
as when the form is submitted.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from ledger.parties.models import KEY, PARTY
from ledger.parties.queries import only_speaker, people_of, signing_order
from ledger.statements.ed25519 import key_id, public_bytes
from ledger.writer.clock import SystemClock
from ledger.writer.context import Signer
from ledger.writer.errors import Refusal, Unavailable
from ledger.writer.rehearsal import Rehearsal
from ledger.writer.store import Rows, batched
from portal.config import Settings
from portal.forms.filled import Fault, Filled, read_form
from portal.forms.form import Form
from portal.forms.results import FORM_ALONE, RECORD, Results
from portal.forms.submitting import act_of
from portal.home.opening import open_record
from portal.house import make_engine
from portal.imports.author import author_of
from portal.imports.delivery import WINDOW_ACTS, settled_before
from portal.imports.standing import look_up
from portal.statements.signing import newest

People = tuple[Signer, ...]


def rehearse_form(
    settings: Settings,
    form: Form,
    path: Path,
    keys: Sequence[Path],
    party: str | None,
    again: bool,
) -> Results:
    """Judge a filled form by the record, or, where there is none here, by its form alone.

    The rows are those of the party of ``keys``, else of ``party``, else of the only one that may
    state them. Raises SheetFault, Refusal ``speaker-unknown`` where there are several and
    ``party-unknown``, and the errors of the author.
    """
    engine = make_engine()
    declared = newest(engine, form.type)
    read = read_form(form, declared, path)
    try:
        record = open_record(settings)
    except Unavailable as error:
        if error.code != "ledger-missing" or keys or party:
            raise
        return Results(form, read, FORM_ALONE)
    results = Results(form, read, RECORD)
    clock = SystemClock()
    try:
        if keys:
            author = author_of(engine, record, keys, clock, os.urandom, declared.signers)
            party, named = author.party, {key_id(public_bytes(key)) for key in author.keys}
        with record.reading() as connection:
            speaker = party or only_speaker(connection, declared)
            if Rows(connection).row(PARTY, (speaker,)) is None:
                raise Refusal("party-unknown", key=speaker)
            people = (
                _signers(connection, speaker, named) if keys else people_of(connection, speaker)
            )
            rehearsal = Rehearsal(engine, connection, record.origin, clock.now())
            moved = again
            acts = (act_of(form, row) for row in read.rows if isinstance(row, Filled))
            for window in batched(acts, WINDOW_ACTS):
                for item in look_up(connection, speaker, window):
                    before = settled_before(item, moved)
                    if before is not None:
                        results.settle(before[0], item.act, **before[1])
                        continue
                    moved = True
                    made = rehearsal.decide(
                        declared,
                        speaker,
                        item.act.body,
                        people,
                        id=item.act.id(item.refusals),
                        least=len(people) if keys else 1,
                    )
                    if made.faults:
                        results.fail(item.act.rows[0], "refused", _faults(form, made.faults))
                    else:
                        results.ready(item.act)
            results.told_made(connection, engine.kinds)
    finally:
        record.database.dispose()
    return results


def _faults(form: Form, faults: Sequence[Refusal]) -> list[Fault]:
    """Each rule once, with the column of the field that it names."""
    found = [
        Fault(f.code, form.column_of(f.params.get("field", "")), dict(f.params)) for f in faults
    ]
    return [fault for place, fault in enumerate(found) if fault not in found[:place]]


def _signers(connection: Connection, speaker: str, keys: set[str]) -> People:
    rows = (Rows(connection).row(KEY, (key,)) for key in sorted(keys))
    people = (Signer(r["key"], r["operator"], r["person"]) for r in rows if r is not None)
    return signing_order(connection, speaker, people)
