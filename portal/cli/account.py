"""Accounts: their books, and proving offline what one held."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from ledger.accounts.commitments import confirmation
from ledger.accounts.commitments.certificate import check
from ledger.accounts.commitments.queries import confirm as prove_all
from ledger.accounts.commitments.queries import prove_holding
from ledger.log.note import Verifier
from ledger.parties.key_history import follow
from ledger.parties.parameters import midnight
from portal.books import as_lines, as_table, read_book
from portal.cli.asof import DAY, need_order, reading_at
from portal.cli.params import VKEY, Whole
from portal.cli.reports import COMMANDS as REPORTS
from portal.cli.shared import json_option, tell
from portal.config import from_environment
from portal.opening import open_record

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
OUT = click.Path(path_type=Path, dir_okay=False)


@click.group()
def account() -> None:
    """Accounts: holding certificates and confirmations of balances."""


@account.command()
@click.argument("account")
@click.argument("asset")
@click.option("--as-of", type=Whole(1), help="Newest commitment up to this log size.")
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
    need_order(start, end)
    with reading_at(None) as (connection, size, *_):
        found = read_book(connection, size, account, start, end, asset)
    shape = as_table if out.suffix == ".csv" else as_lines
    with out.open("wb") as file:
        file.writelines(shape(found))
    tell(as_json, {"book": str(out), "account": account, "movements": len(found.movements)})


@account.command()
@click.argument("party")
@click.option("--as-of", "day", type=DAY, help="The last commitment of this day in Shanghai.")
@click.option("-o", "out", required=True, type=OUT, help="Write the confirmation here.")
@json_option
def confirm(party: str, day: date | None, out: Path, as_json: bool) -> None:
    """Confirm all that PARTY held (询证函回函), by the newest commitment or that of a day."""
    record = open_record(from_environment())
    try:
        with record.reading() as connection:
            size = record.head(connection).size
            proof = partial(record.receipt, connection)
            before = None if day is None else midnight(day.isoformat(), 1)
            made = prove_all(connection, size, party, proof, before=before)
    finally:
        record.database.dispose()
    out.write_bytes(made)
    tell(as_json, {"confirmation": str(out), "party": party})


@account.command()
@click.argument("certificate", type=FILE)
@click.option("--vkey", "key", type=VKEY, required=True, help="The pinned verifier key.")
@click.option("--keys", "history", type=FILE, help="How the log's keys followed each other.")
@json_option
def verify(certificate: Path, key: Verifier, history: Path | None, as_json: bool) -> None:
    """Check a holding certificate or a confirmation offline; exit 3 where it does not hold."""
    followed = follow(key, history.read_bytes() if history else None)
    data = certificate.read_bytes()
    if f'"format":"{confirmation.FORMAT}"'.encode() in data:
        tell(as_json, _confirmed(confirmation.check(data, followed.verify_receipt)))
        return
    good = check(data, followed.verify_receipt)
    told: dict[str, Any] = {"account": good.account, "asset": good.asset, **good.units}
    tell(as_json, {**told, "as_of_size": good.size, "at": good.at, "signers": good.signers})


def _confirmed(good: confirmation.Confirmation) -> dict[str, Any]:
    holdings = [{"account": h.account, "asset": h.asset, **h.units} for h in good.holdings]
    told: dict[str, Any] = {"party": good.party, "holdings": holdings, "root": good.root}
    return {**told, "as_of_size": good.size, "at": good.at, "signers": good.signers}


for report in REPORTS:
    account.add_command(report)
