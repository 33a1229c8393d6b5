"""Certificates of retirement: written with all that checks them, and checked offline."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.credits.certificate import check
from ledger.log.note import Verifier
from ledger.parties.key_history import follow
from portal.cli.params import VKEY
from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.config import from_environment
from portal.home.opening import open_record
from portal.proofs.certificates import bundle

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def certificate() -> None:
    """Certificates of retirement."""


@certificate.command()
@click.argument("retirement")
@click.option("-o", "out", required=True, type=FOLDER, help="Write the files into this folder.")
@json_option
def write(retirement: str, out: Path, as_json: bool) -> None:
    """Write the certificate of RETIREMENT with its entry, receipt and keys."""
    record = open_record(from_environment())
    try:
        with record.reading() as connection:
            files = bundle(record, connection, retirement)
    finally:
        record.database.dispose()
    if files is None:
        raise Failed(REFUSED, "retirement-unknown", {"key": retirement})
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (out / name).write_bytes(data)
    tell(as_json, {"folder": str(out), "files": sorted(files)})


@certificate.command()
@click.argument("file", metavar="CERTIFICATE", type=FILE)
@click.option("--vkey", "key", type=VKEY, required=True, help="The pinned verifier key.")
@click.option("--keys", "history", type=FILE, help="How the log's keys followed each other.")
@json_option
def verify(file: Path, key: Verifier, history: Path | None, as_json: bool) -> None:
    """Check a certificate offline and say what it proves; exit 3 where it does not hold."""
    followed = follow(key, history.read_bytes() if history else None)
    good = check(file.read_bytes(), followed.verify_receipt)
    told = {name: value for name, value in good.row.items() if name not in ("at", "index")}
    tell(as_json, {**told, "at": good.at, "index": good.index, "size": good.size})
