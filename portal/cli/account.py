"""Accounts: their books, and proving offline what one held."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection, exists, select

from ledger.accounts.commitments import confirmation
from ledger.accounts.commitments.certificate import check
from ledger.accounts.commitments.queries import AsOf, Proved, Receipt, prove_holding
from ledger.accounts.commitments.queries import confirm as prove_all
from ledger.accounts.models import BALANCE
from ledger.log.note import Verifier
from ledger.parties.key_history import follow
from ledger.statements.instants import format_instant
from ledger.writer.store import Head, read_head
from portal.cli.asof import DAY, as_of_option, need_order, reading_at
from portal.cli.params import VKEY
from portal.cli.reports import COMMANDS as REPORTS
from portal.cli.shared import INTEGRITY, REFUSED, Failed, json_option, tell
from portal.config import from_environment
from portal.home.opening import open_record
from portal.proofs.books import as_lines, as_table, read_book

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
OUT = click.Path(path_type=Path, dir_okay=False)


@click.group()
def account() -> None:
    """Accounts: holding certificates and confirmations of balances."""


@account.command()
@click.argument("account")
@click.argument("asset")
@as_of_option
@click.option("-o", "out", required=True, type=OUT, help="Write the certificate here.")
@json_option
def prove(account: str, asset: str, asked: AsOf, out: Path, as_json: bool) -> None:
    """Certify what ACCOUNT (party/registry, party/trading) held of ASSET (a batch, CNY)."""
    with _proving() as (connection, head, proof):
        made = prove_holding(connection, head, account, asset, proof, asked)
    out.write_bytes(made.content)
    tell(as_json, {"certificate": str(out), "account": account, "asset": asset, **_rests_on(made)})


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
        there = select(exists().where(BALANCE.table.c.account == account))
        if not connection.execute(there).scalar_one():
            raise Failed(REFUSED, "account-unknown", {"key": account})
        found = read_book(connection, size, account, start, end, asset)
    shape = as_table if out.suffix == ".csv" else as_lines
    with out.open("wb") as file:
        file.writelines(shape(found))
    tell(as_json, {"book": str(out), "account": account, "movements": len(found.movements)})


@account.command()
@click.argument("party")
@as_of_option
@click.option("-o", "out", required=True, type=OUT, help="Write the confirmation here.")
@json_option
def confirm(party: str, asked: AsOf, out: Path, as_json: bool) -> None:
    """Confirm all that PARTY held (询证函回函), by the newest commitment or that of a day."""
    with _proving() as (connection, head, proof):
        made = prove_all(connection, head, party, proof, asked)
    out.write_bytes(made.content)
    tell(as_json, {"confirmation": str(out), "party": party, **_rests_on(made)})


@contextmanager
def _proving() -> Iterator[tuple[Connection, Head, Receipt]]:
    """The record with its head, and what gives the receipt of an entry."""
    record = open_record(from_environment())
    try:
        with record.reading() as connection:
            head = read_head(connection, record.origin) or Head(0, "", 0, 0)
            yield connection, head, partial(record.receipt, connection)
    finally:
        record.database.dispose()


def _rests_on(made: Proved) -> dict[str, Any]:
    """The commitment behind a packet: its log size and its time."""
    return {"as_of_size": made.size, "at": format_instant(made.at)}


@account.command()
@click.argument("certificate", type=FILE)
@click.option("--vkey", "key", type=VKEY, required=True, help="The pinned verifier key.")
@click.option("--keys", "history", type=FILE, help="How the log's keys followed each other.")
@click.option("--listed", is_flag=True, help="Take a confirmation that proves what it lists alone.")
@json_option
def verify(
    certificate: Path, key: Verifier, history: Path | None, listed: bool, as_json: bool
) -> None:
    """Check a holding certificate or a confirmation offline; exit 3 where it does not hold.

    A confirmation must prove that it lists everything. One that rests on what a ledger committed
    to before its engine version 4 cannot, and holds with --listed.
    """
    followed = follow(key, history.read_bytes() if history else None)
    data = certificate.read_bytes()
    if f'"format":"{confirmation.FORMAT}"'.encode() in data:
        whole = confirmation.check(data, followed.verify_receipt)
        tell(as_json, _confirmed(whole))
        if not whole.complete and not listed:
            raise Failed(INTEGRITY, "confirmation-incomplete")
        return
    good = check(data, followed.verify_receipt)
    told: dict[str, Any] = {"account": good.account, "asset": good.asset, **good.units}
    tell(as_json, {**told, "as_of_size": good.size, "at": good.at, "signers": good.signers})


def _confirmed(good: confirmation.Confirmation) -> dict[str, Any]:
    holdings = [{"account": h.account, "asset": h.asset, **h.units} for h in good.holdings]
    told: dict[str, Any] = {"party": good.party, "holdings": holdings, "root": good.root}
    told["complete"] = good.complete
    return {**told, "as_of_size": good.size, "at": good.at, "signers": good.signers}


for report in REPORTS:
    account.add_command(report)
