"""The command ``qingzhang import``: a registry's export into the record, each row accounted for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from ledger.writer.clock import SystemClock
from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.config import Settings, from_environment
from portal.home.opening import open_record
from portal.house import make_engine
from portal.imports.account import Account
from portal.imports.author import author_of
from portal.imports.delivery import Delivery
from portal.imports.errors import ImportFault
from portal.imports.format import Format
from portal.imports.known import FORMATS
from portal.imports.recorded import RecordGround
from portal.imports.rehearsing import rehearse
from portal.processes.entering import entrance
from portal.shell.texts import LANGUAGES, say

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
KEY = "mirror-1.pem"


@click.command("import")
@click.argument("format_name", metavar="FORMAT", required=False)
@click.argument("file", metavar="FILE", required=False, type=FILE)
@click.option(
    "--list",
    "listing",
    is_flag=True,
    help="List the formats, or one, with the columns of their files.",
)
@click.option("--dry-run", is_flag=True, help="Judge every row by the record; nothing is written.")
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The mirror registrar's key, else {KEY} of QINGZHANG_HOME; repeatable.",
)
@click.option("--again", is_flag=True, help="State once more what the ledger refused before.")
@json_option
def import_command(
    format_name: str | None,
    file: Path | None,
    listing: bool,
    dry_run: bool,
    keys: tuple[Path, ...],
    again: bool,
    as_json: bool,
) -> None:
    """Import a registry's export and account for every row; twice changes nothing.

    Exit 1 where a row was not taken, or in a dry run would not be; the report says which and why.
    Where there is no ledger at home, a dry run judges by the file alone, and says so.
    """
    formats = {item.name: item for item in FORMATS}
    if format_name is not None and format_name not in formats:
        raise click.UsageError(f"FORMAT: one of {', '.join(formats)}")
    if listing:
        wanted = formats if format_name is None else [format_name]
        tell(as_json, {name: _described(formats[name]) for name in wanted})
        return
    if format_name is None or file is None:
        raise click.UsageError("FORMAT and FILE are needed, or --list")
    known = formats[format_name]
    try:
        if dry_run:
            told, clean = rehearse(from_environment(), known, file, keys, again)
        else:
            account = record_file(from_environment(), known, file, keys, again)
            told, clean = account.as_json(), account.clean
    except ImportFault as fault:
        raise Failed(REFUSED, fault.code, dict(fault.params)) from fault
    tell(as_json, told)
    if not clean:
        raise Failed(REFUSED, "rows-not-taken")


def _described(known: Format) -> dict[str, Any]:
    title = {language: say(known.title_key, language) for language in LANGUAGES}
    files = {
        spec.name: {"columns": list(spec.read), "also": list(spec.known)} for spec in known.files
    }
    return {"registry": known.registry, "title": title, "files": files}


def record_file(
    settings: Settings, known: Format, file: Path, keys: tuple[Path, ...], again: bool
) -> Account:
    """State what a file asks for. Raises ImportFault before anything is written, for a file that
    is not to its end what it says, and the errors of author, delivery and record.
    """
    survey = known.survey(file)
    files = keys or (settings.keys / KEY,)
    engine = make_engine()
    with entrance(settings) as way:
        record = open_record(settings)
        try:
            author = author_of(engine, record, files, SystemClock(), os.urandom)
            report = known.report()
            account = Account(report)
            acts = known.acts(file, report, RecordGround(record, known.registry, author.party))
            delivery = Delivery(author, way, record, account, again)
            seen = sys.stderr.isatty()  # a bar is for people; in a file it would be noise
            with click.progressbar(
                length=survey.rows, file=sys.stderr, show_pos=True, hidden=not seen
            ) as bar:
                delivery.run(acts, lambda: bar.update(account.settled - bar.pos))
        finally:
            record.database.dispose()
    account.close()
    if report.sha256 != survey.sha256:
        raise ImportFault("file-changed", before=survey.sha256, after=report.sha256)
    return account
