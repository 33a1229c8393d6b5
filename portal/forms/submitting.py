"""States the rows of a form, each a statement of its own, through the entrance of an import.

A row's statement id is made of form and subject, so that a form that is submitted again finds what
it stated before: the same row is already there, another one is a conflict, and one that was refused
is stated again when it has been changed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from ledger.statements.ed25519 import load_private
from ledger.writer.clock import SystemClock
from ledger.writer.errors import Refusal, Unavailable
from portal.config import Settings
from portal.forms.filled import Filled, read_form
from portal.forms.form import Form
from portal.forms.results import Results
from portal.home.opening import open_record
from portal.house import make_engine
from portal.imports.author import author_of
from portal.imports.delivery import Delivery
from portal.imports.plan import Act
from portal.processes.entering import entrance
from portal.statements.signing import compose, newest


def submit_form(
    settings: Settings, form: Form, path: Path, keys: Sequence[Path], again: bool
) -> Results:
    """State every row that can be; where that stops midway the results say so of the rest.

    Raises SheetFault before anything is stated, and the errors of author and record.
    """
    engine = make_engine()
    declared = newest(engine, form.type)
    read = read_form(form, declared, path)
    results = Results(form, read)
    with entrance(settings) as way:
        record = open_record(settings)
        try:
            clock = SystemClock()
            author = author_of(engine, record, keys, clock, os.urandom, declared.signers)
            delivery = Delivery(author, way, record, results, again)
            seen = sys.stderr.isatty()
            with click.progressbar(
                length=len(read.rows), file=sys.stderr, show_pos=True, hidden=not seen
            ) as bar:
                acts = (act_of(form, row) for row in read.rows if isinstance(row, Filled))
                try:
                    delivery.run(acts, lambda: bar.update(results.settled - bar.pos))
                except (Refusal, Unavailable) as error:
                    results.stop(error)
            # The rows stand on record, whatever the reading back meets.
            with suppress(Unavailable), record.reading() as connection:
                results.told_made(connection, engine.kinds)
        finally:
            record.database.dispose()
    return results


def sign_form(
    form: Form, path: Path, party: str, keys: Sequence[Path], origin: str
) -> tuple[Results, list[bytes]]:
    """The rows as signed statements for whoever has no ledger of its own; nothing is stated.

    A file that is signed twice has the same ids, so a ledger takes each row once. Raises
    SheetFault, OSError, UnsafeKey.
    """
    engine = make_engine()
    read = read_form(form, newest(engine, form.type), path)
    private = [load_private(file) for file in keys]
    now = SystemClock().now()
    signed = []
    for row in read.rows:
        if isinstance(row, Filled):
            act = act_of(form, row)
            made = compose(
                engine, origin, act.type, party, act.body, private,
                now=now, entropy=os.urandom, id=act.id(0),
            )  # fmt: skip
            signed.append(made.encode())
    return Results(form, read), signed


def act_of(form: Form, row: Filled) -> Act:
    """The statement of a row."""
    # The id bears no date: a form has none, and its subject is named once for ever.
    source, key = f"form/{form.name}", row.subject
    return Act(form.type, source, key, 0, row.body, {}, form.name, (row.row,), (("", 0),))
