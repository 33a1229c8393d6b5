"""Cash: a day's bank file against the record, what is not explained, and what it all comes to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from ledger.accounts.cash.accounts import number_digest
from ledger.accounts.cash.bankfile import BankFile, read_bank_file
from ledger.accounts.cash.errors import BankFileRefused
from ledger.accounts.cash.models import BANK
from ledger.accounts.cash.queries import differences, identity
from ledger.accounts.cash.reconciling import compared
from ledger.parties.reading import reading
from ledger.statements.ed25519 import load_private
from ledger.writer.clock import SystemClock
from portal.cli.asof import DAY, reading_at
from portal.cli.delivering import deliver, need_accepted
from portal.cli.shared import REFUSED, USAGE, Failed, json_option, tell
from portal.cli.statement import home_origin
from portal.config import from_environment
from portal.home.opening import OFFICERS
from portal.house import make_engine
from portal.statements.signing import compose

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
SHOWN = ("kind", "reference", "bank_fen", "ledger_fen", "difference_fen")
STANDING = (*SHOWN, "late_fen", "state")
"""What is shown of a difference on the record: also how much has been put right since."""


@click.group()
def cash() -> None:
    """Cash at the settlement bank."""


@cash.command()
@click.argument("file", type=FILE)
@click.option("--date", "day", required=True, type=DAY, help="The day of the file.")
@click.option("--operator", default="exchange", show_default=True, help="Whose traders' cash.")
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=FILE,
    help="The bank's, else those at home; repeatable.",
)
@click.option("--dry-run", is_flag=True, help="Compare and write nothing.")
@json_option
def reconcile(
    file: Path, day: date, operator: str, keys: tuple[Path, ...], dry_run: bool, as_json: bool
) -> None:
    """Hold the bank's FILE of a day against the record; exit 1 where anything differs.

    FILE: date,reference,direction,account,amount_fen, such as 2026-01-05,T-1,in,622200001,10000 (in
    or out), and last the balance: 2026-01-05,,closing,,990000. Without --dry-run the settlement
    bank states it, and payouts and the next session wait until each difference is explained.
    """
    try:
        read = read_bank_file(file.read_bytes(), day.isoformat())
    except BankFileRefused as error:
        raise Failed(USAGE, error.code, error.params) from error
    found = _compare(read, operator)
    rows = [{"number": n, **row} for n, row in enumerate(found.pop("differences"), 1)]
    told = {"date": read.date, **found, "differences": rows, "stated": not dry_run}
    if not dry_run:
        told["index"] = _state(read, operator, keys)
    tell(as_json, told, _table(rows))
    if rows:
        raise Failed(REFUSED, "cash-differs", {"differences": len(rows)})


@cash.command("differences")
@click.option("--date", "day", type=DAY, help="Of this day; without it all that are open.")
@json_option
def differing(day: date | None, as_json: bool) -> None:
    """What differed between the bank and the record, and how it was explained.

    late_fen is what was put right since, by a late movement or a correction (冲正).
    """
    with reading_at(None) as (connection, *_):
        rows = differences(connection, day.isoformat() if day else None)
    tell(as_json, {"items": rows}, _table(rows, STANDING))


@cash.command()
@json_option
def balance(as_json: bool) -> None:
    """What the omnibus account is held for, in fen; each difference is zero on a sound record."""
    with reading_at(None) as (connection, *_):
        figures = identity(connection)
    tell(as_json, figures)


@cash.command("number")
@click.argument("number")
@json_option
def numbered(number: str, as_json: bool) -> None:
    """The last digits, salt and digest by which an account NUMBER stands on the record."""
    if not (number.isascii() and number.isdigit() and 4 <= len(number) <= 32):
        raise Failed(USAGE, "number-malformed")
    salt = os.urandom(16).hex()
    told = {"tail": number[-4:], "number_salt": salt, "number_sha256": number_digest(number, salt)}
    tell(as_json, told)


def _compare(read: BankFile, operator: str) -> dict[str, Any]:
    """The same as the decision will find, from the record as it is now."""
    with reading_at(None) as (connection, *_):
        context = reading(connection, SystemClock().now(), public=False)
        found = compared(context, read.body(operator))
    return {
        "rows": len(read.rows),
        "movements": len(found.movements),
        "closing_fen": read.closing_fen,
        "ledger_fen": found.ledger_fen,
        "carried_fen": found.carried_fen,
        "differences": [_shown(asdict(difference)) for difference in found.differences],
    }


def _shown(difference: dict[str, Any]) -> dict[str, Any]:
    return {"difference_fen": difference.pop("fen"), **difference}


def _state(read: BankFile, operator: str, keys: Sequence[Path]) -> int:
    """State the file with the bank's keys; raises Failed where the record refuses it."""
    signing = keys or [from_environment().keys / f"{BANK}-{number}.pem" for number in OFFICERS]
    statement = compose(
        make_engine(),
        home_origin(),
        "cash.reconcile",
        BANK,
        read.body(operator),
        [load_private(path) for path in signing],
        now=SystemClock().now(),
        entropy=os.urandom,
    )
    (answer,) = deliver([statement.encode()])
    need_accepted(answer)
    return int(answer["index"])


def _table(rows: Sequence[dict[str, Any]], names: Sequence[str] = SHOWN) -> str:
    """A line a difference; amounts are signed fen, in above zero."""
    if not rows:
        return "none"
    head = f"{'':>4} " + " ".join(f"{name:>14}" for name in names)
    lines = [
        f"{row['number']:>4} "
        + " ".join(f"{'-' if row[name] is None else row[name]:>14}" for name in names)
        for row in rows
    ]
    return "\n".join([head, *lines])
