"""Accounts: their books, and proving offline what one held."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from ledger.accounts.commitments.certificate import check
from ledger.accounts.commitments.queries import prove_holding
from ledger.log.note import Verifier
from ledger.parties.key_history import follow
from portal.books import as_lines, as_table, read_book
from portal.cli.asof import DAY
from portal.cli.params import VKEY
from portal.cli.shared import json_option, tell
from portal.config import from_environment
from portal.opening import open_record

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
OUT = click.Path(path_type=Path, dir_okay=False)


@click.group()
def account() -> None:
    """Accounts: books and holding certificates."""


@account.command()
@click.argument("account")
@click.argument("asset")
@click.option("--as-of", type=click.IntRange(1), help="Newest commitment up to this log size.")
@click.option("-o", "out", required=True, type=OUT, help="Write the certificate here.")
@json_option
def prove(account: str, asset: str, as_of: int | None, out: Path, as_json: bool) -> None:
    """Certify what ACCOUNT (party/registry, party/trading) held of ASSET (a batch, CNY)."""
    record = open_record(from_environment())
    try:
        with record.reading() as connection:
            size = record.head(connection).size
            made = prove_holding(
                connection,
                size,
                account,
                asset,
                lambda index: record.receipt(connection, index),
                as_of,
            )
    finally:
        record.database.dispose()
    out.write_bytes(made)
    tell(as_json, {"certificate": str(out), "account": account, "asset": asset})


@account.command()
@click.argument("account")
@click.option("--from", "start", type=DAY, help="First day; from the beginning without it.")
@click.option("--to", "end", type=DAY, help="Last day; up to now without it.")
@click.option("--asset", help="Of one batch alone, or of CNY.")
@click.option(
    "-o", "out", required=True, type=OUT, help="A .csv for spreadsheets, else JSON lines."
)
@json_option
def book(
    account: str, start: date | None, end: date | None, asset: str | None, out: Path, as_json: bool
) -> None:
    """Write the book of ACCOUNT: every movement, with what was held before, between, after."""
    record = open_record(from_environment())
    try:
        with record.reading() as connection:
            found = read_book(connection, record.head(connection).size, account, start, end, asset)
    finally:
        record.database.dispose()
    shape = as_table if out.suffix == ".csv" else as_lines
    with out.open("wb") as file:
        file.writelines(shape(found))
    tell(as_json, {"book": str(out), "account": account, "movements": len(found.movements)})


@account.command()
@click.argument("certificate", type=FILE)
@click.option("--vkey", "key", type=VKEY, required=True, help="The pinned verifier key.")
@click.option("--keys", "history", type=FILE, help="How the log's keys followed each other.")
@json_option
def verify(certificate: Path, key: Verifier, history: Path | None, as_json: bool) -> None:
    """Check a holding certificate offline; exit 3 where it does not hold."""
    followed = follow(key, history.read_bytes() if history else None)
    good = check(certificate.read_bytes(), followed.verify_receipt)
    told: dict[str, Any] = {"account": good.account, "asset": good.asset, **good.units}
    tell(as_json, {**told, "as_of_size": good.size, "at": good.at, "signers": good.signers})
